using System.Diagnostics.CodeAnalysis;
using Microsoft.Net.Http.Headers;
using SupportTickets.Core;
using SupportTickets.Http;

namespace SupportTickets.Rest;

/// <summary>Reads the body of a request in any format that this face accepts.</summary>
internal static class BodyReader
{
    /// <summary>
    /// Reads the given fields of the body. An empty body of any type has no fields. The type is checked before a byte is read.
    /// </summary>
    public static async Task<Result<BodyValues>> ReadAsync(HttpRequest request, BodyFields fields, CancellationToken cancel)
    {
        var known = IsKnown(request.ContentType, out var type);
        if (!known && request.ContentLength > 0)
            return UnsupportedType(request);
        await using var body = await RequestBody.ReadAsync(request, cancel);
        if (body.Length == 0)
            return new BodyValues();
        return known ? await ParseAsync(type!, body, fields, cancel) : UnsupportedType(request);
    }

    private static async ValueTask<Result<BodyValues>> ParseAsync(
        MediaTypeHeaderValue type, MemoryStream body, BodyFields fields, CancellationToken cancel)
    {
        var charset = Charset.Of(HeaderUtilities.RemoveQuotes(type.Charset).Value);
        return Name(type) switch
        {
            "multipart/form-data" =>
                await FormBody.ParseMultipartAsync(HeaderUtilities.RemoveQuotes(type.Boundary).Value, body, charset, fields, cancel),
            "application/x-www-form-urlencoded" => FormBody.ParseUrlEncoded(body.Bytes().Span, charset, fields),
            _ => JsonBody.Parse(body.Bytes().Span, charset, fields),
        };
    }

    private static bool IsKnown(string? contentType, [NotNullWhen(true)] out MediaTypeHeaderValue? type) =>
        MediaTypeHeaderValue.TryParse(contentType, out type)
        && Name(type) is "application/json" or "application/x-www-form-urlencoded" or "multipart/form-data";

    private static string? Name(MediaTypeHeaderValue type) => type.MediaType.Value?.ToLowerInvariant();

    private static Refused UnsupportedType(HttpRequest request) =>
        new(StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{request.ContentType}\" in request.");
}
