using Microsoft.Net.Http.Headers;
using SupportTickets.Http;

namespace SupportTickets.Rest;

/// <summary>
/// The checks before a route is called, in this order: whether the address exists, whether the client accepts JSON, and whether the
/// address has the method.
/// </summary>
internal static class RequestChecks
{
    private const string UnknownUrlPage =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Not found</title></head>"
        + "<body><h1>Not found</h1><p>There is nothing at this address.</p></body></html>\n";

    /// <summary>The answer for an unknown address.</summary>
    public static IResult UnknownUrl() =>
        Results.Content(UnknownUrlPage, "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound);

    /// <summary>
    /// The answer for a method that a path does not have. OPTIONS is answered with the allowed methods (RFC 9110, 9.3.7).
    /// </summary>
    public static IResult OtherMethod(HttpRequest request, string allow)
    {
        request.HttpContext.Response.Headers.Allow = allow;
        return HttpMethods.IsOptions(request.Method)
            ? Results.NoContent()
            : Answers.Detail(StatusCodes.Status405MethodNotAllowed, $"Method \"{request.Method}\" not allowed.");
    }

    /// <summary>
    /// The refusal of a client that does not accept JSON, so that nothing is written when the client cannot read the answer; null
    /// for others.
    /// </summary>
    public static IResult? RefuseWithoutJson(HttpContext context)
    {
        context.Response.VaryBy("Accept");
        return TakesJson(context.Request.Headers.Accept.ToString())
            ? null
            : Answers.Detail(StatusCodes.Status406NotAcceptable, "Could not satisfy the request Accept header.");
    }

    /// <summary>
    /// Whether an Accept header accepts JSON (RFC 9110, 12.5.1): the most specific matching range decides; q=0 means no. The older
    /// system also served every answer as a page, so programs may send the Accept header of a browser. They get JSON too, which RFC
    /// 9110 allows.
    /// </summary>
    internal static bool TakesJson(string accept)
    {
        if (string.IsNullOrWhiteSpace(accept))
            return true;
        return MediaTypeHeaderValue.TryParseList([accept], out var ranges)
            && (Takes(ranges, "application", "json") ?? Takes(ranges, "text", "html") ?? false);
    }

    /// <summary>Whether the ranges accept a media type; null when no range matches it.</summary>
    private static bool? Takes(IList<MediaTypeHeaderValue> ranges, string type, string subtype)
    {
        int Specificity(MediaTypeHeaderValue range) =>
            range.MatchesAllTypes ? 1
            : !range.Type.Equals(type, StringComparison.OrdinalIgnoreCase) ? 0
            : range.MatchesAllSubTypes ? 2
            : range.SubType.Equals(subtype, StringComparison.OrdinalIgnoreCase) ? 3 : 0;

        var best = ranges.Max(Specificity);
        return best == 0 ? null : ranges.Any(range => Specificity(range) == best && range.Quality is not 0);
    }
}
