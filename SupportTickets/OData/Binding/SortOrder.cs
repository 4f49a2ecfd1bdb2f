using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Binding;

/// <summary>One sort key.</summary>
/// <param name="Value">What to sort by, over the row.</param>
/// <param name="Descending">From high to low.</param>
/// <param name="Nullable">Whether it may be null. Nulls come first when ascending (OData 4.01, 11.2.6.2), on every database.</param>
internal sealed record SortKey(Expression Value, bool Descending, bool Nullable);

/// <summary>A total order over rows, and the predicate for the rows after a given one.</summary>
/// <param name="Row">The parameter that the keys are over.</param>
/// <param name="Keys">At least one; for entities the last is the key, so that no two rows are equal.</param>
internal sealed record SortOrder(ParameterExpression Row, IReadOnlyList<SortKey> Keys)
{
    /// <summary>The highest code point: a prefix followed by it sorts after every other text with that prefix.</summary>
    private const string Highest = "\U0010FFFF";

    /// <summary>A sort key from what the library bound. Booleans sort in the order null, false, true.</summary>
    public static SortKey Key(Expression value, OrderByDirection direction, bool nullable)
    {
        var type = System.Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        var optional = type != value.Type;
        if (type == typeof(bool))
            value = Rank(value);
        nullable |= type == typeof(double); // SQLite turns NaN into null
        if (nullable && value.Type.IsValueType && !optional && type != typeof(bool))
            value = Expression.Convert(value, typeof(Nullable<>).MakeGenericType(type)); // for example the length of a null text
        return new(value, direction == OrderByDirection.Descending, nullable && type != typeof(bool));
    }

    /// <summary>A Boolean as a number, since C# does not order them: null is 0, false 1, true 2.</summary>
    private static ConditionalExpression Rank(Expression value)
    {
        Expression otherwise = Expression.Constant(1);
        if (value.Type != typeof(bool))
            otherwise = Expression.Condition(Is(false), otherwise, Expression.Constant(0));
        return Expression.Condition(Is(true), Expression.Constant(2), otherwise);

        BinaryExpression Is(bool constant) => Expression.Equal(value, Expression.Constant(constant, value.Type));
    }

    /// <summary>The sort keys of $orderby.</summary>
    public static IEnumerable<SortKey> KeysOf(IOrderByBinder binder, OrderByClause clause, QueryBinderContext context)
    {
        var next = clause;
        for (var bound = binder.BindOrderBy(clause, context); bound is not null; bound = bound.ThenBy, next = next!.ThenBy)
            yield return Key(((LambdaExpression)bound.OrderByExpression).Body, bound.Direction, Nulls.MayBe(next!.Expression));
    }

    /// <summary>Sorts.</summary>
    /// <param name="rows">What to sort.</param>
    /// <param name="ranked">Whether the query has to say where nulls go; the database cannot use an index then.</param>
    /// <param name="last">The last row of the page before, if any. After it there may be only nulls, or no nulls, in the first key.</param>
    public Expression Apply(Expression rows, bool ranked, IReadOnlyList<object?>? last)
    {
        var settled = last is [var value, ..] && value is null == Keys[0].Descending ? Keys[0] : null;
        var method = nameof(Queryable.OrderBy);
        foreach (var (by, descending) in Keys.SelectMany(key => Steps(key, ranked && key != settled)))
        {
            rows = Expression.Call(
                typeof(Queryable), method + (descending ? "Descending" : ""), [Row.Type, by.Type], rows,
                Expression.Quote(Expression.Lambda(by, Row)));
            method = nameof(Queryable.ThenBy);
        }
        return rows;
    }

    /// <summary>The sort expressions of a key. Where the query has to place nulls, the first one tells whether there is a value.</summary>
    public static IEnumerable<(Expression By, bool Descending)> Steps(SortKey key, bool ranked)
    {
        if (ranked && key.Nullable)
            yield return (Expression.Condition(IsNull(key.Value), Expression.Constant(0), Expression.Constant(1)), key.Descending);
        yield return (key.Value, key.Descending);
    }

    /// <summary>The sort values that a token holds: of the types of the keys, or a <see cref="CutText"/>. Throws on any other.</summary>
    public object?[] Read(IReadOnlyList<JsonElement> values) =>
        values.Count == Keys.Count
            ?
            [
                .. Keys.Select(
                    (key, i) =>
                        key.Value.Type == typeof(string) && values[i].ValueKind == JsonValueKind.Object
                            ? Cut(values[i])
                            : Read(values[i], key.Value.Type)),
            ]
        : throw new JsonException();

