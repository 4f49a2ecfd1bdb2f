using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Apply;

/// <summary>
/// <c>groupby</c> and <c>aggregate</c> (Data Aggregation 4.0, 3.2). Empty sets and missing values come out as the
/// standard says: counts are 0, all else is null.
/// </summary>
internal static class Grouping
{
    /// <param name="Alias">Its name.</param>
    /// <param name="Method">The aggregation method.</param>
    /// <param name="Value">What is aggregated, as an expression over the row; null for $count.</param>
    /// <param name="IsCount">Whether the result is a count, or the smallest or largest of several counts.</param>
    internal sealed record Measure(string Alias, AggregationMethod Method, Expression? Value, bool IsCount)
    {
        /// <summary>The sum that the database keeps of the value; only of rows that are counts, where $count has none either.</summary>
        public LambdaExpression? Sum { get; init; }
    }

    /// <summary>Applies a transformation as the library parsed it.</summary>
    public static ApplyRows Apply(ApplyRows input, TransformationNode node, ApplyExpressions expressions)
    {
        var group = node as GroupByTransformationNode;
        var aggregate = (group is null ? node : group.ChildTransformations) as AggregateTransformationNode;
        var shape = input.Shape;
        var keys = Keys(group, shape, expressions);
        var measures = Measures(aggregate, shape, expressions);
        ApplyNames.Check(measures.Select(measure => measure.Alias), keys.Select(key => key.Path), expressions.Entity);
        if (KeptGroups.Find(expressions.Kept, input, keys, measures) is { } kept)
            return kept;
        var joined = RelatedRows.Join(input.Rows, shape.Row, [.. measures.Select(measure => measure.Value).OfType<Expression>()]);
        var grouped = Grouped(
            joined.Rows, joined.Row,
            [.. keys.Select(key => key with { Value = joined.Over(key.Value) })],
            [.. measures.Select(measure => measure with { Value = measure.Value is null ? null : joined.Over(measure.Value) })]);
        return grouped with { IsPart = input.IsPart };
    }

    /// <summary>The grouping keys; none without a groupby.</summary>
    internal static List<Column> Keys(GroupByTransformationNode? group, RowShape shape, ApplyExpressions expressions) =>
        [.. (group is null ? [] : Leaves(group.GroupingProperties, "")).DistinctBy(leaf => leaf.Path)
            .Select(leaf => Key(leaf.Path, expressions.Bind(shape, leaf.Node.Expression), shape))];

    /// <summary>What is aggregated over rows of a shape.</summary>
    internal static List<Measure> Measures(AggregateTransformationNode? aggregate, RowShape shape, ApplyExpressions expressions) =>
        [.. (aggregate?.AggregateExpressions ?? []).Select(expression => MeasureOf(expression, shape, expressions))];

    /// <summary>Groups rows by keys and aggregates each group; without keys all rows are one group.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="element">The parameter for a row.</param>
    /// <param name="keys">The keys, over that parameter.</param>
    /// <param name="measures">What is aggregated, over that parameter.</param>
    /// <param name="count">For rows that are counts (<see cref="KeptGroups"/>): how many rows one of them stands for.</param>
    internal static ApplyRows Grouped(
        IQueryable rows, ParameterExpression element, List<Column> keys, List<Measure> measures, LambdaExpression? count = null)
    {
        // A constant key makes no groups, and databases refuse to group by it: it stays outside the query.
        var varying = keys.Where(column => !Constants.IsConstant(column.Value)).ToList();
        var key = varying.Count > 0 ? (Expression)Cells.Of([.. varying.Select(column => column.Value)]) : Expression.Constant(1);
        var group = Expression.Parameter(typeof(IGrouping<,>).MakeGenericType(key.Type, element.Type), "group");
        var outOfKey = Expression.Property(group, nameof(IGrouping<,>.Key));
        // A constant measure stays outside too: PostgreSQL could not tell the type of a null.
        var values = measures
            .Select(measure => count is null ? Of(measure, group, element) : Kept(measure, group, element.Type, count)).ToList();
        var measured = values.Where(value => !Constants.IsConstant(value)).ToList();
        List<Expression> results = [.. varying.Select((column, i) => Cells.At(outOfKey, i, column.Value.Type)), .. measured];
        if (results.Count == 0)
            results.Add(Expression.Constant(1, typeof(int?)));
        var groups = Call(nameof(Queryable.GroupBy), rows, Expression.Lambda(key, element));
        if (count is not null && keys.Count > 0)
            groups = WithRows(groups, group, element.Type, count);
        var grouped = Call(nameof(Queryable.Select), groups, Expression.Lambda(Cells.Of(results), group));
        if (keys.Count == 0)
            grouped = OneRow(grouped, results);
        var row = Expression.Parameter(typeof(Cells), "row");
        var columns = keys.Select(column => varying.IndexOf(column) is >= 0 and var i ? column with { Value = Cell(i) } : column)
            .Concat(
                measures.Zip(values, (measure, value) => new Column(measure.Alias, Measured(value), false) { IsCount = measure.IsCount }));
        return new(grouped, new(row, true, [.. columns]), []);

        Expression Cell(int at) => Cells.At(row, at, results[at].Type);

        Expression Measured(Expression value) => measured.IndexOf(value) is >= 0 and var i ? Cell(varying.Count + i) : value;
    }

