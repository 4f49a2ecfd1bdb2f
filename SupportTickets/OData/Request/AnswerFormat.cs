using Microsoft.Net.Http.Headers;
using Microsoft.OData;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>Chooses the format of an answer by <c>$format</c> and Accept (OData 4.01, 8.2.1 and 11.2.12).</summary>
internal static class AnswerFormat
{
    private static readonly string[] Levels = ["minimal", "full", "none"];

    /// <summary>The media type of JSON for the library's writer; throws when the caller does not accept JSON.</summary>
    public static string Json(FeedRequest request)
    {
        var best = Ranges(request)
            .Select(range => (Level: LevelOf(range), Quality: range.Quality ?? 1, Ieee754: Flag(range, "ieee754compatible")))
            .Where(range => range.Level is not null && range.Quality > 0)
            .OrderByDescending(range => range.Quality)
            .FirstOrDefault();
        return best.Level is { } level && Takes(request, "application/json")
            ? $"application/json;odata.metadata={level};odata.streaming=true;IEEE754Compatible={(best.Ieee754 ? "true" : "false")}"
            : throw new FeedException(FeedError.NotAcceptable);
    }

    /// <summary>Whether the caller accepts the JSON of this feed.</summary>
    public static bool TakesJson(FeedRequest request) =>
        Ranges(request).Any(range => LevelOf(range) is not null && (range.Quality ?? 1) > 0);

    /// <summary>
    /// Whether $metadata should be JSON; throws when the caller accepts neither JSON nor XML. XML wins when both are equally good,
    /// and when JSON is only requested with parameters for data (<c>odata.metadata</c>): a client that sends one header with all
    /// requests reads data as JSON and $metadata as XML.
    /// </summary>
    public static bool PrefersJsonMetadata(FeedRequest request)
    {
        var ranges = Ranges(request);
        var (xml, json) = (Quality(ranges, "application/xml"), Quality(ranges, "application/json"));
        if (Math.Max(xml, json) == 0)
            throw new FeedException(FeedError.NotAcceptable);
        return xml == 0 || Quality([.. ranges.Where(range => range.Parameters.All(IsOfAnyDocument))], "application/json") > xml;
    }

    /// <summary>Whether the caller accepts a media type at all.</summary>
    public static bool Takes(FeedRequest request, string type) => Quality(Ranges(request), type) > 0;

    /// <summary>
    /// The answer's media type in the form of its version: parameters have no <c>odata.</c> prefix since 4.01 (OData JSON Format
    /// 4.01, section 3), and the charset is stated only to callers that stated one (OData 4.01, 8.2.1); JSON is always UTF-8.
    /// </summary>
    public static string Spelled(string contentType, FeedRequest request)
    {
        var namesCharset = Ranges(request).Any(range => range.Charset.HasValue);
        var type = namesCharset ? contentType : contentType.Replace(";charset=utf-8", "", StringComparison.Ordinal);
        return request.Version == ODataVersion.V4
            ? type
            : type.Replace("odata.metadata=", "metadata=", StringComparison.Ordinal)
                .Replace("odata.streaming=", "streaming=", StringComparison.Ordinal);
    }

    // $format overrides Accept; without Accept everything is accepted.
    private static IList<MediaTypeHeaderValue> Ranges(FeedRequest request)
    {
        var format = request.Options["$format"].ToString();
        var text = format.ToLowerInvariant() switch
        {
            "" => request.Http.Request.Headers.Accept.ToString(),
            "json" => "application/json",
            "xml" => "application/xml",
            _ => format,
        };
        return MediaTypeHeaderValue.TryParseList([string.IsNullOrWhiteSpace(text) ? "*/*" : text], out var ranges)
            ? ranges
            : throw new FeedException(FeedError.NotAcceptable);
    }

    // The most specific matching range decides (RFC 9110, 12.5.1).
    private static double Quality(IList<MediaTypeHeaderValue> ranges, string type)
    {
        var wanted = MediaTypeHeaderValue.Parse(type);
        return ranges.Where(range => wanted.IsSubsetOf(new MediaTypeHeaderValue(range.MediaType)))
            .GroupBy(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2)
            .OrderByDescending(group => group.Key)
            .Select(group => group.Max(range => range.Quality ?? 1))
            .FirstOrDefault();
    }

    // Null when the range does not match the JSON of this feed.
    private static string? LevelOf(MediaTypeHeaderValue range)
    {
        if (range.MatchesAllTypes || (range.MatchesAllSubTypes && range.Type.Equals("application", StringComparison.OrdinalIgnoreCase)))
            return Levels[0];
        if (!range.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return null;
        var level = Levels[0];
        foreach (var parameter in range.Parameters)
        {
            var (name, value) = (
                parameter.Name.ToString().ToLowerInvariant(), HeaderUtilities.RemoveQuotes(parameter.Value).ToString().ToLowerInvariant());
            if (name is "odata.metadata" or "metadata" && Levels.Contains(value))
                level = value;
            else if (!IsKnown(name, value))
                return null;
        }
        return level;
    }

    private static bool IsOfAnyDocument(NameValueHeaderValue parameter) =>
        parameter.Name.Equals("q", StringComparison.OrdinalIgnoreCase)
        || parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase);

    private static bool IsKnown(string name, string value) => name switch
    {
        "q" => true,
        "odata.streaming" or "streaming" or "ieee754compatible" or "exponentialdecimals" => value is "true" or "false",
        "charset" => value == "utf-8",
        _ => false,
    };

    private static bool Flag(MediaTypeHeaderValue range, string name) =>
        range.Parameters.Any(p =>
            p.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && p.Value.Equals("true", StringComparison.OrdinalIgnoreCase)
        );
}
