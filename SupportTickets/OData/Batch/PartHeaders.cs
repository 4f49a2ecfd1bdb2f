using SupportTickets.OData.Request;

namespace SupportTickets.OData.Batch;

/// <summary>The headers of a part.</summary>
internal static class PartHeaders
{
    // They are about the connection, or say who the caller is: that is the batch's alone to say.
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

    // What the batch says once holds for parts that do not say otherwise.
    private static readonly string[] Inherited = ["OData-MaxVersion", "Accept-Language"];

    /// <summary>Adds a header as received; refuses what cannot be one.</summary>
    public static void Add(IHeaderDictionary headers, string name, string value, string target)
    {
        if (headers.Count >= BatchLimits.MaxHeaders)
            throw BatchLimits.TooManyHeaders(target);
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c)))
            throw BatchRules.Malformed("A header of a part has no proper name.", target);
        if (value.Any(c => char.IsControl(c) && c != '\t'))
            throw BatchRules.Malformed("A header of a part has control characters in its value.", target);
        headers.Append(name, value.Trim());
    }

    /// <summary>Gives a part's request its headers.</summary>
    public static void Apply(BatchPart part, FeedRequest batch, HttpRequest request)
    {
        var outer = batch.Http.Request.Headers;
        foreach (var name in Inherited)
        {
            if (outer.TryGetValue(name, out var value))
                request.Headers[name] = value;
        }
        // The formats too (OData 4.01, 8.2.1), where they are meant for a part: a raw value is text, and multipart is the batch's alone.
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

    /// <summary>Those of an answer that go into the batch's.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(HttpResponse answer) => answer.Headers
        .Where(h => !NotOfParts.Contains(h.Key))
        .Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()));
}
