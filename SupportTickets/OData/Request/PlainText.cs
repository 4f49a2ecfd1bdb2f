using System.Text;
using SupportTickets.Http;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>Reads a plain text body.</summary>
internal static class PlainText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the body.</summary>
    /// <param name="request">The request with the body.</param>
    /// <param name="otherwise">The error message for another media type.</param>
    public static async Task<string> ReadAsync(HttpRequest request, string otherwise)
    {
        if (!BodyType.IsUtf8(request, "text/plain"))
            throw new FeedException(FeedError.UnsupportedMediaType with { Message = otherwise });
        await using var body = await RequestBody.ReadAsync(request, request.HttpContext.RequestAborted);
        try
        {
            return Strict.GetString(body.Bytes().Span);
        }
        catch (ArgumentException)
        {
            throw new FeedException(FeedError.BadBody("The body is not UTF-8."));
        }
    }
}
