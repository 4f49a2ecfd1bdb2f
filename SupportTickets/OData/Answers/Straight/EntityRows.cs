using System.Text.Json;
using Microsoft.OData.Edm;
using SupportTickets.OData.Query;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>Writes entities, whole or with some of their properties, each with its ETag and the single entities related to it.</summary>
internal sealed class EntityRows : IRowWriter
{
    private readonly RowFormat _format;
    private readonly WriteProperty[] _properties;
    private readonly (JsonEncodedText Name, Func<object, object?> Of, EntityRows Rows)[] _related;
    private readonly JsonEncodedText _etag;
    private readonly Func<object, long>? _version;

    private EntityRows(
        FeedSet set, WriteProperty[] properties, (JsonEncodedText, Func<object, object?>, EntityRows)[] related, RowFormat format)
    {
        (_format, _properties, _related) = (format, properties, related);
        if (!format.HasMetadata || set.Version is not { } version)
            return;
        _version = PropertyWriter.LongOf(set.Entity.GetProperty(version)!);
        _etag = JsonValues.Encoded(format.Annotation("etag"));
    }

    /// <summary>A writer of a selection; null when one of its properties has a type that only the library writes.</summary>
    public static EntityRows? Of(FeedSet set, PlainSelection selection, RowFormat format)
    {
        var properties = new WriteProperty[selection.Properties.Count];
        for (var i = 0; i < properties.Length; i++)
        {
            if (PropertyWriter.Of(set.Entity.GetProperty(selection.Properties[i].Name)!) is not { } writer)
                return null;
            properties[i] = writer;
        }
        var related = new (JsonEncodedText, Func<object, object?>, EntityRows)[selection.Related.Count];
        for (var i = 0; i < related.Length; i++)
        {
            var (navigation, shown) = selection.Related[i];
            if (Of(FeedSets.Of(navigation.ToEntityType())!, shown, format) is not { } rows)
                return null;
            related[i] = (JsonValues.Encoded(navigation.Name), PropertyWriter.RelatedOf(set.Entity.GetProperty(navigation.Name)!), rows);
        }
        return new(set, properties, related, format);
    }

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json, PageRow row) => Write(json, row.Item);

    /// <summary>Writes the annotations and properties of an entity.</summary>
    public void Write(Utf8JsonWriter json, object entity)
    {
        if (_version is not null) JsonValues.WriteETag(json, _etag, _version(entity));
        foreach (var property in _properties)
            property(json, entity, _format);
        foreach (var (name, of, rows) in _related)
        {
            if (of(entity) is not { } one)
            {
                json.WriteNull(name);
                continue;
            }
            json.WriteStartObject(name);
            rows.Write(json, one);
            json.WriteEndObject();
        }
    }
}
