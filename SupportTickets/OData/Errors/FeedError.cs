using System.Text.Json;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Requesters;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Tags;

namespace SupportTickets.OData.Errors;

/// <summary>A detail of an error, about one field of the request.</summary>
internal sealed record ErrorDetail(string Code, string Message, string? Target);

/// <summary>
/// An error in OData's format (OData JSON Format 4.01, section 21.1). Never contains an exception's message or stack trace.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable code, for programs.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Target">The part of the request that it is about.</param>
internal sealed record FeedError(int Status, string Code, string Message, string? Target = null)
{
    /// <summary>The details, when there are several errors.</summary>
    public IReadOnlyList<ErrorDetail> Details { get; init; } = [];

    /// <summary>The allowed methods: the Allow header of a 405.</summary>
    public string? Allow { get; init; }

    /// <summary>The URL to read instead: the Location header.</summary>
    public string? Location { get; init; }

    public static FeedError NotFound(string message = "There is no such resource.") =>
        new(StatusCodes.Status404NotFound, "not_found", message);

    public static FeedError MethodNotAllowed(string method, string allow) =>
        new(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This resource takes {allow}, not {method}.") { Allow = allow };

    public static FeedError BadQuery(string message, string? target = null) =>
        new(StatusCodes.Status400BadRequest, "invalid_query", message, target);

    /// <summary>A query over a limit; the code names the limit.</summary>
    public static FeedError OverLimit(string code, string message) => new(StatusCodes.Status400BadRequest, code, message);

    public static FeedError BadBody(string message) => new(StatusCodes.Status400BadRequest, "invalid_body", message);

    public static FeedError BadHeader(string name, string message) => new(StatusCodes.Status400BadRequest, "invalid_header", message, name);

    public static FeedError NotImplemented(string message, string? target = null) =>
        new(StatusCodes.Status501NotImplemented, "not_implemented", message, target);

    public static readonly FeedError Untranslatable = NotImplemented(
        "The query is valid, but this server cannot answer it from its database.");

    public static readonly FeedError NotAcceptable = new(
        StatusCodes.Status406NotAcceptable, "not_acceptable", "The feed is written as JSON; the Accept header or $format rules that out.");

    public static readonly FeedError UnsupportedMediaType =
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send the entity as application/json in UTF-8.");

    /// <summary>The caller lacks the right: 401 without a credential, else 403.</summary>
    public static FeedError Refusal(Caller caller) => Of(caller.IsKnown ? Fault.Forbidden : Fault.Unauthorized);

    /// <summary>
    /// A fault from hosting. A statement timeout becomes a 4xx, because the caller has to change the query: programs repeat a
    /// request after a 5xx unchanged.
    /// </summary>
    public static FeedError Of(Fault fault) =>
        new(fault.Code == Fault.StatementTimeoutCode ? StatusCodes.Status400BadRequest : fault.Status, fault.Code, fault.Message);

    /// <summary>The set has no such entity that the caller may see.</summary>
    public static FeedError NoSuch(FeedSet set) => NotFound($"There is no such {set.Noun}.");

    /// <summary>The entity has another version than the write expects.</summary>
    public static FeedError Stale(FeedSet set) => new(StatusCodes.Status412PreconditionFailed, "precondition_failed",
        $"The {set.Noun} changed since you read it. Read it again, then send the change with its new ETag.");

    /// <summary>Translates a problem of the core into an error for a request to a set.</summary>
    public static FeedError Of(Problem problem, FeedSet set) => problem switch
    {
        InvalidInput invalid => Invalid([.. invalid.Errors.Select(error =>
            new ErrorDetail(Snake(error.Code.ToString()), error.Message, set.PropertyOf(error.Field)))]),
        TicketNotFound or CommentNotFound or RequesterNotFound or TagNotFound => NoSuch(set),
        TicketDeleted => new(StatusCodes.Status410Gone, "ticket_deleted", "The ticket has been deleted: nothing can be added to it."),
        StaleTicket or StaleComment or StaleRequester or StaleTag => Stale(set),
        CommentRefused refused => Refused(refused),
        SubmissionRefused refused when IdempotencyHeader.Refusal(refused) is var (status, code, message) =>
            new(status, code, message, IdempotencyHeader.Header),
        _ => throw new InvalidOperationException($"No translation for {problem.GetType().Name}."),
    };

    private static FeedError Refused(CommentRefused refused) => refused.Why switch
    {
        CommentRefusal.NotTheAuthor => new(StatusCodes.Status403Forbidden, "not_the_author", "Only its author edits a comment."),
        CommentRefusal.TooLate => new(StatusCodes.Status403Forbidden, "too_late",
            $"A comment can be edited for {Comment.EditTime.TotalMinutes} minutes: write another one."),
        CommentRefusal.NotAnAdmin => new(StatusCodes.Status403Forbidden, "not_an_admin", "Only administrators delete comments."),
    };

    /// <summary>An entity, a property or parameters that break rules.</summary>
    public static FeedError Invalid(IReadOnlyList<ErrorDetail> details) =>
        new(StatusCodes.Status400BadRequest, "invalid_input", Summary(details), details[0].Target) { Details = details };

    private static string Summary(IReadOnlyList<ErrorDetail> details) =>
        details.Count == 1 ? $"{details[0].Target}: {details[0].Message}" : "The body breaks several rules; see the details.";

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>Carries an error from inside the library's callbacks to the endpoint.</summary>
internal sealed class FeedException(FeedError error) : Exception(error.Message)
{
    public FeedError Error { get; } = error;
}
