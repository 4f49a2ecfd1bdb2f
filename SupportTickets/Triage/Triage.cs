using SupportTickets.Tickets;

namespace SupportTickets.Triage;

/// <summary>A suggested category and priority for a description.</summary>
/// <param name="Category">Suggested; <see cref="Category.general"/> from the fallback.</param>
/// <param name="Priority">Suggested; <see cref="Priority.low"/> from the fallback.</param>
/// <param name="SuggestionId">The id of its stored record, to link it to the ticket later; null when none was stored.</param>
public sealed record Classification(Category Category, Priority Priority, Guid? SuggestionId)
{
    /// <summary>A person is shown only what is at least this likely to be right. Programs get the best guess.</summary>
    public const double MinConfidence = 0.45;

    /// <summary>Whether nobody suggested it: nobody could be asked, or gave a usable answer.</summary>
    public bool IsFallback { get; init; }

    /// <summary>Who suggested it: the name of a model, or "built-in"; null for the fallback.</summary>
    public string? Source { get; init; }

    /// <summary>How likely the category is right, 0 to 1; 1 where the provider does not say.</summary>
    public double CategoryConfidence { get; init; } = 1;

    /// <summary>How likely the priority is right, 0 to 1; 1 where the provider does not say.</summary>
    public double PriorityConfidence { get; init; } = 1;

    /// <summary>The category for a person; null where nobody is sure enough.</summary>
    public Category? SureCategory => !IsFallback && CategoryConfidence >= MinConfidence ? Category : null;

    /// <summary>The priority for a person; null where nobody is sure enough.</summary>
    public Priority? SurePriority => !IsFallback && PriorityConfidence >= MinConfidence ? Priority : null;
}

/// <summary>A suggested title for a description.</summary>
/// <param name="Title">1 to 120 code points.</param>
/// <param name="SuggestionId">The id of its stored record, to link it to the ticket later; null when none was stored.</param>
public sealed record TitleSuggestion(string Title, Guid? SuggestionId);

/// <summary>A score with the record of the call to the provider.</summary>
public sealed record AskedScore : Score
{
    /// <summary>Copies a score.</summary>
    public AskedScore(Score score) : base(score)
    {
    }

    /// <summary>The record of the call, to be stored with the ticket; null when no provider is set.</summary>
    public TriageResult? Result { get; init; }
}

/// <summary>What was asked of the provider.</summary>
public enum TriageTask
{
    /// <summary>Category and priority of a description.</summary>
    Classify,
    /// <summary>A title for a description.</summary>
    SuggestTitle,
    /// <summary>Sentiment and urgency of title and description.</summary>
    Score,
}

/// <summary>How asking the provider ended.</summary>
public enum TriageOutcome
{
    /// <summary>A valid answer.</summary>
    Answered,
    /// <summary>An answer outside the schema, the enums or the ranges.</summary>
    Invalid,
    /// <summary>No answer in time.</summary>
    TimedOut,
    /// <summary>The provider refused the key or the request (4xx).</summary>
    Refused,
    /// <summary>The provider is down, overloaded or out of reach.</summary>
    Unavailable,
    /// <summary>Not asked: it was down a moment ago.</summary>
    Skipped,
}

/// <summary>
/// The stored record of one question to the provider: what was suggested, by which model, how long it took, how many tokens it
/// used, and what the person chose in the end.
/// </summary>
public sealed class TriageResult
{
    /// <summary>The key; known to the form before the ticket exists.</summary>
    public Guid Id { get; set; }

    /// <summary>The ticket; null while there is none.</summary>
    public int? TicketId { get; set; }

    /// <summary>The ticket; null while there is none.</summary>
    public Ticket? Ticket { get; set; }

    /// <summary>When it was asked, UTC.</summary>
    public DateTime At { get; set; }

    /// <summary>What was asked.</summary>
    public TriageTask Task { get; set; }

    /// <summary>
    /// How it ended; anything but <see cref="TriageOutcome.Answered"/> means that the provider gave no answer, and the built-in model or
    /// the fallback did.
    /// </summary>
    public TriageOutcome Outcome { get; set; }

    /// <summary>The model that answered, "built-in", or "fallback".</summary>
    public required string Model { get; set; }

    /// <summary>What was suggested: "billing/high", a title, "angry/90".</summary>
    public required string Suggested { get; set; }

    /// <summary>What the ticket was created with, in the same spelling; null while unknown.</summary>
    public string? Kept { get; set; }

    /// <summary>How long the provider took, in milliseconds.</summary>
    public int DurationMs { get; set; }

    /// <summary>Tokens of the question; 0 when unknown.</summary>
    public int InputTokens { get; set; }

    /// <summary>Tokens of the answer; 0 when unknown.</summary>
    public int OutputTokens { get; set; }
}

/// <summary>A ticket that waits to be scored again; gone once it is scored.</summary>
public sealed class ScoringJob
{
    /// <summary>The ticket; also the key.</summary>
    public int TicketId { get; set; }

    /// <summary>The ticket.</summary>
    public Ticket? Ticket { get; set; }

    /// <summary>How often it was tried in the background.</summary>
    public int Attempts { get; set; }

    /// <summary>When it may be tried (again), UTC. An instance that takes it moves this on, so that no other takes it too.</summary>
    public DateTime DueAt { get; set; }
}
