using System.Globalization;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Model;

namespace SupportTickets.OData.Request;

/// <summary>
/// Reads the two paths that are asked most, <c>Tickets</c> and <c>Tickets(5)</c>, without the library's parser, which took a twentieth
/// of the time of such a request.
/// </summary>
internal static class ShortPath
{
    private const string Root = $"/{Feed.Prefix}/";

    /// <summary>The most digits of a key that certainly is an Int32.</summary>
    private const int MostDigits = 9;

    /// <summary>What the path names; null for all paths that the library has to parse.</summary>
    public static ODataPath? Of(PathString path, IEdmModel model)
    {
        var text = path.Value!;
        if (!text.StartsWith(Root, StringComparison.Ordinal))
            return null;
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (model.EntityContainer.FindEntitySet(text[Root.Length..(open < 0 ? text.Length : open)]) is not { } set)
            return null;
        if (open < 0)
            return new(new EntitySetSegment(set));
        return text[^1] == ')' && Number(text.AsSpan(open + 1, text.Length - open - 2)) is { } number
            && set.EntityType.Key().ToList() is [{ Type: var type } key] && type.IsInt32()
            ? new(new EntitySetSegment(set), new KeySegment([KeyValuePair.Create(key.Name, (object)number)], set.EntityType, set))
            : null;
    }

    private static int? Number(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MostDigits && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
