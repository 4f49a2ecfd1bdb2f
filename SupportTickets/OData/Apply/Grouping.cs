using System.Linq.Expressions;
using Microsoft.OData.UriParser.Aggregation;

namespace SupportTickets.OData.Apply;

/// <summary>
/// <c>groupby</c> and <c>aggregate</c> (Data Aggregation 4.0, 3.2). Empty sets and missing values come out as the
/// standard says: counts are 0, all else is null.
/// </summary>
internal static class Grouping
{
    /// <param name="Alias">Its name.</param>
    /// <param name="Method">What is done.</param>
    /// <param name="Value">With what, over the rows; null for $count.</param>
    private sealed record Measure(string Alias, AggregationMethod Method, Expression? Value);

    /// <summary>Applies a transformation as the library parsed it.</summary>
    public static ApplyRows Apply(ApplyRows input, TransformationNode node, ApplyExpressions expressions)
    {
        var group = node as GroupByTransformationNode;
        var aggregate = (group is null ? node : group.ChildTransformations) as AggregateTransformationNode;
        var shape = input.Shape;
        var keys = (group is null ? [] : Leaves(group.GroupingProperties, "")).DistinctBy(leaf => leaf.Path)
            .Select(leaf => new Column(leaf.Path, expressions.Bind(shape, leaf.Node.Expression), true)).ToList();
        var measures = (aggregate?.AggregateExpressions ?? []).Select(expression => MeasureOf(expression, shape, expressions)).ToList();
        ApplyNames.Check(measures.Select(measure => measure.Alias), keys.Select(key => key.Path), expressions.Entity);
        var joined = RelatedRows.Join(input.Rows, shape.Row, [.. measures.Select(measure => measure.Value).OfType<Expression>()]);
        return Grouped(
            joined.Rows, joined.Row,
            [.. keys.Select(key => key with { Value = joined.Over(key.Value) })],
            [.. measures.Select(measure => measure with { Value = measure.Value is null ? null : joined.Over(measure.Value) })]);
    }

    private static ApplyRows Grouped(IQueryable rows, ParameterExpression element, List<Column> keys, List<Measure> measures)
    {
        // What is the same in every row groups nothing, and databases refuse to group by it.
        var varying = keys.Where(column => !Constants.IsConstant(column.Value)).ToList();
        var key = varying.Count > 0 ? (Expression)Cells.Of([.. varying.Select(column => column.Value)]) : Expression.Constant(1);
        var group = Expression.Parameter(typeof(IGrouping<,>).MakeGenericType(key.Type, element.Type), "group");
        var outOfKey = Expression.Property(group, nameof(IGrouping<,>.Key));
        var results = keys.Select(column => varying.IndexOf(column) is >= 0 and var i ? Cells.At(outOfKey, i, column.Value.Type) : column.Value)
            .Concat(measures.Select(measure => Of(measure, group, element))).ToList();
        var grouped = Call(nameof(Queryable.Select), Call(nameof(Queryable.GroupBy), rows, Expression.Lambda(key, element)), Expression.Lambda(Cells.Of(results), group));
        if (keys.Count == 0)
            grouped = OneRow(grouped, results);
        var row = Expression.Parameter(typeof(Cells), "row");
        var names = keys.Select(column => column.Path).Concat(measures.Select(measure => measure.Alias));
        return new(grouped, new(row, true, [.. names.Select((name, i) => new Column(name, Cells.At(row, i, results[i].Type), i < keys.Count))]), []);
    }

    // SQL makes no group of nothing, the standard makes one row. What cannot be null is a count.
    private static IQueryable OneRow(IQueryable rows, List<Expression> results)
    {
        var always = rows.Provider.CreateQuery(Expression.Call(typeof(Queryable), nameof(Queryable.DefaultIfEmpty), [typeof(Cells)], rows.Expression));
        var row = Expression.Parameter(typeof(Cells), "row");
        var values = results.Select((result, i) => result.Type == typeof(long)
            ? Expression.Coalesce(Cells.At(row, i, typeof(long?)), Expression.Constant(0L))
            : Cells.At(row, i, result.Type));
        return Call(nameof(Queryable.Select), always, Expression.Lambda(Cells.Of([.. values]), row));
    }