    // What a group of counts says of the rows that it stands for. A sum and an average of none are null.
    private static Expression Kept(Measure measure, Expression group, Type element, LambdaExpression count)
    {
        var rows = Call(nameof(Enumerable.Sum), group, element, count);
        if (measure.Sum is not { } kept)
            return rows;
        var sum = Call(nameof(Enumerable.Sum), group, element, kept);
        var value = measure.Method == AggregationMethod.Sum ? (Expression)sum
            : Expression.Divide(Expression.Convert(sum, typeof(double)), Expression.Convert(rows, typeof(double)));
        var type = typeof(Nullable<>).MakeGenericType(value.Type);
        return Expression.Condition(
            Expression.Equal(rows, Expression.Constant(0L)), Expression.Constant(null, type), Expression.Convert(value, type));
    }

    // The counts of rows that are gone may be left, with 0 as their sum.
    private static IQueryable WithRows(IQueryable groups, ParameterExpression group, Type element, LambdaExpression count) =>
        groups.Provider.CreateQuery(Expression.Call(
            typeof(Queryable), nameof(Queryable.Where), [group.Type], groups.Expression,
            Expression.Quote(Expression.Lambda(
                Expression.NotEqual(Call(nameof(Enumerable.Sum), group, element, count), Expression.Constant(0L)), group))));

    private static Column Key(string path, Expression value, RowShape shape) => new(path, value, true) { IsCount = shape.IsCount(value) };

    // Without rows SQL gives no group, but the standard asks for one row. A result that cannot be null is a count: it is then 0.
    private static IQueryable OneRow(IQueryable rows, List<Expression> results)
    {
        var always = rows.Provider.CreateQuery(
            Expression.Call(typeof(Queryable), nameof(Queryable.DefaultIfEmpty), [typeof(Cells)], rows.Expression));
        var row = Expression.Parameter(typeof(Cells), "row");
        var values = results.Select((result, i) => result.Type == typeof(long)
            ? Expression.Coalesce(Cells.At(row, i, typeof(long?)), Expression.Constant(0L))
            : Cells.At(row, i, result.Type));
        return Call(nameof(Queryable.Select), always, Expression.Lambda(Cells.Of([.. values]), row));
    }

    private static IEnumerable<(string Path, GroupByPropertyNode Node)> Leaves(IEnumerable<GroupByPropertyNode> nodes, string before) =>
        nodes.SelectMany(node =>
            node.ChildTransformations is { Count: > 0 } children
                ? Leaves(children, $"{before}{node.Name}/")
                : [($"{before}{node.Name}", node)]
        );

    private static Measure MeasureOf(AggregateExpressionBase expression, RowShape shape, ApplyExpressions expressions)
    {
        if (expression is not AggregateExpression { Method: not AggregationMethod.Custom } aggregate)
            throw new FeedException(FeedError.NotImplemented(
                "aggregate takes sum, average, min, max, countdistinct and $count, of the rows themselves or of related rows one step "
                    + "away.",
                "$apply"));
        if (aggregate.Method == AggregationMethod.VirtualPropertyCount)
            return new(aggregate.Alias, aggregate.Method, null, IsCount: true);
        var value = expressions.Bind(shape, aggregate.Expression);
        if (RelatedCount(aggregate) is { } related)
        {
            // Each related row counts once (3.2.1.1), but along a longer path one row would be reached several times.
            return related.Source is CollectionNavigationNode { Source: ResourceRangeVariableReferenceNode }
                ? new(aggregate.Alias, aggregate.Method, value, IsCount: true)
                : throw new FeedException(FeedError.NotImplemented(
                    "Related rows are counted one step away here: ask the set that they are related to.", "$apply"));
        }
        var isCount = aggregate.Method == AggregationMethod.CountDistinct
            || (aggregate.Method is AggregationMethod.Min or AggregationMethod.Max && shape.IsCount(value));
        return new(aggregate.Alias, aggregate.Method, Operand(aggregate, value), isCount);
    }

    private static CountNode? RelatedCount(AggregateExpression aggregate) => aggregate.Method != AggregationMethod.Sum ? null
        : aggregate.Expression is ConvertNode convert ? convert.Source as CountNode : aggregate.Expression as CountNode;

