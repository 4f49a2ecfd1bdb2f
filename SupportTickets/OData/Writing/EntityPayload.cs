using Microsoft.OData.Edm;
using SupportTickets.Core;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Writing;

/// <summary>
/// An entity in a request body. It is not bound to the entity class, because then a caller could write any property of the class;
/// every field goes as received to the validator of the core.
/// </summary>
/// <param name="Values">The properties that can be written.</param>
/// <param name="ETag">The version that was read, if the body states it and is in 4.01 (OData 4.01, 11.4.3).</param>
internal sealed record EntityPayload(IReadOnlyDictionary<string, Supplied> Values, string? ETag)
{
    private const string Control = "@etag";

    /// <summary>
    /// Reads the entity. Properties that the desk computes may be present, as a read gives them, and are ignored (OData 4.01,
    /// 11.4.2 and 11.4.3). Unknown properties and related entities are refused.
    /// </summary>
    public static async Task<EntityPayload> ReadAsync(FeedRequest request)
    {
        var (set, type) = (request.FeedSet, request.Set.EntityType);
        var fields = await JsonFields.ReadAsync(request.Http.Request);
        var refused = fields.Values.Keys.Where(name => type.FindProperty(name) is not IEdmStructuralProperty)
            .Select(name => Refuse(name, type, set)).Concat(fields.Duplicates).ToList();
        if (refused.Count > 0)
            throw new FeedException(FeedError.Invalid(refused));
        BodyTypes.Check(fields, type, name => (type.FindProperty(name) as IEdmStructuralProperty)?.Type.Definition, request.Root);
        var values = fields.Values.Where(field => set.Writable.Contains(field.Key)).ToDictionary(StringComparer.Ordinal);
        return new(values, ProtocolVersion.IsBodyOf401(request.Http.Request) ? fields.Control.GetValueOrDefault(Control).Text : null);
    }

    /// <summary>Throws when a property is read-only.</summary>
    public static void CheckWritable(IEdmProperty property, FeedSet set)
    {
        if (!set.Writable.Contains(property.Name))
            throw new FeedException(FeedError.Invalid([Refuse(property.Name, (IEdmEntityType)property.DeclaringType, set)]));
    }

    private static ErrorDetail Refuse(string name, IEdmEntityType type, FeedSet set) => type.FindProperty(name.Split('@')[0]) switch
    {
        IEdmNavigationProperty => new("nested_entity", $"Related entities cannot be written together with a {set.Noun}.", name),
        not null => new("read_only_property", "This property is computed by the desk and cannot be written.", name),
        null => new("unknown_property", $"A {type.Name} has no such property.", name),
    };
}
