using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace SupportTickets.Rest;

/// <summary>Versions of tickets as entity tags, and the conditions on them that a caller may send (RFC 9110, 8.8.3 and 13.1).</summary>
internal static class VersionTags
{
    /// <summary>The strong tag of a version.</summary>
    public static string TagOf(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Whether a change is allowed: when there is no If-Match, or when it contains the current version.</summary>
    public static bool MayChange(HttpRequest request, int version) =>
        request.Headers.IfMatch.Count == 0 || Names(request.GetTypedHeaders().IfMatch, version, useStrong: true);

    /// <summary>Whether the caller already has this version.</summary>
    public static bool IsKnown(HttpRequest request, int version) => Names(request.GetTypedHeaders().IfNoneMatch, version, useStrong: false);

    private static bool Names(IEnumerable<EntityTagHeaderValue> tags, int version, bool useStrong)
    {
        var current = new EntityTagHeaderValue(TagOf(version));
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || current.Compare(tag, useStrong));
    }
}
