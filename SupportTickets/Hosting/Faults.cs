namespace SupportTickets.Hosting;

/// <summary>A request that failed outside the core: the database is away, a body is too large, a mistake of ours.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable, for programs: <c>service_unavailable</c>, <c>request_too_large</c>, <c>bad_request</c>, <c>internal_error</c>.</param>
/// <param name="Message">One sentence: what happened and what to do. Never holds internals.</param>
public sealed record Fault(int Status, string Code, string Message);

/// <summary>Writes a fault in the format of a face. Each face registers one; the longest prefix of the request's path wins.</summary>
public interface IFaultWriter
{
    /// <summary>The paths of the face: /api, /odata, or / for the pages.</summary>
    PathString Prefix { get; }

    /// <summary>Writes the whole answer; status and Retry-After are set already.</summary>
    Task WriteAsync(HttpContext context, Fault fault);
}
