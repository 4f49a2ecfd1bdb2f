using System.Globalization;
using System.Text.Json;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>Holds answers to each other and to what they have to be. Every method tells the first difference, or null.</summary>
internal static class Comparison
{
    /// <summary>
    /// How far two fractions may lie apart, of their size: sums and averages of them depend on the order in which a database
    /// adds them up.
    /// </summary>
    private const double Tolerance = 1e-12;

    /// <summary>Two answers, which have to be the same to the letter but for the last digits of fractions.</summary>
    public static string? Of(JsonElement one, JsonElement other, string path = "")
    {
        if (one.GetRawText() == other.GetRawText())
            return null;
        switch (one.ValueKind, other.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                var (left, right) = (one.EnumerateObject().ToList(), other.EnumerateObject().ToList());
                return !left.Select(p => p.Name).SequenceEqual(right.Select(p => p.Name))
                    ? $"{path}: other properties"
                    : First(left.Zip(right).Select(pair => Of(pair.First.Value, pair.Second.Value, $"{path}/{pair.First.Name}")));
            case (JsonValueKind.Array, JsonValueKind.Array):
                return one.GetArrayLength() != other.GetArrayLength()
                    ? $"{path}: {one.GetArrayLength()} and {other.GetArrayLength()} rows"
                    : First(one.EnumerateArray().Zip(other.EnumerateArray()).Select((pair, i) => Of(pair.First, pair.Second, At(path, i))));
            case (JsonValueKind.Number, JsonValueKind.Number) when AreNear(one, other):
                return null;
            default:
                return $"{path}: {Short(one)} and {Short(other)}";
        }
    }

    /// <summary>An answer and what it has to be.</summary>
    public static string? Of(JsonElement answer, Expected expected)
    {
        if (expected.Count is { } count && answer.GetProperty("@odata.count").GetInt64() != count)
            return $"$count is {answer.GetProperty("@odata.count")} and has to be {count}";
        return Rows(answer.GetProperty("value"), expected, "");
    }

    private static string? Rows(JsonElement rows, Expected expected, string path) => rows.GetArrayLength() != expected.Rows.Count
        ? $"{path}: {rows.GetArrayLength()} rows, not {expected.Rows.Count}: {string.Join("; ", expected.Rows.Take(50).Select(Identity))}"
        : First(rows.EnumerateArray().Zip(expected.Rows).Select((pair, i) => OfRow(pair.First, pair.Second, At(path, i))));

    private static string At(string path, int i) => $"{path}[{i}]";

    private static string Identity(ExpectedRow row) => string.Join(',', row.Row.Identity);

    private static string? OfRow(JsonElement row, ExpectedRow expected, string path)
    {
        var seen = new HashSet<string>();
        if (First(Properties(row, expected, "", seen)) is { } difference)
            return path + difference;
        var wanted = expected.Asked.Count > 0 ? expected.Asked : expected.Row.Entity is null ? expected.Row.Columns.Keys : [];
        return wanted.FirstOrDefault(name => !seen.Contains(name)) is { } missing ? $"{path}: {missing} is not there" : null;
    }

    private static IEnumerable<string?> Properties(JsonElement row, ExpectedRow expected, string before, HashSet<string> seen)
    {
        foreach (var property in row.EnumerateObject().Where(property => !property.Name.Contains('@')))
        {
            var name = before + property.Name;
            seen.Add(name);
            if (expected.Related.TryGetValue(name, out var related))
                yield return Related(property.Value, related.IsMany, related.Rows, name);
            else if (Inside(expected.Row, name) is { Count: > 0 } inside)
            {
                if (property.Value.ValueKind == JsonValueKind.Object)
                {
                    foreach (var difference in Properties(property.Value, expected, name + "/", seen))
                        yield return difference;
                    continue;
                }
                seen.UnionWith(inside);
                // A ticket of an event is always there, whatever of it has no value.
                var isNothing = property.Name != "Ticket" && inside.TrueForAll(path => expected.Row.Read(path) is null);
                yield return isNothing ? null : $"/{name} is {Short(property.Value)}";
            }
            else
            {
                var value = expected.Row.Read(name);
                yield return Is(property.Value, value) ? null : $"/{name} is {Short(property.Value)} and has to be {Short(value)}";
            }
        }
    }

    // What stands below a name of a row that was grouped by a path.
    private static List<string> Inside(Row row, string name) =>
        [.. row.Columns.Keys.Where(path => path.StartsWith(name + "/", StringComparison.Ordinal))];

    private static string? First(IEnumerable<string?> differences) => differences.FirstOrDefault(difference => difference is not null);

    private static string? Related(JsonElement value, bool isMany, Expected rows, string name) => isMany
        ? Rows(value, rows, "/" + name)
        : value.ValueKind == JsonValueKind.Null
            ? rows.Rows.Count == 0 ? null : $"/{name} is null"
            : rows.Rows.Count == 1 ? OfRow(value, rows.Rows[0], "/" + name) : $"/{name} has to be null";

    private static bool Is(JsonElement json, object? value) => (json.ValueKind, value) switch
    {
        (JsonValueKind.Null, null) => true,
        (JsonValueKind.True, true) or (JsonValueKind.False, false) => true,
        (JsonValueKind.Number, long number) => json.GetDecimal() == number,
        (JsonValueKind.Number, double number) => Near(json.GetDouble(), number),
        (JsonValueKind.String, string text) => json.GetString() == text,
        (JsonValueKind.String, DateTime time) => json.GetDateTimeOffset().UtcDateTime == time,
        (JsonValueKind.String, DateOnly day) => json.GetString() == day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        (JsonValueKind.String, TimeOnly time) => TimeOnly.Parse(json.GetString()!, CultureInfo.InvariantCulture) == time,
        (JsonValueKind.String, Enum member) => json.GetString() == member.ToString(),
        _ => false,
    };

    private static bool Near(double one, double other) =>
        one.Equals(other) || Math.Abs(one - other) <= Tolerance * Math.Max(Math.Abs(one), Math.Abs(other));

    private static bool AreNear(JsonElement one, JsonElement other) =>
        IsFraction(one) && IsFraction(other) && Near(one.GetDouble(), other.GetDouble());

    private static bool IsFraction(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny('.', 'E', 'e') >= 0;

    private static string Short(object? value)
    {
        var text = value is JsonElement json ? json.GetRawText() : Convert.ToString(value ?? "null", CultureInfo.InvariantCulture)!;
        return text.Length > 200 ? text[..200] + "..." : text;
    }
}
