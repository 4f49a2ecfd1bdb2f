using System.Globalization;
using Microsoft.OData;

namespace SupportTickets.OData.Request;

/// <summary>
/// What the caller would like (RFC 7240; OData 4.01, 8.2.8). <c>odata.</c> before a name is optional; of a preference given twice
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

    /// <summary>Reads them; what is no known preference is left aside, as the standard asks.</summary>
    public static Preferences Of(HttpRequest request) => new(request);

    /// <summary>Rows of a page, at least 1; null when not asked for.</summary>
    public int? MaxPageSize =>
        _values.TryGetValue("maxpagesize", out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size > 0
            ? size
            : null;

    /// <summary>Whether properties without a value are left out.</summary>
    public bool OmitsNulls =>
        _values.TryGetValue("omit-values", out var values) && values.Equals("nulls", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a link to later changes is wanted.</summary>
    public bool TracksChanges => _values.ContainsKey("track-changes");

    /// <summary>Whether a write is answered without the entity (true) or with it (false); null when not asked for.</summary>
    public bool? Minimal =>
        _values.GetValueOrDefault("return")?.ToLowerInvariant() switch
        {
            "minimal" => true,
            "representation" => false,
            _ => null,
        };

    /// <summary>Says which preferences an answer met.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="pageSize">The page size in use, where there are pages.</param>
    /// <param name="isTracked">Whether there is or will be a link to later changes.</param>
    public void Applied(HttpResponse response, int? pageSize = null, bool isTracked = false)
    {
        var applied = new List<string>();
        if (TracksChanges && isTracked) applied.Add($"{_prefix}track-changes");
        if (MaxPageSize is not null && pageSize is not null) applied.Add($"{_prefix}maxpagesize={pageSize}");
        if (OmitsNulls) applied.Add("omit-values=nulls");
        Say(response, applied);
    }

    /// <summary>Says which preference on the answer of a write was met.</summary>
    public void AppliedToWrite(HttpResponse response)
    {
        var applied = new List<string>();
        if (Minimal is { } minimal) applied.Add(minimal ? "return=minimal" : "return=representation");
        if (OmitsNulls && Minimal != true) applied.Add("omit-values=nulls");
        Say(response, applied);
    }

    private static void Say(HttpResponse response, List<string> applied)
    {
        if (applied.Count > 0) response.Headers["Preference-Applied"] = string.Join(", ", applied);
    }
}
