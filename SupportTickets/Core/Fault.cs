using System.Net.Sockets;

namespace SupportTickets.Core;

/// <summary>A request that failed outside the core: the database is unavailable, a body is too large, there is a bug.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable, for programs: <c>service_unavailable</c>, <c>request_too_large</c>, <c>request_timeout</c>,
/// <c>statement_timeout</c>, <c>unauthorized</c>, <c>forbidden</c>, <c>too_many_requests</c>, <c>bad_request</c>,
/// <c>internal_error</c>.</param>
/// <param name="Message">One sentence: what happened and what to do. Never holds internals.</param>
public sealed record Fault(int Status, string Code, string Message)
{
    /// <summary>The status of a request whose client is gone; never sent.</summary>
    internal const int ClientClosedRequest = 499;

    /// <summary>After how many seconds the same request may succeed: the Retry-After header; null when nobody knows.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The database cannot be reached, or its schema is not ready yet. 503 with Retry-After.</summary>
    public static readonly Fault Unavailable = new(
        StatusCodes.Status503ServiceUnavailable, "service_unavailable",
        "The desk cannot reach its database right now. Try again in a few seconds.")
    { RetryAfter = 5 };

    /// <summary>There is no credential, or it is wrong, expired or revoked. 401.</summary>
    public static readonly Fault Unauthorized = new(
        StatusCodes.Status401Unauthorized, "unauthorized",
        "Sign in, or send a token that is valid: as a Bearer token, or as the password of Basic authentication.");

    /// <summary>The credential does not allow it. 403.</summary>
    public static readonly Fault Forbidden = new(
        StatusCodes.Status403Forbidden, "forbidden",
        "Your role or your token does not allow this. Ask an administrator of this desk for the right to do it.");

    /// <summary>There were more requests than RATE_LIMIT_* allows. 429 with Retry-After.</summary>
    /// <param name="seconds">After how many seconds the next one is allowed; 1 or more.</param>
    public static Fault TooManyRequests(int seconds) => new(
        StatusCodes.Status429TooManyRequests, TooManyRequestsCode,
        $"That was too often in too short a time. Nothing was done: try again in {Seconds(seconds)}.")
    { RetryAfter = seconds };

    /// <summary>The code of <see cref="TooManyRequests"/>.</summary>
    internal const string TooManyRequestsCode = "too_many_requests";

    /// <summary>A number of seconds in words.</summary>
    internal static string Seconds(int seconds) => seconds == 1 ? "1 second" : $"{seconds} seconds";

    /// <summary>The body is over MAX_REQUEST_BYTES. 413.</summary>
    public static Fault TooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge, TooLargeCode,
        $"The request is too large: its body may have at most {limit} bytes. Nothing was saved.");

    /// <summary>The code of <see cref="TooLarge"/>.</summary>
    internal const string TooLargeCode = "request_too_large";

    /// <summary>A statement was cancelled because it took longer than STATEMENT_TIMEOUT_SECONDS. 503.</summary>
    public static Fault StatementTimeout(int seconds) => new(
        StatusCodes.Status503ServiceUnavailable, StatementTimeoutCode,
        $"The database was stopped after {seconds} s of work on this request: ask for less at once, "
            + "or try again when the desk is less busy.");

    /// <summary>The code of <see cref="StatementTimeout"/>.</summary>
    internal const string StatementTimeoutCode = "statement_timeout";

    /// <summary>An unexpected error: a bug. 500.</summary>
    /// <param name="trace">The id of its entry in the log.</param>
    public static Fault Internal(string trace) => new(
        StatusCodes.Status500InternalServerError, "internal_error",
        $"Something went wrong here, and it has been logged as {trace}. Nothing is wrong with your request.");

    /// <summary>The fault for a request that the web server refused: the server's status with our own message.</summary>
    internal static Fault Of(BadHttpRequestException error, long limit) => error.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge(limit),
        StatusCodes.Status408RequestTimeout =>
            new(error.StatusCode, "request_timeout", "The request took too long to arrive. Send it again."),
        var status => new(status, "bad_request", "The request is malformed or was cut off."),
    };

    /// <summary>
    /// Whether an exception is the result of the client's disconnecting; to be asked only when the client did. Any other exception
    /// is a bug even then.
    /// </summary>
    internal static bool IsAbort(Exception? error) => error switch
    {
        null => false,
        OperationCanceledException or IOException or BadHttpRequestException or SocketException => true,
        _ => IsAbort(error.InnerException),
    };

    /// <summary>The first exception of a kind: an exception itself, or one that caused it.</summary>
    internal static T? Cause<T>(Exception? error) where T : Exception => error is null or T ? error as T : Cause<T>(error.InnerException);
}
