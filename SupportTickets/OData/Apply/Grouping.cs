using System.Linq.Expressions;
using Microsoft.OData.UriParser.Aggregation;

namespace SupportTickets.OData.Apply;

/// <summary>
/// <c>groupby</c> and <c>aggregate</c> (Data Aggregation 4.0, 3.2): first the values that are grouped by and aggregated,
/// then the groups, then a row for each. Empty sets and missing values come out as the standard says: counts are 0,
/// all else is null.
/// </summary>
internal static class Grouping
{
    private sealed record Measure(string Alias, AggregationMethod Method, int Cell, Type Type);

    /// <summary>Applies a transformation as the library parsed it.</summary>
    public static ApplyRows Apply(ApplyRows input, TransformationNode node, ApplyExpressions expressions)
    {
        var group = node as GroupByTransformationNode;
        var aggregate = (group is null ? node : group.ChildTransformations) as AggregateTransformationNode;
        var shape = input.Shape;
        var keys = (group is null ? [] : Leaves(group.GroupingProperties, "")).DistinctBy(leaf => leaf.Path)
            .Select(leaf => new Column(leaf.Path, expressions.Bind(shape, leaf.Node.Expression), true)).ToList();
        var values = keys.Select(key => key.Value).ToList();
        var measures = new List<Measure>();
        foreach (var expression in aggregate?.AggregateExpressions ?? [])
            measures.Add(MeasureOf(expression, values, shape, expressions));
        ApplyNames.Check(measures.Select(measure => measure.Alias), keys.Select(key => key.Path), expressions.Entity);
        return Grouped(Call(nameof(Queryable.Select), input.Rows, Expression.Lambda(Cells.Of(values), shape.Row)), keys, measures);
    }

    private static ApplyRows Grouped(IQueryable cells, List<Column> keys, List<Measure> measures)
    {
        var cell = Expression.Parameter(typeof(Cells), "cell");
        var key = keys.Count > 0 ? (Expression)Cells.Of([.. keys.Select((column, i) => Cells.At(cell, i, column.Value.Type))]) : Expression.Constant(1);
        var group = Expression.Parameter(typeof(IGrouping<,>).MakeGenericType(key.Type, typeof(Cells)), "group");
        var outOfKey = Expression.Property(group, nameof(IGrouping<,>.Key));
        var results = keys.Select((column, i) => Cells.At(outOfKey, i, column.Value.Type)).Concat(measures.Select(measure => Of(measure, group))).ToList();
        var rows = Call(nameof(Queryable.Select), Call(nameof(Queryable.GroupBy), cells, Expression.Lambda(key, cell)), Expression.Lambda(Cells.Of(results), group));
        if (keys.Count == 0)
            rows = OneRow(rows, results);
        var row = Expression.Parameter(typeof(Cells), "row");
        var names = keys.Select(column => column.Path).Concat(measures.Select(measure => measure.Alias));
        return new(rows, new(row, true, [.. names.Select((name, i) => new Column(name, Cells.At(row, i, results[i].Type), i < keys.Count))]), []);
    }

    // SQL makes no group of nothing; the standard makes one row. What is no nullable is a count.
    private static IQueryable OneRow(IQueryable rows, List<Expression> results)
    {
        var always = rows.Provider.CreateQuery(Expression.Call(typeof(Queryable), nameof(Queryable.DefaultIfEmpty), [typeof(Cells)], rows.Expression));
        var row = Expression.Parameter(typeof(Cells), "row");
        var values = results.Select((result, i) => result.Type == typeof(int)
            ? Expression.Coalesce(Cells.At(row, i, typeof(int?)), Expression.Constant(0))
            : Cells.At(row, i, result.Type));
        return Call(nameof(Queryable.Select), always, Expression.Lambda(Cells.Of([.. values]), row));
    }

    private static IEnumerable<(string Path, GroupByPropertyNode Node)> Leaves(IEnumerable<GroupByPropertyNode> nodes, string before) => nodes.SelectMany(node =>
        node.ChildTransformations is { Count: > 0 } children ? Leaves(children, $"{before}{node.Name}/") : [($"{before}{node.Name}", node)]);

