using System.Linq.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Binding;

namespace SupportTickets.OData.Apply;

/// <summary>The rows after a step, not yet run.</summary>
/// <param name="Rows">The query, in no order.</param>
/// <param name="Shape">What its rows look like.</param>
/// <param name="Order">The sort keys from the steps, over the row of the shape. Rows with equal keys have no order yet.</param>
internal sealed record ApplyRows(IQueryable Rows, RowShape Shape, IReadOnlyList<SortKey> Order)
{
    /// <summary>Whether an earlier step kept only some of the rows by their order.</summary>
    public bool IsPart { get; init; }

    /// <summary>The order extended to a total order, so that it is stable across requests; null when there is at most one row.</summary>
    public SortOrder? Total(IEdmEntityType entity)
    {
        var ties = Shape.Collapsed
            ? Shape
                .Columns.Where(column => column.Identifies)
                .Select(column => SortOrder.Key(column.Value, OrderByDirection.Ascending, MayBeNull(column.Value.Type)))
            : entity
                .Key()
                .Select(key => SortOrder.Key(Expression.Property(Shape.Row, key.Name), OrderByDirection.Ascending, nullable: false));
        // A constant does not order rows. Besides, two constants would be compared here and not in the database, where NaN equals NaN.
        var keys = Order.Concat(ties).Where(key => !Constants.IsConstant(key.Value));
        if (Shape.Collapsed && IsPart)
            keys = keys.Select(key => key with { Value = AsIs(key.Value) });
        List<SortKey> all = [.. keys];
        return all.Count == 0 ? null : new(Shape.Row, all);
    }

    private static MethodCallExpression AsIs(Expression value)
    {
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        if (type.IsEnum)
            (type, value) = (typeof(int), Expression.Convert(value, type == value.Type ? typeof(int) : typeof(int?)));
        var sorted = Numbers.IsInteger(type) ? typeof(long?)
            : Numbers.IsNumber(type) ? typeof(double?)
            : type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type;
        var method = typeof(QueryFunctions).GetMethod(nameof(QueryFunctions.AsIs), [sorted])
            ?? throw new InvalidOperationException($"Nothing is sorted by {type.Name}.");
        return Expression.Call(method, value.Type == sorted ? value : Expression.Convert(value, sorted));
    }

    private static bool MayBeNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
}