    // Nullable, so that the aggregate of no values is null. Integers are summed in 64 bits: the minutes of a million tickets do not
    // fit into 32.
    private static Expression Operand(AggregateExpression aggregate, Expression value)
    {
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        if (aggregate.Method is AggregationMethod.Sum or AggregationMethod.Average)
        {
            if (!Numbers.IsNumber(type))
                throw new FeedException(FeedError.BadQuery($"{aggregate.Alias}: only numbers have a sum and an average.", "$apply"));
            type =
                type == typeof(decimal) ? type
                : aggregate.Method == AggregationMethod.Average || type == typeof(double) || type == typeof(float) ? typeof(double)
                : typeof(long);
        }
        var nullable = type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type;
        return value.Type == nullable ? value : Expression.Convert(value, nullable);
    }

    private static Expression Of(Measure measure, Expression group, ParameterExpression element)
    {
        // The aggregate of a constant null needs no database, and PostgreSQL could not tell its type.
        if (measure.Value is not null && Nulls.IsAlways(measure.Value))
            return measure.Method == AggregationMethod.CountDistinct
                ? Expression.Constant(0L)
                : Expression.Constant(null, measure.Value.Type);
        var (row, value) = (element.Type, measure.Value is null ? null : Expression.Lambda(measure.Value, element));
        return measure.Method switch
        {
            AggregationMethod.VirtualPropertyCount => Call(nameof(Enumerable.LongCount), group, row),
            AggregationMethod.Min => Extreme(nameof(Enumerable.Min), group, row, value!),
            AggregationMethod.Max => Extreme(nameof(Enumerable.Max), group, row, value!),
            AggregationMethod.Average => Call(nameof(Enumerable.Average), group, row, value!),
            AggregationMethod.Sum => Sum(group, row, value!),
            AggregationMethod.CountDistinct => CountDistinct(group, row, value!),
            _ => throw new InvalidOperationException($"No aggregation {measure.Method}."),
        };
    }

    // PostgreSQL has no minimum and maximum of Booleans.
    private static Expression Extreme(string method, Expression group, Type element, LambdaExpression value)
    {
        if (value.ReturnType != typeof(bool?))
            return Expression.Call(typeof(Enumerable), method, [element, value.ReturnType], group, value);
        var number = Choice<bool, int>(value.Body, true, 1, 0);
        var extreme = Expression.Call(
            typeof(Enumerable), method, [element, typeof(int?)], group, Expression.Lambda(number, value.Parameters));
        return Choice<int, bool>(extreme, 1, true, false);

        static Expression Choice<TFrom, TTo>(Expression value, TFrom first, TTo then, TTo otherwise) where TFrom : struct where TTo : struct
        {
            var isFirst = Expression.Equal(value, Expression.Constant(first, typeof(TFrom?)));
            return Nulls.Unless(Nulls.Is(value), Expression.Condition(isFirst, Expression.Constant(then), Expression.Constant(otherwise)));
        }
    }

    // In EF the sum of no values is 0; in the standard it is null.
    private static Expression Sum(Expression group, Type element, LambdaExpression value)
    {
        if (value.ReturnType == typeof(long))
            return Call(nameof(Enumerable.Sum), group, element, value); // of counts: 0 is right
        var present = Expression.Lambda(Expression.NotEqual(value.Body, Expression.Constant(null, value.ReturnType)), value.Parameters);
        return Expression.Condition(
            Expression.Equal(Call(nameof(Enumerable.Count), group, element, present), Expression.Constant(0)),
            Expression.Constant(null, value.ReturnType),
            Call(nameof(Enumerable.Sum), group, element, value));
    }

    private static MethodCallExpression CountDistinct(Expression group, Type element, LambdaExpression value)
    {
        var values = Expression.Call(typeof(Enumerable), nameof(Enumerable.Select), [element, value.ReturnType], group, value);
        // EF would count the null of a missing related row as a value.
        var one = Expression.Parameter(value.ReturnType, "value");
        var present = Expression.Lambda(Expression.NotEqual(one, Expression.Constant(null, value.ReturnType)), one);
        var distinct = Expression.Call(
            typeof(Enumerable), nameof(Enumerable.Distinct), [value.ReturnType],
            Call(nameof(Enumerable.Where), values, value.ReturnType, present));
        return Expression.Call(typeof(Enumerable), nameof(Enumerable.LongCount), [value.ReturnType], distinct);
    }

    private static MethodCallExpression Call(string method, Expression group, Type element, params Expression[] value) =>
        Expression.Call(typeof(Enumerable), method, [element], [group, .. value]);

    private static IQueryable Call(string method, IQueryable rows, LambdaExpression by) => rows.Provider.CreateQuery(
        Expression.Call(typeof(Queryable), method, [rows.ElementType, by.ReturnType], rows.Expression, Expression.Quote(by)));
}
