using System.Globalization;
using Microsoft.OData;

namespace SupportTickets.OData.Request;

/// <summary>
/// The preferences of the caller (RFC 7240; OData 4.01, 8.2.8). The prefix <c>odata.</c> is optional; if a preference occurs twice,
/// the first counts.
/// </summary>
internal sealed class Preferences
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _prefix;

    private Preferences(HttpRequest request)
    {
        _prefix = ProtocolVersion.Of(request) == ODataVersion.V4 ? "odata." : "";
        foreach (
            var preference in request
                .Headers["Prefer"]
                .SelectMany(value => (value ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)))
        {
            var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
            var name = parts[0].StartsWith("odata.", StringComparison.OrdinalIgnoreCase) ? parts[0]["odata.".Length..] : parts[0];
            _values.TryAdd(name, parts.Length == 1 ? "" : parts[1].Trim('"'));
        }
    }

    /// <summary>Reads the preferences; unknown ones are ignored, as the standard asks.</summary>
    public static Preferences Of(HttpRequest request) => new(request);

    /// <summary>The requested rows on a page, at least 1; null when not requested.</summary>
    public int? MaxPageSize =>
        _values.TryGetValue("maxpagesize", out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size > 0
            ? size
            : null;

    /// <summary>Whether null properties are omitted.</summary>
    public bool OmitsNulls =>
        _values.TryGetValue("omit-values", out var values) && values.Equals("nulls", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a delta link is requested.</summary>
    public bool TracksChanges => _values.ContainsKey("track-changes");

    /// <summary>Whether the answer to a write should omit the entity (true) or contain it (false); null when not requested.</summary>
    public bool? Minimal =>
        _values.GetValueOrDefault("return")?.ToLowerInvariant() switch
        {
            "minimal" => true,
            "representation" => false,
            _ => null,
        };

    /// <summary>Sets Preference-Applied to the preferences that an answer follows.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="pageSize">The page size, for an answer in pages.</param>
    /// <param name="isTracked">Whether this page or a later one has a delta link.</param>
    public void Applied(HttpResponse response, int? pageSize = null, bool isTracked = false)
    {
        var applied = new List<string>();
        if (TracksChanges && isTracked) applied.Add($"{_prefix}track-changes");
        if (MaxPageSize is not null && pageSize is not null) applied.Add($"{_prefix}maxpagesize={pageSize}");
        if (OmitsNulls) applied.Add("omit-values=nulls");
        SetApplied(response, applied);
    }

    /// <summary>Sets Preference-Applied for the answer to a write.</summary>
    public void AppliedToWrite(HttpResponse response)
    {
        var applied = new List<string>();
        if (Minimal is { } minimal) applied.Add(minimal ? "return=minimal" : "return=representation");
        if (OmitsNulls && Minimal != true) applied.Add("omit-values=nulls");
        SetApplied(response, applied);
    }

    private static void SetApplied(HttpResponse response, List<string> applied)
    {
        if (applied.Count > 0) response.Headers["Preference-Applied"] = string.Join(", ", applied);
    }
}
