using System.Buffers;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Batch;

/// <summary>Rules for a batch as a whole. A batch that breaks one is refused before anything is done.</summary>
internal static class BatchRules
{
    private static readonly HashSet<string> Reserved = ["batch", "crossjoin", "all", "entity", "root", "id", "metadata"];
    private static readonly HashSet<string> Methods = ["GET", "POST", "PATCH", "PUT", "DELETE"];
    private static readonly SearchValues<char> Unreserved = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>Checks names, references, methods and addresses.</summary>
    public static void Check(IReadOnlyList<BatchUnit> units, Uri root)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var unit in units)
        {
            foreach (var part in unit.Parts)
            {
                CheckPart(part, unit.IsAtomic, names, root);
                if (part.Id is { } id) CheckName(id, names);
            }
            // After its parts: no part can depend on the group that it is in.
            if (unit.Group is { } group) CheckName(group, names);
        }
    }

    /// <summary>
    /// The id of the earlier part that a URL begins with (<c>$1/Events</c>) or that a condition names (<c>If-Match: $1</c>); null
    /// when there is no such reference.
    /// </summary>
    public static string? Reference(string? text)
    {
        if (text is not ['$', ..])
            return null;
        var end = text.IndexOfAny(['/', '?', '#', '(']);
        var name = end < 0 ? text[1..] : text[1..end];
        return Reserved.Contains(name) ? null : name;
    }

    /// <summary>The absolute URL of a part; null when it is outside this service.</summary>
    public static Uri? Resolve(Uri root, string url)
    {
        // A leading slash begins a path here, on no system a file; two slashes begin a host.
        var full =
            url.StartsWith("//", StringComparison.Ordinal) ? $"{root.Scheme}:{url}"
            : url.StartsWith('/') ? root.GetLeftPart(UriPartial.Authority) + url
            : url;
        if (!Uri.TryCreate(root, full, out var address))
            return null;
        var isOurs = address.Scheme == root.Scheme && address.Authority == root.Authority && address.UserInfo.Length == 0
            && (address.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.OrdinalIgnoreCase)
                || address.AbsolutePath.Equals(root.AbsolutePath.TrimEnd('/'), StringComparison.OrdinalIgnoreCase));
        return isOurs ? address : null;
    }

    /// <summary>The error for a batch that is refused as a whole.</summary>
    public static FeedException Malformed(string message, string? target = null) =>
        new(FeedError.BadBody(message + " Nothing was done.") with { Target = target });

    private static void CheckPart(BatchPart part, bool isAtomic, HashSet<string> earlier, Uri root)
    {
        if (!Methods.Contains(part.Method))
            throw Malformed("The method of a part is GET, POST, PATCH, PUT or DELETE.", part.Id);
        if (isAtomic && part.Method == "GET")
            throw Malformed("A change set holds changes only, no GET.", part.Id);
        foreach (var name in part.DependsOn)
        {
            if (!earlier.Contains(name))
                throw Malformed("dependsOn names parts and groups that come before.", part.Id);
        }
        foreach (var reference in new[] { Reference(part.Url), Reference(part.Headers.IfMatch), Reference(part.Headers.IfNoneMatch) })
        {
            if (reference is not null && !earlier.Contains(reference))
                throw Malformed("A reference like $1 names a part that comes before.", part.Id);
        }
        if (Reference(part.Url) is null && Resolve(root, part.Url) is null)
            throw Malformed("The address of a part must be one of this service.", part.Id);
    }

    private static void CheckName(string name, HashSet<string> names)
    {
        if (name.Length is 0 or > BatchLimits.MaxIdLength || name.AsSpan().ContainsAnyExcept(Unreserved))
            throw Malformed($"An id has 1 to {BatchLimits.MaxIdLength} letters, digits, '-', '.', '_' or '~'.");
        if (!names.Add(name))
            throw Malformed("Every part and every group needs a name of its own.", name);
    }
}
