using System.Text.Json;
using Microsoft.OData.Edm;
using SupportTickets.OData.Query;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>Writes entities, whole or with some of their properties, each with its ETag.</summary>
internal sealed class EntityRows : IRowWriter
{
    private readonly RowFormat _format;
    private readonly WriteProperty[] _properties;
    private readonly JsonEncodedText _etag;
    private readonly Func<object, int>? _version;

    private EntityRows(FeedSet set, WriteProperty[] properties, RowFormat format)
    {
        (_format, _properties) = (format, properties);
        if (!format.HasMetadata || set.Version is not { } version)
            return;
        _version = PropertyWriter.NumberOf(set.Entity.GetProperty(version)!);
        _etag = JsonValues.Encoded(format.Annotation("etag"));
    }

    /// <summary>A writer of these properties; null when one of them has a type that only the library writes.</summary>
    public static EntityRows? Of(FeedSet set, IReadOnlyList<IEdmStructuralProperty> properties, RowFormat format)
    {
        var made = new WriteProperty[properties.Count];
        for (var i = 0; i < made.Length; i++)
        {
            if (set.Entity.GetProperty(properties[i].Name) is not { } property || PropertyWriter.Of(property) is not { } writer)
                return null;
            made[i] = writer;
        }
        return new(set, made, format);
    }

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json, PageRow row) => Write(json, row.Item);

    /// <summary>Writes the annotations and properties of an entity.</summary>
    public void Write(Utf8JsonWriter json, object entity)
    {
        if (_version is not null) JsonValues.WriteETag(json, _etag, _version(entity));
        foreach (var property in _properties)
            property(json, entity, _format);
    }
}
