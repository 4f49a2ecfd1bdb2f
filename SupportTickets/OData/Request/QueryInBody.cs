using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>
/// <c>POST .../$query</c>: a GET whose options are in the body (OData 4.01, 11.2.6.9), for callers behind something that takes
/// no long addresses. The options may be as long as those of an address, since a nextLink repeats them there.
/// </summary>
internal static class QueryInBody
{
    /// <summary>What its path ends in.</summary>
    public const string Segment = "/$query";

    /// <summary>Makes the GET of it that it stands for; any other request stays as it is.</summary>
    public static async Task ApplyAsync(HttpRequest request)
    {
        if (!request.Path.Value!.EndsWith(Segment, StringComparison.OrdinalIgnoreCase))
            return;
        if (!HttpMethods.IsPost(request.Method))
            throw new FeedException(FeedError.MethodNotAllowed(request.Method, "POST"));
        var options = (await PlainText.ReadAsync(request, "Send the query options as text/plain in UTF-8.")).Trim().TrimStart('?');
        request.Method = HttpMethods.Get;
        request.Path = request.Path.Value[..^Segment.Length];
        var query = request.QueryString.Value is { Length: > 1 } own ? $"{own}&{options}" : $"?{options}";
        request.QueryString = new QueryString(query.Length > 1 ? query : "");
    }
}
