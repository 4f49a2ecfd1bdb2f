using SupportTickets.Data;

namespace SupportTickets.Tickets;

/// <summary>The sentiment and urgency of a text.</summary>
/// <param name="Sentiment">Mood; <see cref="Sentiment.neutral"/> from the fallback.</param>
/// <param name="UrgencyScore">0 to 100; 50 from the fallback.</param>
public record Score(Sentiment Sentiment, int UrgencyScore)
{
    /// <summary>Stands for no score.</summary>
    public static readonly Score Fallback = new(Sentiment.neutral, 50) { IsFallback = true };

    /// <summary>
    /// Whether it only stands in for an answer that nobody could give. A new ticket gets it; an existing ticket keeps the score it has.
    /// </summary>
    public bool IsFallback { get; init; }

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

/// <summary>What the core needs from scoring and suggestions.</summary>
public interface IScoring
{
    /// <summary>Scores a text. Never fails: without a usable answer it gives the fallback.</summary>
    Task<Score> ScoreAsync(string title, string description, CancellationToken cancel);

    /// <summary>
    /// The score to store in an open transaction, which must not hold its locks while a provider answers. Instead the ticket gets a
    /// job, which is committed with the transaction.
    /// </summary>
    /// <param name="title">The title of the ticket.</param>
    /// <param name="description">Its description.</param>
    /// <param name="asked">An answer about a text that the ticket no longer has: its record is stored all the same. Null for none.</param>
    Score ScoreLater(string title, string description, Score? asked = null);

    /// <summary>Adds the record of a score, and a job if it is pending, to what is saved with a new ticket.</summary>
    void Keep(TicketDb db, Ticket ticket, Score score);

    /// <summary>
    /// Adds the record of a score to what is saved with an existing ticket. An answer deletes the ticket's job, if there is one;
    /// anything else renews it.
    /// </summary>
    Task KeepAsync(TicketDb db, Ticket ticket, Score score, CancellationToken cancel);

    /// <summary>Deletes the job of a ticket together with the ticket.</summary>
    Task ForgetAsync(TicketDb db, int ticketId, CancellationToken cancel);

    /// <summary>
    /// Records for each suggestion that a person saw which value the ticket was created with. Unknown or used ids are ignored.
    /// </summary>
    Task LinkAsync(TicketDb db, SeenSuggestions seen, Ticket ticket, CancellationToken cancel);
}
