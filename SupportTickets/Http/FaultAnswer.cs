using System.Globalization;
using SupportTickets.Core;

namespace SupportTickets.Http;

/// <summary>
/// Writes a fault in the format of a face. Each face registers one; the one with the longest prefix of the request's path is
/// used.
/// </summary>
public interface IFaultWriter
{
    /// <summary>The paths of the face: /api, /odata, or / for the pages.</summary>
    PathString Prefix { get; }

    /// <summary>Writes the whole answer. Status and Retry-After are already set.</summary>
    Task WriteAsync(HttpContext context, Fault fault);
}

/// <summary>Answers a request with a fault, through the writer of the face that the path belongs to.</summary>
public static class FaultAnswer
{
    /// <summary>Writes the whole answer. The response must not have started.</summary>
    public static async Task WriteFaultAsync(this HttpContext context, Fault fault)
    {
        Prepare(context, fault);
        var writer = context.RequestServices.GetServices<IFaultWriter>()
            .Where(w => Covers(w.Prefix, context.Request.Path))
            .MaxBy(w => Bare(w.Prefix).Length);
        if (writer is null)
            await WritePlainAsync(context, fault);
        else
            await writer.WriteAsync(context, fault);
    }

    /// <summary>Writes the message as plain text: for paths outside all faces, and when the writer of a face fails.</summary>
    internal static async Task WritePlainAsync(HttpContext context, Fault fault)
    {
        Prepare(context, fault);
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(fault.Message + "\n", context.RequestAborted);
    }

    /// <summary>Sets Retry-After when the time is known.</summary>
    internal static void SetRetryAfter(this HttpResponse response, Fault fault)
    {
        if (fault.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    private static void Prepare(HttpContext context, Fault fault)
    {
        context.Response.Clear();
        // The matched endpoint has failed: its filters and route values must not affect the answer.
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        context.Response.StatusCode = fault.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (fault.Status == StatusCodes.Status401Unauthorized)
            Challenge.Write(context.Response);
        context.Response.SetRetryAfter(fault);
        // The server cannot read past a body that it refuses, so it closes the connection. It tells the client (RFC 9112, 9.6), so
        // that the client does not send its next request there.
        if (fault.Status == StatusCodes.Status413PayloadTooLarge && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
    }

    private static bool Covers(PathString prefix, PathString path) => path.StartsWithSegments(new PathString(Bare(prefix)));

    private static string Bare(PathString prefix) => prefix.Value?.TrimEnd('/') ?? "";
}
