using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.OData;
using Microsoft.OData.Edm;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Model;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Answers;

#pragma warning disable CS0618 // This version of the library uses Edm.Date; later ones use DateOnly.

/// <summary>Writes the rows of $apply that are not entities.</summary>
internal static class WrappedRows
{
    /// <summary>Writes a row. A key that was reached by a path is nested in an object with the name of the navigation property.</summary>
    public static Task WriteAsync(
        ODataWriter writer, Cells row, IReadOnlyList<Column> columns, IEdmStructuredType type, bool omitsNulls, ODataMetadataLevel level) =>
        WriteAsync(
            writer,
            [
                .. columns.Zip(
                    row.Values(columns.Count),
                    (column, value) => (column.Path, column.IsCount && value is long count ? (decimal)count : value)),
            ],
            type, omitsNulls, level);

    private static async Task WriteAsync(
        ODataWriter writer, IReadOnlyList<(string Path, object? Value)> values, IEdmStructuredType? type, bool omitsNulls,
        ODataMetadataLevel level)
    {
        await writer.WriteStartAsync(new ODataResource
        {
            TypeName = type?.FullTypeName(),
            Properties = [.. values.Where(v => !v.Path.Contains('/') && !(omitsNulls && v.Value is null))
                .Select(v => Property(v.Path, v.Value, type, level))],
        });
        foreach (var nested in values.Where(v => v.Path.Contains('/')).GroupBy(v => v.Path[..v.Path.IndexOf('/')]))
        {
            var related = type?.FindProperty(nested.Key)?.Type.ToStructuredType();
            List<(string Path, object? Value)> inside = [.. nested.Select(v => (v.Path[(nested.Key.Length + 1)..], v.Value))];
            var isAbsent = FeedSets.Of(type)?.RequiredNavigations.Contains(nested.Key) != true && IsAbsent(inside, related);
            if (isAbsent && omitsNulls)
                continue;
            await writer.WriteStartAsync(new ODataNestedResourceInfo { Name = nested.Key, IsCollection = false });
            if (isAbsent)
            {
                await writer.WriteStartAsync((ODataResource?)null);
                await writer.WriteEndAsync();
            }
            else
            {
                await WriteAsync(writer, inside, related, omitsNulls, level);
            }
            await writer.WriteEndAsync();
        }
        await writer.WriteEndAsync();
    }

    private static ODataProperty Property(string name, object? value, IEdmStructuredType? type, ODataMetadataLevel level)
    {
        var declared = type?.FindProperty(name)?.Type.FullName();
        var written = Of(value, declared);
        return new() { Name = name, Value = declared is null ? DynamicTypes.Typed(written, level) : written };
    }

    // Whether the related entity of a grouping key does not exist, such as the day on which an unresolved ticket was resolved.
    private static bool IsAbsent(List<(string Path, object? Value)> values, IEdmStructuredType? type) =>
        values.TrueForAll(v => v.Value is null)
        && values.Exists(v => v.Path.Contains('/') || type?.FindProperty(v.Path)?.Type.IsNullable == false);

    /// <summary>A value from the database in the form that the library's writer takes.</summary>
    public static object? Of(object? value, string? typeName) => value switch
    {
        DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        DateOnly day => new Date(day.Year, day.Month, day.Day),
        TimeOnly time => new TimeOfDay(time.Ticks),
        Enum member => new ODataEnumValue(member.ToString(), typeName ?? $"{FeedModel.Namespace}.{member.GetType().Name}"),
        _ => value,
    };
}
