using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.OData.Query.Wrapper;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser.Aggregation;

namespace SupportTickets.OData;

#pragma warning disable CS0618 // Edm.Date is what the library of today gives and takes; its successor is DateOnly.

/// <summary>
/// Writes the rows of $apply. The library's serializer fails on times, days and enums in them, and leaves enums out of
/// compute().
/// </summary>
internal static class WrappedRows
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> Instances = new();

    /// <summary>Writes a row.</summary>
    public static async Task WriteAsync(ODataWriter writer, DynamicTypeWrapper row, IEdmStructuredType? type, bool omitsNulls)
    {
        var values = Values(row, type);
        await writer.WriteStartAsync(Resource(type, values.Where(v => v.Value is not DynamicTypeWrapper && !(omitsNulls && v.Value is null)).Select(v => Property(v.Key, v.Value, type))));
        foreach (var (name, value) in values)
        {
            if (value is not DynamicTypeWrapper nested)
                continue;
            var related = type?.FindProperty(name)?.Type.ToStructuredType();
            var isAbsent = IsAbsent(nested, related);
            if (isAbsent && omitsNulls)
                continue;
            await writer.WriteStartAsync(new ODataNestedResourceInfo { Name = name, IsCollection = false });
            if (isAbsent)
            {
                await writer.WriteStartAsync((ODataResource?)null);
                await writer.WriteEndAsync();
            }
            else
            {
                await WriteAsync(writer, nested, related, omitsNulls);
            }
            await writer.WriteEndAsync();
        }
        await writer.WriteEndAsync();
    }

    /// <summary>The one row of aggregate(...) over nothing, which SQL does not give: counts are 0, all else is null (Data Aggregation 4.0, 3.1.3).</summary>
    public static async Task WriteEmptyAsync(ODataWriter writer, AggregateTransformationNode aggregate, IEdmStructuredType type)
    {
        var properties = aggregate.AggregateExpressions.OfType<AggregateExpression>().Select(e => new ODataProperty
        {
            Name = e.Alias,
            Value = e.Method is AggregationMethod.VirtualPropertyCount or AggregationMethod.CountDistinct ? 0 : null,
        });
        await writer.WriteStartAsync(Resource(type, properties));
        await writer.WriteEndAsync();
    }

    // Grouped by a property of something related that is not there, such as the day a ticket was resolved on.
    private static bool IsAbsent(DynamicTypeWrapper row, IEdmStructuredType? type) => Values(row, type) is var values
        && values.Any(v => type?.FindProperty(v.Key)?.Type.IsNullable == false)
        && values.All(v => v.Value is null || (v.Value is DynamicTypeWrapper nested && IsAbsent(nested, type?.FindProperty(v.Key)?.Type.ToStructuredType())));

    private static ODataResource Resource(IEdmStructuredType? type, IEnumerable<ODataProperty> properties) => new()
    {
        TypeName = type?.FullTypeName(),
        Properties = properties.ToList(),
    };

    private static Dictionary<string, object?> Values(DynamicTypeWrapper row, IEdmStructuredType? type)
    {
        var values = new Dictionary<string, object?>(row.Values!);
        var instance = Instances.GetOrAdd(row.GetType(), t => t.GetProperty("Instance"))?.GetValue(row);
        while (instance is DynamicTypeWrapper inner)
            instance = Instances.GetOrAdd(inner.GetType(), t => t.GetProperty("Instance"))?.GetValue(inner);
        foreach (var property in instance is null ? [] : type?.StructuralProperties().Where(p => p.Type.IsEnum()) ?? [])
            values.TryAdd(property.Name, instance!.GetType().GetProperty(property.Name)?.GetValue(instance));
        return values;
    }

    private static ODataProperty Property(string name, object? value, IEdmStructuredType? type) => new()
    {
        Name = name,
        Value = Of(value, type?.FindProperty(name)?.Type.FullName()),
    };

    /// <summary>A value of the database as the library's writer takes it.</summary>
    public static object? Of(object? value, string? typeName) => value switch
    {
        DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        DateOnly day => new Date(day.Year, day.Month, day.Day),
        Enum member => new ODataEnumValue(member.ToString(), typeName ?? $"{Model.Namespace}.{member.GetType().Name}"),
        _ => value,
    };
}