    /// <summary>
    /// Keeps the rows after a given one. The exact predicate is combined with a redundant bound on the first key: PostgreSQL cannot
    /// use an index for the OR in it, and would read the index from its start.
    /// </summary>
    public Expression After(Expression rows, IReadOnlyList<object?> last)
    {
        // One parameter for each value, however often the predicate uses it: a text may be large.
        var values = Keys.Select((key, i) => last[i] is null or CutText ? null : Parameter.Of(last[i], key.Value.Type, SlotOf(i))).ToList();
        var behind = Behind(0, values, last);
        if (values[0] is not null && Bound(Keys[0], values[0]!) is { } bound)
            behind = Expression.AndAlso(bound, behind);
        return Expression.Call(
            typeof(Queryable), nameof(Queryable.Where), [Row.Type], rows, Expression.Quote(Expression.Lambda(behind, Row)));
    }

    /// <summary>The slot of the value of a key in the last row (<see cref="Parameter"/>).</summary>
    public static string SlotOf(int key) => $"last{key}";

    private Expression Behind(int at, List<Expression?> values, IReadOnlyList<object?> last)
    {
        var (key, value) = (Keys[at], values[at]);
        if (last[at] is CutText cut)
            return FromStart(key, cut.Start);
        var beyond = Beyond(key, value);
        if (at == Keys.Count - 1)
            return beyond ?? Expression.Constant(false);
        var same = value is null ? IsNull(key.Value) : Expression.Equal(key.Value, value);
        var tied = Expression.AndAlso(same, Behind(at + 1, values, last));
        return beyond is null ? tied : Expression.OrElse(beyond, tied);
    }

    // The token holds only the beginning of the text, and the row was changed or deleted since. All rows from that beginning on
    // come again, so that none is left out.
    private static BinaryExpression FromStart(SortKey key, string start)
    {
        var compared = Compare(
            key.Descending ? ExpressionType.LessThanOrEqual : ExpressionType.GreaterThanOrEqual, key.Value,
            Parameter.Of(key.Descending ? start + Highest : start));
        return key is { Descending: true, Nullable: true } ? Expression.OrElse(IsNull(key.Value), compared) : compared;
    }

    // A null sorts below any value. Gives no predicate when no row can follow.
    private static Expression? Beyond(SortKey key, Expression? value)
    {
        if (value is null)
            return key.Descending ? null : Expression.Not(IsNull(key.Value));
        var compared = Compare(key.Descending ? ExpressionType.LessThan : ExpressionType.GreaterThan, key.Value, value);
        return key is { Descending: true, Nullable: true } ? Expression.OrElse(IsNull(key.Value), compared) : compared;
    }

    private static BinaryExpression? Bound(SortKey key, Expression value) => key is { Descending: true, Nullable: true }
        ? null
        : Compare(key.Descending ? ExpressionType.LessThanOrEqual : ExpressionType.GreaterThanOrEqual, key.Value, value);

    private static BinaryExpression Compare(ExpressionType comparison, Expression left, Expression right)
    {
        if (left.Type == typeof(string))
            return Expression.MakeBinary(
                comparison, Expression.Call(typeof(string), nameof(string.Compare), null, left, right), Expression.Constant(0));
        // C# does not order enums, SQL does. The comparison is given a method that never runs, so that it needs no cast of the
        // column: with a cast SQLite could not use its index.
        var never = (System.Nullable.GetUnderlyingType(left.Type) ?? left.Type).IsEnum
            ? typeof(SortOrder).GetMethod(nameof(InOrder))!.MakeGenericMethod(left.Type)
            : null;
        return Expression.MakeBinary(comparison, left, right, liftToNull: false, never);
    }

    /// <summary>Stands for a comparison of enums in a query. It never runs.</summary>
    public static bool InOrder<T>(T left, T right) => Comparer<T>.Default.Compare(left, right) > 0;

    private static BinaryExpression IsNull(Expression value) => Expression.Equal(value, Expression.Constant(null, value.Type));

    private static CutText Cut(JsonElement value) =>
        value.Deserialize<CutText>(OpaqueTokens.Json) is { Start: not null, Hash: not null } cut && !cut.Start.Contains('\0')
        ? cut
        : throw new JsonException();

    private static object? Read(JsonElement value, Type type) =>
        value.ValueKind == JsonValueKind.Null && System.Nullable.GetUnderlyingType(type) is null && type.IsValueType
        ? throw new JsonException()
        : value.Deserialize(type, OpaqueTokens.Json) switch
        {
            DateTime time => time.ToUniversalTime(),
            string text when text.Contains('\0') => throw new JsonException(),
            var other => other,
        };
}
