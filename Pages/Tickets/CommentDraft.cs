using SupportTickets.Core;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Pages.Tickets;

/// <summary>The box below a conversation as it was typed, and what is wrong with it.</summary>
/// <param name="Body">The text.</param>
/// <param name="IsInternal">Whether it is a note.</param>
/// <param name="Then">What the button does with the ticket: see <see cref="ToChange"/>; empty for nothing.</param>
/// <param name="Assignee">Whom a note hands the ticket to; empty for nobody.</param>
/// <param name="Key">The idempotency key, so that sending it again adds no second comment; null when none was sent.</param>
public sealed record CommentDraft(string Body, bool IsInternal, string Then, string Assignee, string? Key)
{
    /// <summary>Resolve the ticket.</summary>
    public const string ThenResolve = "resolve";

    /// <summary>Assign the ticket to <see cref="Assignee"/>.</summary>
    public const string ThenAssign = "assign";

    /// <summary>Why it was refused; null when it was not.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Whether it was typed and came back; else the box is empty.</summary>
    public bool IsPosted { get; private init; }

    /// <summary>Whether a preview is asked for.</summary>
    public bool IsPreviewed { get; init; }

    /// <summary>The comment whose edit was refused; null when it was not an edit.</summary>
    public int? Edited { get; init; }

    /// <summary>The text of that edit.</summary>
    public string? EditedBody { get; init; }

    /// <summary>The tags that were typed beside it.</summary>
    public string Tags { get; init; } = "";

    /// <summary>All that was typed, each text with the name of its field.</summary>
    public IReadOnlyList<(string Label, string Text)> Typed =>
        GoneTicket.Filled(("Your text", Body), ("Your comment", EditedBody ?? ""), ("Tags", Tags));

    /// <summary>The files that were uploaded for it and are sent with it.</summary>
    public IReadOnlyList<Upload> Files { get; init; } = [];

    /// <summary>The errors in the fields.</summary>
    public IReadOnlyList<FieldError> Errors => Problem is InvalidInput invalid ? invalid.Errors : [];

    /// <summary>Whether the ticket is to be resolved with it.</summary>
    public bool Resolves => (IsInternal, Then) is (false, ThenResolve);

    /// <summary>What was done with it, for people.</summary>
    public string Outcome => (IsInternal, Then) switch
    {
        (false, ThenResolve) => "Replied and resolved.",
        (false, _) => "Replied.",
        (true, ThenAssign) => "Note added, and the ticket assigned.",
        (true, _) => "Note added.",
    };

    /// <summary>What was done with it where the ticket was to be resolved: others may have done that before, or undone it since.</summary>
    /// <param name="ticket">As it is now; null where it is gone.</param>
    /// <param name="comment">As stored.</param>
    public string OutcomeFor(Ticket? ticket, Comment comment) => ticket switch
    {
        null => Outcome,
        { ResolvedAt: { } at } when at < comment.CreatedAt => "Replied. The ticket was resolved or closed before.",
        { ResolvedAt: null } => "Replied. The ticket was reopened since.",
        _ => Outcome,
    };

    /// <summary>Why it was refused, for people; null where a field says it.</summary>
    public string? Refusal => Problem switch
    {
        null or InvalidInput => null,
        AttachmentRefused or FormRefused => FileWords.Of(Problem),
        SubmissionRefused { Why: SubmissionRefusal.KeyTaken } =>
            "This was sent before with another text, perhaps from another tab. To send it as well, press the button again.",
        SubmissionRefused { Why: SubmissionRefusal.CommentDeleted } =>
            "This was sent before, and has been deleted since. To send it again, press the button again.",
        SubmissionRefused => "The form came without its mark. Press the button again.",
        StaleComment => "The comment was changed meanwhile. Look at it and change it again.",
        CommentNotFound => "The comment is not there any more.",
        CommentRefused { Why: CommentRefusal.TooLate } =>
            $"A comment can be edited for {Comment.EditTime.TotalMinutes} minutes, which are over. Write another one.",
        CommentRefused { Why: CommentRefusal.NotTheAuthor } => "Only its author edits a comment.",
        CommentRefused => "Only administrators delete comments.",
        _ => "It could not be saved. Try again.",
    };

    /// <summary>An empty box.</summary>
    public static CommentDraft New() => new("", false, "", "", IdempotencyKey.Random());

    /// <summary>Reads a post.</summary>
    public static CommentDraft Read(IFormCollection form) => new(
        TicketForm.Text(form, "body") ?? "", TicketForm.Text(form, "kind") == "note", TicketForm.Text(form, "then") ?? "",
        TicketForm.Text(form, "assign") ?? "", TicketForm.Text(form, "key"))
    { IsPosted = true };

    /// <summary>The HTTP status of a refusal.</summary>
    public static int StatusOf(Problem problem) => problem switch
    {
        AttachmentRefused { Why: not AttachmentRefusal.Gone } => StatusCodes.Status413PayloadTooLarge,
        FormRefused refused => refused.Fault.Status,
        InvalidInput => StatusCodes.Status422UnprocessableEntity,
        StaleComment => StatusCodes.Status409Conflict,
        CommentNotFound => StatusCodes.Status404NotFound,
        CommentRefused => StatusCodes.Status403Forbidden,
        SubmissionRefused refused => IdempotencyHeader.Refusal(refused).Status,
        _ => StatusCodes.Status409Conflict,
    };

    /// <summary>The input for the core.</summary>
    public CommentInput ToInput() => new() { Body = Supplied.Of(Body), IsInternal = Supplied.Of(IsInternal ? "true" : "false") };

    /// <summary>The change of the ticket that goes with it; null for none.</summary>
    public TicketInput? ToChange() => (IsInternal, Then) switch
    {
        (false, ThenResolve) => new() { Status = Supplied.Of(nameof(Status.resolved)) },
        (true, ThenAssign) => new() { Assignee = Supplied.Of(Assignee) },
        _ => null,
    };

    /// <summary>The key for the next attempt: a new one where the old one is spent.</summary>
    public string NextKey => Key is null || Problem is SubmissionRefused ? IdempotencyKey.Random() : Key;
}
