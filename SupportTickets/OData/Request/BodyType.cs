using Microsoft.Net.Http.Headers;

namespace SupportTickets.OData.Request;

/// <summary>The media type of a request's body.</summary>
internal static class BodyType
{
    /// <summary>Whether the body of a request has a media type and, if it states a charset, UTF-8 or its subset ASCII.</summary>
    public static bool IsUtf8(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Charset).Value?.ToLowerInvariant()
            is null
                or ""
                or "utf-8"
                or "utf8"
                or "us-ascii"
                or "ascii";
}