    private static IEnumerable<(string Path, GroupByPropertyNode Node)> Leaves(IEnumerable<GroupByPropertyNode> nodes, string before) => nodes.SelectMany(node =>
        node.ChildTransformations is { Count: > 0 } children ? Leaves(children, $"{before}{node.Name}/") : [($"{before}{node.Name}", node)]);

    private static Measure MeasureOf(AggregateExpressionBase expression, RowShape shape, ApplyExpressions expressions)
    {
        if (expression is not AggregateExpression { Method: not AggregationMethod.Custom } aggregate)
            throw new FeedException(FeedError.NotImplemented("aggregate takes sum, average, min, max, countdistinct and $count of the rows themselves; to aggregate related rows, ask their own set.", "$apply"));
        return new(aggregate.Alias, aggregate.Method, aggregate.Method == AggregationMethod.VirtualPropertyCount
            ? null
            : Operand(aggregate, expressions.Bind(shape, aggregate.Expression)));
    }

    // Nullable, so that nothing to aggregate is null; and a sum of whole numbers outgrows them: the minutes of a million tickets do not fit into 32 bits.
    private static Expression Operand(AggregateExpression aggregate, Expression value)
    {
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        if (aggregate.Method is AggregationMethod.Sum or AggregationMethod.Average)
        {
            if (!Numbers.IsNumber(type))
                throw new FeedException(FeedError.BadQuery($"{aggregate.Alias}: only numbers have a sum and an average.", "$apply"));
            type = type == typeof(decimal) ? type : aggregate.Method == AggregationMethod.Average || type == typeof(double) || type == typeof(float) ? typeof(double) : typeof(long);
        }
        var nullable = type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type;
        return value.Type == nullable ? value : Expression.Convert(value, nullable);
    }

    private static Expression Of(Measure measure, Expression group, ParameterExpression element)
    {
        var (row, value) = (element.Type, measure.Value is null ? null : Expression.Lambda(measure.Value, element));
        return measure.Method switch
        {
            AggregationMethod.VirtualPropertyCount => Call(nameof(Enumerable.LongCount), group, row),
            AggregationMethod.Min => Expression.Call(typeof(Enumerable), nameof(Enumerable.Min), [row, value!.ReturnType], group, value),
            AggregationMethod.Max => Expression.Call(typeof(Enumerable), nameof(Enumerable.Max), [row, value!.ReturnType], group, value),
            AggregationMethod.Average => Call(nameof(Enumerable.Average), group, row, value!),
            AggregationMethod.Sum => Sum(group, row, value!),
            AggregationMethod.CountDistinct => CountDistinct(group, row, value!),
            _ => throw new InvalidOperationException($"No aggregation {measure.Method}."),
        };
    }

    // EF's sum of nothing is 0.
    private static ConditionalExpression Sum(Expression group, Type element, LambdaExpression value)
    {
        var present = Expression.Lambda(Expression.NotEqual(value.Body, Expression.Constant(null, value.ReturnType)), value.Parameters);
        return Expression.Condition(
            Expression.Equal(Call(nameof(Enumerable.Count), group, element, present), Expression.Constant(0)),
            Expression.Constant(null, value.ReturnType),
            Call(nameof(Enumerable.Sum), group, element, value));
    }

    private static MethodCallExpression CountDistinct(Expression group, Type element, LambdaExpression value)
    {
        var values = Expression.Call(typeof(Enumerable), nameof(Enumerable.Select), [element, value.ReturnType], group, value);
        // Of a related row that is not there EF takes no value for one.
        var one = Expression.Parameter(value.ReturnType, "value");
        var present = Expression.Lambda(Expression.NotEqual(one, Expression.Constant(null, value.ReturnType)), one);
        var distinct = Expression.Call(typeof(Enumerable), nameof(Enumerable.Distinct), [value.ReturnType], Call(nameof(Enumerable.Where), values, value.ReturnType, present));
        return Expression.Call(typeof(Enumerable), nameof(Enumerable.LongCount), [value.ReturnType], distinct);
    }

    private static MethodCallExpression Call(string method, Expression group, Type element, params Expression[] value) =>
        Expression.Call(typeof(Enumerable), method, [element], [group, .. value]);

    private static IQueryable Call(string method, IQueryable rows, LambdaExpression by) => rows.Provider.CreateQuery(
        Expression.Call(typeof(Queryable), method, [rows.ElementType, by.ReturnType], rows.Expression, Expression.Quote(by)));
}
