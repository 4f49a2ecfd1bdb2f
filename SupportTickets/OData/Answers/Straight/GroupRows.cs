using System.Text.Json;
using Microsoft.OData.Edm;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Model;
using SupportTickets.OData.Query;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>
/// Writes the rows of $apply, as <see cref="WrappedRows"/> does through the library. Sequences of <c>concat</c> may be entities.
/// </summary>
internal sealed class GroupRows : IRowWriter
{
    private static readonly HashSet<Type> Written =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(decimal), typeof(float), typeof(double), typeof(DateTime),
        typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
    ];

    private readonly FeedQuery _query;
    private readonly IEdmEntityType _type;
    private readonly RowFormat _format;
    private readonly EntityRows _entities;
    private readonly Group?[] _parts;

    private GroupRows(FeedQuery query, IEdmEntityType type, EntityRows entities, RowFormat format) =>
        (_query, _type, _entities, _format, _parts) = (query, type, entities, format, new Group?[query.Parts]);

    /// <summary>A writer of the rows of a query; null when one of their values has a type that only the library writes.</summary>
    public static GroupRows? Of(FeedQuery query, FeedSet set, IEdmEntityType type, RowFormat format) =>
        EntityRows.Of(set, PlainSelection.Whole(type), format) is { } entities
        && Enumerable.Range(0, query.Parts).All(part => query.Columns(part).All(IsWritten))
            ? new(query, type, entities, format) : null;

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json, PageRow row)
    {
        if (row.Item is not Cells cells)
        {
            _entities.Write(json, row.Item);
            return;
        }
        var columns = _query.Columns(row.Part);
        var group = _parts[row.Part] ??= Group.Of(
            [.. columns.Select((column, i) => (column.Path, i, column.IsCount))], _type, _format);
        group.Write(json, cells.Values(columns.Count), _format);
    }

    private static bool IsWritten(Column column)
    {
        var type = Nullable.GetUnderlyingType(column.Value.Type) ?? column.Value.Type;
        return type.IsEnum || Written.Contains(type);
    }

    /// <summary>A value of a row: where it is, and how it is named.</summary>
    /// <param name="At">Its number in the row.</param>
    /// <param name="Name">The name.</param>
    /// <param name="TypeName">The name of the annotation with its type; null when the model declares it or the caller wants none.</param>
    /// <param name="IsCount">Whether it is a count, which is a decimal.</param>
    private sealed record Cell(int At, JsonEncodedText Name, JsonEncodedText? TypeName, bool IsCount)
    {
        public void Write(Utf8JsonWriter json, IReadOnlyList<object?> values, RowFormat format)
        {
            var value = IsCount && values[At] is long count ? (decimal)count : values[At];
            if (value is null)
            {
                if (!format.OmitsNulls) json.WriteNull(Name);
                return;
            }
            if (TypeName is { } annotation && TypeOf(value, format) is { } type)
                json.WriteString(annotation, type);
            WriteValue(json, value, format);
        }

        private static string? TypeOf(object value, RowFormat format)
        {
            if (value is Enum)
                return $"#{FeedModel.Namespace}.{value.GetType().Name}";
            return DynamicTypes.TypeOf(value) is { } type ? (format.IsOf401 ? "" : "#") + type["Edm.".Length..] : null;
        }

        private void WriteValue(Utf8JsonWriter json, object value, RowFormat format)
        {
            switch (value)
            {
                case string text: JsonValues.Write(json, Name, text, format); break;
                case bool truth: JsonValues.Write(json, Name, truth, format); break;
                case int number: JsonValues.Write(json, Name, number, format); break;
                case long number: JsonValues.Write(json, Name, number, format); break;
                case decimal number: JsonValues.Write(json, Name, number, format); break;
                case float number: JsonValues.Write(json, Name, number, format); break;
                case double number: JsonValues.Write(json, Name, number, format); break;
                case DateTime time: JsonValues.Write(json, Name, time, format); break;
                case DateOnly day: JsonValues.Write(json, Name, day, format); break;
                case TimeOnly time: JsonValues.Write(json, Name, time, format); break;
                case TimeSpan duration: JsonValues.Write(json, Name, duration, format); break;
                case Enum member: json.WriteString(Name, member.ToString()); break;
                default: throw new NotSupportedException($"Rows have no values of the type {value.GetType().Name}.");
            }
        }
    }

    /// <summary>The values of an object: those with a name of their own first, then the nested objects.</summary>
    private sealed record Group(IReadOnlyList<Cell> Cells, IReadOnlyList<Nested> Objects)
    {
        public static Group Of(
            IReadOnlyList<(string Path, int At, bool IsCount)> columns, IEdmStructuredType? type, RowFormat format) => new(
            [
                .. columns.Where(column => !column.Path.Contains('/')).Select(column => new Cell(
                    column.At, JsonValues.Encoded(column.Path),
                    format.HasMetadata && type?.FindProperty(column.Path) is null
                        ? JsonValues.Encoded(format.Annotation("type", column.Path)) : null,
                    column.IsCount)),
            ],
            [
                .. columns.Where(column => column.Path.Contains('/')).GroupBy(column => column.Path[..column.Path.IndexOf('/')])
                    .Select(nested => Nested.Of(
                        nested.Key, [.. nested.Select(c => (c.Path[(nested.Key.Length + 1)..], c.At, c.IsCount))], type, format)),
            ]);

        public void Write(Utf8JsonWriter json, IReadOnlyList<object?> values, RowFormat format)
        {
            foreach (var cell in Cells)
                cell.Write(json, values, format);
            foreach (var nested in Objects)
                nested.Write(json, values, format);
        }
    }

    /// <summary>An object inside a row: what is known of a related entity.</summary>
    /// <param name="Name">The name of the navigation property.</param>
    /// <param name="Group">Its values.</param>
    /// <param name="All">The numbers of all values in it.</param>
    /// <param name="MayBeAbsent">Whether the related entity does not exist where all values are null.</param>
    private sealed record Nested(JsonEncodedText Name, Group Group, int[] All, bool MayBeAbsent)
    {
        public static Nested Of(
            string name, IReadOnlyList<(string Path, int At, bool IsCount)> columns, IEdmStructuredType? type, RowFormat format)
        {
            var related = type?.FindProperty(name)?.Type.ToStructuredType();
            var mayBeAbsent = FeedSets.Of(type)?.RequiredNavigations.Contains(name) != true
                && columns.Any(c => c.Path.Contains('/') || related?.FindProperty(c.Path)?.Type.IsNullable == false);
            return new(JsonValues.Encoded(name), Group.Of(columns, related, format), [.. columns.Select(c => c.At)], mayBeAbsent);
        }

        public void Write(Utf8JsonWriter json, IReadOnlyList<object?> values, RowFormat format)
        {
            if (MayBeAbsent && Array.TrueForAll(All, at => values[at] is null))
            {
                if (!format.OmitsNulls) json.WriteNull(Name);
                return;
            }
            json.WriteStartObject(Name);
            Group.Write(json, values, format);
            json.WriteEndObject();
        }
    }
}
