using Microsoft.OData.Edm;
using SupportTickets.Core;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Writing;

/// <summary>
/// Checks the types that a body states with <c>@odata.type</c> and <c>Title@odata.type</c>. They are allowed if they do not
/// contradict <c>$metadata</c> (OData JSON Format 4.01, 4.6.3).
/// </summary>
internal static class BodyTypes
{
    private const string Control = "@type";

    /// <summary>Throws when a body states a wrong type.</summary>
    /// <param name="fields">The body.</param>
    /// <param name="whole">The type of the whole body; null for parameters, which have no common type.</param>
    /// <param name="typeOf">Gives the type of a field; null for an unknown field.</param>
    /// <param name="root">The address of the feed, with a slash at its end.</param>
    public static void Check(JsonFields fields, IEdmType? whole, Func<string, IEdmType?> typeOf, Uri root)
    {
        var wrong = new List<ErrorDetail>();
        foreach (var (name, value) in fields.Control.Where(field => field.Key.EndsWith(Control, StringComparison.Ordinal)))
        {
            var field = name[..^Control.Length];
            var type = field.Length == 0 ? whole : typeOf(field);
            if (type is null && field.Length == 0)
                wrong.Add(new("wrong_type", "Parameters together have no type: leave it out.", "@odata.type"));
            else if (type is not null && !Names(value, type, root))
                wrong.Add(
                    new("wrong_type", $"This is of type {type.FullTypeName()}: say so, or leave the type out.", $"{field}@odata.type"));
        }
        if (wrong.Count > 0)
            throw new FeedException(FeedError.Invalid(wrong));
    }

    // A type name after #, with or without the URL of $metadata before it, which may be relative; the # may be missing. Primitive
    // types have no namespace, but Edm is accepted.
    private static bool Names(Supplied value, IEdmType type, Uri root)
    {
        if (value.Text is not { } text)
            return false;
        var hash = text.IndexOf('#');
        var (document, name) = hash < 0 ? ("", text) : (text[..hash], text[(hash + 1)..]);
        if (document.Length > 0
            && !(Uri.TryCreate(root, document, out var address) && Uri.UnescapeDataString(address.AbsoluteUri) == $"{root}$metadata"))
            return false;
        return name == type.FullTypeName() || name == ShortName(type);
    }

    private static string? ShortName(IEdmType type) => type switch
    {
        IEdmPrimitiveType primitive => primitive.Name,
        IEdmCollectionType { ElementType.Definition: IEdmPrimitiveType item } => $"Collection({item.Name})",
        _ => null,
    };
}
