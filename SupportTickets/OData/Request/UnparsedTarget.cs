using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>The target of a request before its query is parsed.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the application, decoded.</param>
/// <param name="Query">The query with its question mark, percent-encoded; empty when there is none.</param>
internal sealed record UnparsedTarget(string Method, PathString Path, string Query)
{
    /// <summary>The last segment of the path when the options are in the body.</summary>
    public const string QuerySegment = "/$query";

    /// <summary>
    /// Reads the target. <c>POST .../$query</c> is a GET with its options in the body (OData 4.01, 11.2.6.9), for clients that
    /// cannot send long URLs. They may be as long as those in a URL, because a nextLink repeats them there.
    /// </summary>
    public static async Task<UnparsedTarget> ReadAsync(HttpRequest request)
    {
        var (path, query) = (request.Path.Value!, request.QueryString.Value ?? "");
        if (!path.EndsWith(QuerySegment, StringComparison.OrdinalIgnoreCase))
            return new(request.Method, request.Path, query);
        if (!HttpMethods.IsPost(request.Method))
            throw new FeedException(FeedError.MethodNotAllowed(request.Method, "POST"));
        var body = await PlainText.ReadAsync(request, "Send the query options as text/plain in UTF-8.");
        var options = body.Trim().TrimStart('?');
        query = query.Length > 1 ? $"{query}&{options}" : $"?{options}";
        return new(HttpMethods.Get, path[..^QuerySegment.Length], query.Length > 1 ? query : "");
    }
}
