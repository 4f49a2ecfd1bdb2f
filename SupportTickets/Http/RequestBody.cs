using SupportTickets.Core;

namespace SupportTickets.Http;

/// <summary>Reads bodies that are needed whole. MAX_REQUEST_BYTES is counted by the server (see Hosting/BodyLimit.cs).</summary>
public static class RequestBody
{
    /// <summary>The whole body, at its start. Memory grows with what arrives, not with what was announced.</summary>
    /// <exception cref="BadHttpRequestException">It is over the limit, or was cut off: answered as a <see cref="Fault"/>.</exception>
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
