using System.Text.Json;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.OData.Errors;

/// <summary>One part of an error: the field of the request it is about.</summary>
internal sealed record ErrorDetail(string Code, string Message, string? Target);

/// <summary>An error as OData writes it (OData JSON Format 4.01, section 21.1). Never holds an exception's text or trace.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Target">The part of the request it is about.</param>
internal sealed record FeedError(int Status, string Code, string Message, string? Target = null)
{
    /// <summary>The parts, when there are several things wrong.</summary>
    public IReadOnlyList<ErrorDetail> Details { get; init; } = [];

    /// <summary>The methods that the resource takes: the Allow header of a 405.</summary>
    public string? Allow { get; init; }

    /// <summary>Where to read instead: the Location header.</summary>
    public string? Location { get; init; }

    public static FeedError NotFound(string message = "There is no such resource.") =>
        new(StatusCodes.Status404NotFound, "not_found", message);

    public static FeedError MethodNotAllowed(string method, string allow) =>
        new(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This resource takes {allow}, not {method}.") { Allow = allow };

    public static FeedError BadQuery(string message, string? target = null) =>
        new(StatusCodes.Status400BadRequest, "invalid_query", message, target);

    /// <summary>A query that asks for more than it may; the code says of what.</summary>
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

    /// <summary>What the caller may not do: without a credential 401, else 403.</summary>
    public static FeedError Refusal(Caller caller) => Of(caller.IsKnown ? Fault.Forbidden : Fault.Unauthorized);

    /// <summary>
    /// A fault of the hosting. A query that asks for too much is the caller's to mend: programs try a 5xx again as it is.
    /// </summary>
    public static FeedError Of(Fault fault) =>
        new(fault.Code == Fault.StatementTimeoutCode ? StatusCodes.Status400BadRequest : fault.Status, fault.Code, fault.Message);

    /// <summary>No entity of the set that the caller may see.</summary>
    public static FeedError NoSuch(FeedSet set) => NotFound($"There is no such {set.Noun}.");

    /// <summary>The entity is at another version than a write is for.</summary>
    public static FeedError Stale(FeedSet set) => new(StatusCodes.Status412PreconditionFailed, "precondition_failed",
        $"The {set.Noun} changed since you read it. Read it again, then send the change with its new ETag.");

    /// <summary>The one translation of what the core answers to a request for a set.</summary>
    public static FeedError Of(Problem problem, FeedSet set) => problem switch
    {
        InvalidInput invalid => Invalid([.. invalid.Errors.Select(error =>
            new ErrorDetail(Snake(error.Code.ToString()), error.Message, set.PropertyOf(error.Field)))]),
        TicketNotFound => NoSuch(set),
        StaleTicket => Stale(set),
        SubmissionRefused refused when IdempotencyHeader.Refusal(refused) is var (status, code, message) =>
            new(status, code, message, IdempotencyHeader.Header),
        _ => throw new InvalidOperationException($"No translation for {problem.GetType().Name}."),
    };

    /// <summary>An entity, a property or parameters that break rules.</summary>
    public static FeedError Invalid(IReadOnlyList<ErrorDetail> details) =>
        new(StatusCodes.Status400BadRequest, "invalid_input", Summary(details), details[0].Target) { Details = details };

    private static string Summary(IReadOnlyList<ErrorDetail> details) =>
        details.Count == 1 ? $"{details[0].Target}: {details[0].Message}" : "The body breaks several rules; see the details.";

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>A request that cannot be answered, from deep inside the library's callbacks to the endpoint.</summary>
internal sealed class FeedException(FeedError error) : Exception(error.Message)
{
    public FeedError Error { get; } = error;
}
