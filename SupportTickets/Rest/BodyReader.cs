using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Net.Http.Headers;
using SupportTickets.Hosting;
using SupportTickets.Tickets;

namespace SupportTickets.Rest;

/// <summary>Reads the body of a request, in any format this face takes, up to the limit.</summary>
internal sealed class BodyReader(Settings settings)
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>Reads it. An empty body, whatever its type, supplies nothing; the type is judged before a byte is read.</summary>
    public async Task<Result<TicketInput>> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > settings.MaxRequestBytes)
            CloseAfterAnswer(request);
        var known = IsKnown(request.ContentType, out var type);
        if (!known && request.ContentLength > 0)
            return UnsupportedType(request);
        if (await BufferAsync(request, cancel) is not { } body)
        {
            CloseAfterAnswer(request);
            return new Refused(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {settings.MaxRequestBytes} bytes.");
        }
        if (body.Length == 0)
            return new TicketInput();
        return known ? await ParseAsync(type!, body, cancel) : UnsupportedType(request);
    }

    private static async ValueTask<Result<TicketInput>> ParseAsync(MediaTypeHeaderValue type, MemoryStream body, CancellationToken cancel) => Name(type) switch
    {
        "multipart/form-data" => await FormBody.ParseMultipartAsync(HeaderUtilities.RemoveQuotes(type.Boundary).Value, body, cancel),
        "application/x-www-form-urlencoded" => FormBody.ParseUrlEncoded(Bytes(body)),
        _ => JsonBody.Parse(Bytes(body)),
    };

    private static bool IsKnown(string? contentType, [NotNullWhen(true)] out MediaTypeHeaderValue? type) =>
        MediaTypeHeaderValue.TryParse(contentType, out type)
        && Name(type) is "application/json" or "application/x-www-form-urlencoded" or "multipart/form-data"
        && HeaderUtilities.RemoveQuotes(type.Charset).Value?.ToLowerInvariant() is null or "" or "utf-8" or "utf8" or "us-ascii";

    private static string? Name(MediaTypeHeaderValue type) => type.MediaType.Value?.ToLowerInvariant();

    private static Refused UnsupportedType(HttpRequest request) =>
        new(StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{request.ContentType}\" in request.");

    /// <summary>
    /// The server cannot read past a body that it does not take and drops the connection: the client is told (RFC 9112, 9.6),
    /// so that it does not send its next request there.
    /// </summary>
    private static void CloseAfterAnswer(HttpRequest request)
    {
        if (HttpProtocol.IsHttp11(request.Protocol))
            request.HttpContext.Response.Headers.Connection = "close";
    }

    private static ReadOnlySpan<byte> Bytes(MemoryStream body) => body.GetBuffer().AsSpan(0, (int)body.Length);

    /// <summary>The whole body, or null when it is over the limit. Memory grows with what arrives, not with what was announced.</summary>
    private async Task<MemoryStream?> BufferAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > settings.MaxRequestBytes)
            return null;
        var body = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int count;
            while ((count = await request.Body.ReadAsync(chunk, cancel)) > 0)
            {
                if (body.Length + count > settings.MaxRequestBytes)
                    return null;
                body.Write(chunk, 0, count);
            }
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null; // the server counts too
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
        body.Position = 0;
        return body;
    }
}
