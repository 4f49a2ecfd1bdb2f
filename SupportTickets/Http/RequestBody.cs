using SupportTickets.Core;

namespace SupportTickets.Http;

/// <summary>Reads whole bodies. Hosting/BodyLimit.cs enforces MAX_REQUEST_BYTES.</summary>
public static class RequestBody
{
    /// <summary>The whole body, positioned at its start. Memory grows with the bytes that arrive, not with the announced length.</summary>
    /// <exception cref="BadHttpRequestException">The body is over the limit, or was cut off. Answered as a <see cref="Fault"/>.</exception>
    public static async Task<MemoryStream> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel);
        body.Position = 0;
        return body;
    }

    /// <summary>The bytes of a body that was read.</summary>
    public static ReadOnlyMemory<byte> Bytes(this MemoryStream body) => body.GetBuffer().AsMemory(0, (int)body.Length);
}