    private static Measure MeasureOf(AggregateExpressionBase expression, List<Expression> values, RowShape shape, ApplyExpressions expressions)
    {
        if (expression is not AggregateExpression { Method: not AggregationMethod.Custom } aggregate)
            throw new FeedException(FeedError.NotImplemented("aggregate takes sum, average, min, max, countdistinct and $count of the rows themselves; to aggregate related rows, ask their own set.", "$apply"));
        if (aggregate.Method == AggregationMethod.VirtualPropertyCount)
            return new(aggregate.Alias, aggregate.Method, -1, typeof(int));
        var value = Operand(aggregate, expressions.Bind(shape, aggregate.Expression));
        values.Add(value);
        return new(aggregate.Alias, aggregate.Method, values.Count - 1, value.Type);
    }

    // Nullable, so that nothing to aggregate is null; and a sum of whole numbers outgrows them: the minutes of a million tickets do not fit into 32 bits.
    private static Expression Operand(AggregateExpression aggregate, Expression value)
    {
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        if (aggregate.Method is AggregationMethod.Sum or AggregationMethod.Average)
        {
            if (!Numbers.IsNumber(type))
                throw new FeedException(FeedError.BadQuery($"{aggregate.Alias}: only numbers have a sum and an average.", "$apply"));
            type = type == typeof(decimal) || type == typeof(double) ? type : type == typeof(float) ? typeof(double) : typeof(long);
        }
        var nullable = type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type;
        return value.Type == nullable ? value : Expression.Convert(value, nullable);
    }

    private static Expression Of(Measure measure, Expression group)
    {
        var cell = Expression.Parameter(typeof(Cells), "cell");
        var value = measure.Cell < 0 ? null : Expression.Lambda(Cells.At(cell, measure.Cell, measure.Type), cell);
        return measure.Method switch
        {
            AggregationMethod.VirtualPropertyCount => Call(nameof(Enumerable.Count), group),
            AggregationMethod.Min => Expression.Call(typeof(Enumerable), nameof(Enumerable.Min), [typeof(Cells), measure.Type], group, value!),
            AggregationMethod.Max => Expression.Call(typeof(Enumerable), nameof(Enumerable.Max), [typeof(Cells), measure.Type], group, value!),
            AggregationMethod.Average => Call(nameof(Enumerable.Average), group, value!),
            AggregationMethod.Sum => Sum(group, value!),
            AggregationMethod.CountDistinct => CountDistinct(group, value!),
            _ => throw new InvalidOperationException($"No aggregation {measure.Method}."),
        };
    }

    // EF's sum of nothing is 0.
    private static ConditionalExpression Sum(Expression group, LambdaExpression value)
    {
        var present = Expression.Lambda(Expression.NotEqual(value.Body, Expression.Constant(null, value.Body.Type)), value.Parameters);
        return Expression.Condition(
            Expression.Equal(Call(nameof(Enumerable.Count), group, present), Expression.Constant(0)),
            Expression.Constant(null, value.Body.Type),
            Call(nameof(Enumerable.Sum), group, value));
    }

    private static MethodCallExpression CountDistinct(Expression group, LambdaExpression value)
    {
        var values = Expression.Call(typeof(Enumerable), nameof(Enumerable.Select), [typeof(Cells), value.Body.Type], group, value);
        var distinct = Expression.Call(typeof(Enumerable), nameof(Enumerable.Distinct), [value.Body.Type], values);
        return Expression.Call(typeof(Enumerable), nameof(Enumerable.Count), [value.Body.Type], distinct);
    }

    private static MethodCallExpression Call(string method, Expression group, params Expression[] value) =>
        Expression.Call(typeof(Enumerable), method, [typeof(Cells)], [group, .. value]);

    private static IQueryable Call(string method, IQueryable rows, LambdaExpression by) => rows.Provider.CreateQuery(
        Expression.Call(typeof(Queryable), method, [rows.ElementType, by.Body.Type], rows.Expression, Expression.Quote(by)));
}
