using SupportTickets.Data;

namespace SupportTickets.Tickets;

/// <summary>How a text sounds.</summary>
/// <param name="Sentiment">Mood; <see cref="Sentiment.neutral"/> from the fallback.</param>
/// <param name="UrgencyScore">0 to 100; 50 from the fallback.</param>
public record Score(Sentiment Sentiment, int UrgencyScore)
{
    /// <summary>Nobody gave a score: a new ticket starts with this one, a ticket that exists keeps the one it has.</summary>
    public static readonly Score Fallback = new(Sentiment.neutral, 50) { IsFallback = true };

    /// <summary>Nobody was asked yet: the ticket is to be scored later.</summary>
    public static readonly Score Deferred = Fallback with { Pending = true };

    /// <summary>Whether nobody gave it.</summary>
    public bool IsFallback { get; protected init; }

    /// <summary>The provider was set but gave no usable answer: the ticket is to be scored again later.</summary>
    public bool Pending { get; init; }
}

/// <summary>The suggestions a person saw when creating a ticket.</summary>
/// <param name="Classification">The key of the suggestion of category and priority.</param>
/// <param name="Title">The key of the suggestion of a title.</param>
public sealed record SeenSuggestions(Guid? Classification, Guid? Title)
{
    /// <summary>A program created the ticket, or the person saw none.</summary>
    public static readonly SeenSuggestions None = new(null, null);
}

/// <summary>What the core needs of those who score texts and suggest what is in them.</summary>
public interface IScoring
{
    /// <summary>Scores a text. Never fails: without a usable answer it gives the fallback.</summary>
    Task<Score> ScoreAsync(string title, string description, CancellationToken cancel);

    /// <summary>
    /// The score to store while a transaction is open: it must not hold its locks as long as a provider takes to answer,
    /// so the ticket gets a job, which comes true with the transaction.
    /// </summary>
    /// <param name="asked">What was answered about a text that the ticket does not have any more: its record is kept. Null for
    /// none.</param>
    Score ScoreLater(Score? asked = null);

    /// <summary>Adds the record of a score, and a job if it is pending, to what is saved with a new ticket.</summary>
    void Keep(TicketDb db, Ticket ticket, Score score);

    /// <summary>
    /// Adds the record of a score to what is saved with a ticket that exists: an answer ends its job, if it has one, and anything
    /// else renews it.
    /// </summary>
    Task KeepAsync(TicketDb db, Ticket ticket, Score score, CancellationToken cancel);

    /// <summary>Takes back the job of a ticket that is to be deleted, with what is saved with it.</summary>
    Task ForgetAsync(TicketDb db, int ticketId, CancellationToken cancel);

    /// <summary>Notes on the suggestions a person saw what the ticket was created with. Unknown or used ids are passed over.</summary>
    Task LinkAsync(TicketDb db, SeenSuggestions seen, Ticket ticket, CancellationToken cancel);
}
