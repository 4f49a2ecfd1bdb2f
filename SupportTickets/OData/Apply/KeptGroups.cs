using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Apply;

/// <summary>
/// Groups rows by the counts that the database keeps (<see cref="KeptCounts"/>), where these have all that is asked for: the keys, the
/// filters before, and for each group the number of rows and the sums and averages of some properties. The answer is the same.
/// </summary>
internal sealed class KeptGroups : ExpressionVisitor
{
    private readonly KeptCounts _counts;
    private readonly ParameterExpression _kept;
    private readonly ParameterExpression _row;
    private bool _isUnknown;

    private KeptGroups(KeptCounts counts, ParameterExpression row) =>
        (_counts, _row, _kept) = (counts, row, Expression.Parameter(counts.Rows.ElementType, "kept"));

    /// <summary>The groups; null when they need the rows themselves.</summary>
    /// <param name="all">The counts of all rows of the set.</param>
    /// <param name="input">The rows: all of the set, or those that filters left.</param>
    /// <param name="keys">The grouping keys.</param>
    /// <param name="measures">What is aggregated.</param>
    public static ApplyRows? Find(
        IReadOnlyList<KeptCounts> all, ApplyRows input, List<Column> keys, List<Grouping.Measure> measures)
    {
        if (input.IsPart || input.Shape.Collapsed || Filters(input.Rows.Expression) is not { } filters)
            return null;
        return all.Select(counts => new KeptGroups(counts, input.Shape.Row).Of(filters, keys, measures)).FirstOrDefault(g => g is not null);
    }

    private ApplyRows? Of(List<LambdaExpression> filters, List<Column> keys, List<Grouping.Measure> measures)
    {
        var rows = filters.Aggregate(_counts.Rows, (rows, filter) => rows.Provider.CreateQuery(Expression.Call(
            typeof(Queryable), nameof(Queryable.Where), [rows.ElementType], rows.Expression,
            Expression.Quote(Expression.Lambda(Kept(Over(filter)), _kept)))));
        List<Column> kept = [.. keys.Select(key => key with { Value = Kept(key.Value) })];
        var sums = measures.ConvertAll(measure => measure with { Sum = SumOf(measure) });
        return _isUnknown ? null : Grouping.Grouped(rows, _kept, kept, sums, Count);
    }

    /// <summary>The filters of a query that does nothing but filter a set; null for any other.</summary>
    private static List<LambdaExpression>? Filters(Expression query) => query switch
    {
        EntityQueryRootExpression => [],
        MethodCallExpression { Method: { Name: nameof(EntityFrameworkQueryableExtensions.AsNoTracking) } } call =>
            Filters(call.Arguments[0]),
        MethodCallExpression { Method: { Name: nameof(Queryable.Where) } method } call when method.DeclaringType == typeof(Queryable)
            && ((UnaryExpression)call.Arguments[1]).Operand is LambdaExpression { Parameters.Count: 1 } filter =>
            Filters(call.Arguments[0]) is { } before ? [.. before, filter] : null,
        _ => null,
    };

    private LambdaExpression Count => Expression.Lambda(
        Expression.Convert(Expression.Property(_kept, _counts.Count), typeof(long)), _kept);

    // The sum that a measure is made of. $count has none: it is the number of rows. A cast makes another type of the result, so the value
    // must be the property itself, made nullable.
    private LambdaExpression? SumOf(Grouping.Measure measure)
    {
        if (measure.Method == AggregationMethod.VirtualPropertyCount)
            return null;
        if (measure.Method is AggregationMethod.Sum or AggregationMethod.Average
            && measure.Value is UnaryExpression { NodeType: ExpressionType.Convert, Operand: MemberExpression property }
            && property.Expression == _row && _counts.Sums.TryGetValue(property.Member.Name, out var sum))
            return Expression.Lambda(Expression.Property(_kept, sum), _kept);
        _isUnknown = true;
        return null;
    }

    private Expression Kept(Expression expression) => Visit(expression);

    // A filter has a parameter of its own.
    private Expression Over(LambdaExpression filter) => new Rename(filter.Parameters[0], _row).Visit(filter.Body);

    /// <inheritdoc />
    protected override Expression VisitMember(MemberExpression node)
    {
        if (node.Expression != _row)
            return base.VisitMember(node);
        if (_counts.Properties.TryGetValue(node.Member.Name, out var name))
            return Expression.Property(_kept, name);
        _isUnknown = true;
        return node;
    }

    /// <inheritdoc />
    protected override Expression VisitParameter(ParameterExpression node)
    {
        _isUnknown |= node == _row; // the row as a whole
        return base.VisitParameter(node);
    }

    /// <inheritdoc />
    protected override Expression VisitExtension(Expression node)
    {
        // What is nested in the expression is a query of its own, over other rows.
        _isUnknown = true;
        return node;
    }

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
