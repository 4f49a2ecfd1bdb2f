using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>A row as the interpreter has it.</summary>
/// <param name="Entity">What was loaded from the database; null for a row that <c>$apply</c> made.</param>
/// <param name="Columns">What was computed, grouped by or aggregated, by its path.</param>
/// <param name="Identity">What tells rows apart, and sorts them where nothing else does.</param>
internal sealed record Row(object? Entity, IReadOnlyDictionary<string, object?> Columns, IReadOnlyList<object?> Identity)
{
    private static readonly ConcurrentDictionary<(Type, string), PropertyInfo> Properties = new();
    private static readonly Dictionary<string, object?> None = [];

    /// <summary>The row of an entity.</summary>
    public static Row Of(object entity) => new(entity, None, [Step(entity, Fields.KeyOf(entity.GetType()))]);

    /// <summary>A value: whole numbers as <see cref="long"/>, all else as it is stored. Null when a step leads to nothing.</summary>
    public object? Read(string path)
    {
        if (Columns.TryGetValue(path, out var column))
            return column;
        if (Entity is null)
            throw new KeyNotFoundException(path);
        var value = path.Split('/').Aggregate((object?)Entity, (value, name) => value is null ? null : Step(value, name));
        return value ?? (path.EndsWith("/$count", StringComparison.Ordinal) ? 0L : null); // a collection may be empty, never null
    }

    /// <summary>The rows that a path leads to; none where it leads to nothing.</summary>
    public IEnumerable<Row> Many(string path) => ((IEnumerable?)Read(path))?.Cast<object>().Select(Of) ?? [];

    /// <summary>The row with one column more.</summary>
    public Row With(string name, object? value) => this with { Columns = new Dictionary<string, object?>(Columns) { [name] = value } };

    private static object? Step(object value, string name)
    {
        if (name == "$count")
            return (long)((ICollection)value).Count;
        var property = Properties.GetOrAdd(
            (value.GetType(), name), key => key.Item1.GetProperty(key.Item2) ?? throw new KeyNotFoundException(key.Item2));
        return property.GetValue(value) switch { int number => (long)number, var other => other };
    }
}
