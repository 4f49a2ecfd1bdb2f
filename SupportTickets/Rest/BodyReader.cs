using System.Diagnostics.CodeAnalysis;
using Microsoft.Net.Http.Headers;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tickets;

namespace SupportTickets.Rest;

/// <summary>Reads the body of a request in any format that this face accepts.</summary>
internal static class BodyReader
{
    /// <summary>Reads the body. An empty body of any type has no fields. The type is checked before a byte is read.</summary>
    public static async Task<Result<TicketInput>> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        var known = IsKnown(request.ContentType, out var type);
        if (!known && request.ContentLength > 0)
            return UnsupportedType(request);
        await using var body = await RequestBody.ReadAsync(request, cancel);
        if (body.Length == 0)
            return new TicketInput();
        return known ? await ParseAsync(type!, body, cancel) : UnsupportedType(request);
    }

    private static async ValueTask<Result<TicketInput>> ParseAsync(MediaTypeHeaderValue type, MemoryStream body, CancellationToken cancel)
    {
        var charset = Charset.Of(HeaderUtilities.RemoveQuotes(type.Charset).Value);
        return Name(type) switch
        {
            "multipart/form-data" =>
                await FormBody.ParseMultipartAsync(HeaderUtilities.RemoveQuotes(type.Boundary).Value, body, charset, cancel),
            "application/x-www-form-urlencoded" => FormBody.ParseUrlEncoded(body.Bytes().Span, charset),
            _ => JsonBody.Parse(body.Bytes().Span, charset),
        };
    }

    private static bool IsKnown(string? contentType, [NotNullWhen(true)] out MediaTypeHeaderValue? type) =>
        MediaTypeHeaderValue.TryParse(contentType, out type)
        && Name(type) is "application/json" or "application/x-www-form-urlencoded" or "multipart/form-data";

    private static string? Name(MediaTypeHeaderValue type) => type.MediaType.Value?.ToLowerInvariant();

    private static Refused UnsupportedType(HttpRequest request) =>
        new(StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{request.ContentType}\" in request.");
}
