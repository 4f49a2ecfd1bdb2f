using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.OData.Edm;
using SupportTickets.OData.Query;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>
/// Writes entities with full metadata: each with its links, operations and the types of its values. These differ between the rows of
/// an answer only in the key, so they are taken from one row that the library has written.
/// </summary>
internal sealed class FullRows : IRowWriter
{
    /// <summary>The key of the row that the library writes. No other number in it is the same.</summary>
    public const int SampleKey = 1_987_654_321;

    private readonly RowFormat _format;
    private readonly Func<object, long> _key;
    private readonly List<Action<Utf8JsonWriter, object, string>> _members = [];

    private FullRows(Func<object, long> key, RowFormat format) => (_key, _format) = (key, format);

    /// <summary>An entity with the sample's key and a value for every property that may be null.</summary>
    public static object Sample(FeedSet set, IEdmEntityType type)
    {
        var sample = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(set.Entity);
        foreach (var name in type.StructuralProperties().Select(property => property.Name))
        {
            var property = set.Entity.GetProperty(name)!;
            var valueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var value = name == set.Key ? Convert.ChangeType(SampleKey, valueType, CultureInfo.InvariantCulture)
                : valueType == typeof(string) ? "" : Activator.CreateInstance(valueType);
            property.SetValue(sample, value);
        }
        return sample;
    }

    /// <summary>A writer that follows the sample; null when it has something that only the library writes.</summary>
    /// <param name="set">The set.</param>
    /// <param name="selection">What is shown of its entities.</param>
    /// <param name="sample">The sample, as the library has written it.</param>
    /// <param name="format">What the caller asked for.</param>
    public static FullRows? Of(FeedSet set, PlainSelection selection, JsonElement sample, RowFormat format)
    {
        var rows = new FullRows(PropertyWriter.LongOf(set.Entity.GetProperty(set.Key)!), format);
        var names = selection.Properties.Select(property => property.Name).ToHashSet();
        (string Name, string Value)? type = null;
        foreach (var member in sample.EnumerateObject())
        {
            var property = names.Contains(member.Name) ? set.Entity.GetProperty(member.Name) : null;
            if (property is not null && PropertyWriter.Of(property) is null)
                return null;
            if (names.Any(name => member.Name == format.Annotation("type", name)))
                type = (member.Name, member.Value.GetString()!);
            else if (property is not null)
                rows.AddProperty(PropertyWriter.Of(property)!, type is var (name, value) && name == format.Annotation("type", member.Name)
                    ? (JsonValues.Encoded(name), JsonValues.Encoded(value), PropertyWriter.IsNullOf(property)) : null);
            else if (member.Name == format.Annotation("etag"))
                rows.AddETag(JsonValues.Encoded(member.Name), PropertyWriter.LongOf(set.Entity.GetProperty(set.Version!)!));
            else
                rows.AddLinks(JsonValues.Encoded(member.Name), member.Value.GetRawText());
        }
        return rows;
    }

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json, PageRow row)
    {
        var key = _key(row.Item).ToString(CultureInfo.InvariantCulture);
        foreach (var write in _members)
            write(json, row.Item, key);
    }

    // The type stands before a value, and only there.
    private void AddProperty(WriteProperty property, (JsonEncodedText Name, JsonEncodedText Type, Func<object, bool> IsNull)? typed)
    {
        if (typed is not var (name, type, isNull))
        {
            _members.Add((json, entity, _) => property(json, entity, _format));
            return;
        }
        _members.Add((json, entity, _) =>
        {
            if (!isNull(entity)) json.WriteString(name, type);
            property(json, entity, _format);
        });
    }

    private void AddETag(JsonEncodedText name, Func<object, long> version) =>
        _members.Add((json, entity, _) => JsonValues.WriteETag(json, name, version(entity)));

    private void AddLinks(JsonEncodedText name, string value)
    {
        var parts = value.Split(SampleKey.ToString(CultureInfo.InvariantCulture));
        var bytes = Encoding.UTF8.GetBytes(value);
        _members.Add((json, _, key) =>
        {
            json.WritePropertyName(name);
            if (parts.Length == 1) json.WriteRawValue(bytes, skipInputValidation: true);
            else json.WriteRawValue(string.Join(key, parts), skipInputValidation: true);
        });
    }
}
