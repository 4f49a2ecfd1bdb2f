using SupportTickets.OData.Request;

namespace SupportTickets.OData.Batch;

/// <summary>The headers of a part.</summary>
internal static class PartHeaders
{
    // Headers about the connection or the caller's identity: only the batch request itself may have them.
    private static readonly HashSet<string> NotOfParts = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Expect",
        "Host",
        "Max-Forwards",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "Origin",
        "Referer",
        "Content-Length",
        "Content-ID",
        "Accept-Encoding",
    };

    // Headers of the batch request that apply to parts without their own.
    private static readonly string[] Inherited = ["OData-MaxVersion", "Accept-Language"];

    /// <summary>Adds a header as received; refuses invalid names and values.</summary>
    public static void Add(IHeaderDictionary headers, string name, string value, string target)
    {
        if (headers.Count >= BatchLimits.MaxHeaders)
            throw BatchLimits.TooManyHeaders(target);
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c)))
            throw BatchRules.Malformed("A header of a part has an invalid name.", target);
        if (value.Any(c => char.IsControl(c) && c != '\t'))
            throw BatchRules.Malformed("A header of a part has control characters in its value.", target);
        headers.Append(name, value.Trim());
    }

    /// <summary>Sets the headers of a part's request.</summary>
    public static void Apply(BatchPart part, FeedRequest batch, HttpRequest request)
    {
        var outer = batch.Http.Request.Headers;
        foreach (var name in Inherited)
        {
            if (outer.TryGetValue(name, out var value))
                request.Headers[name] = value;
        }
        // Parts inherit the formats too (OData 4.01, 8.2.1) if these can apply: a raw value is text, and multipart is only for the batch.
        var isRawValue = part.Url.Split('?')[0].EndsWith("/$value", StringComparison.OrdinalIgnoreCase);
        if (outer.Accept.Count > 0 && !isRawValue && AnswerFormat.TakesJson(batch))
            request.Headers.Accept = outer.Accept;
        foreach (var (name, value) in part.Headers)
        {
            if (!NotOfParts.Contains(name))
                request.Headers[name] = value;
        }
        request.ContentLength = part.Body.Length;
    }

    /// <summary>The headers of an answer that are written into the answer to the batch.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(HttpResponse answer) => answer.Headers
        .Where(h => !NotOfParts.Contains(h.Key))
        .Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()));
}
