using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>What a request asks for, as it is spelled: the query is not taken apart yet.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the application, decoded.</param>
/// <param name="Query">The query with its question mark, percent-encoded; empty when there is none.</param>
internal sealed record SpelledTarget(string Method, PathString Path, string Query)
{
    /// <summary>What the path of a request ends in whose options are in its body.</summary>
    public const string QuerySegment = "/$query";

    /// <summary>
    /// Reads it. <c>POST .../$query</c> is a GET whose options are in the body (OData 4.01, 11.2.6.9), for callers behind something
    /// that takes no long addresses. They may be as long as those of an address, since a nextLink repeats them there.
    /// </summary>
    public static async Task<SpelledTarget> ReadAsync(HttpRequest request)
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
