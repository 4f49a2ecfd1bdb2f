using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>
/// <c>case</c> (OData URL Conventions 4.01, 5.1.1.12.1): the value of the first pair whose condition is true; null when there is none.
/// </summary>
internal static class CaseFunction
{
    /// <summary>Binds the function.</summary>
    /// <param name="parts">Conditions and values in turn.</param>
    /// <param name="bind">Binds a part.</param>
    public static Expression Bind(IReadOnlyList<QueryNode> parts, Func<QueryNode, Expression> bind)
    {
        var nodes = parts.Where((_, at) => at % 2 == 1);
        var values = nodes.Select(value => value is ConstantNode { Value: null } ? null : bind(value)).ToList();
        var type = TypeOf([.. values.OfType<Expression>()]);
        Expression result = Expression.Constant(null, type);
        for (var at = values.Count - 1; at >= 0; at--)
        {
            var value = values[at] ?? Expression.Constant(null, type);
            if (value.Type != type)
                value = Expression.Convert(value, type);
            var condition = IsTrue(bind(parts[2 * at]));
            // A constant condition is decided here, so that callers can see when the result is constant.
            result = Constants.Value(condition) is bool known ? (known ? value : result) : Expression.Condition(condition, value, result);
        }
        // EF would move a function for a part of the time into the values, and PostgreSQL cannot tell the type of two parameters.
        return type == typeof(DateTime?) && result is ConditionalExpression
            ? Expression.Call(typeof(QueryFunctions), nameof(QueryFunctions.Time), null, result)
            : result;
    }

    private static Expression IsTrue(Expression condition) => condition is ConstantExpression { Value: null } ? Expression.Constant(false)
        : condition.Type == typeof(bool) ? condition
        : condition.Type == typeof(bool?) ? Expression.Equal(condition, Expression.Constant(true, typeof(bool?)))
        : throw new FeedException(FeedError.BadQuery("A condition of case is true or false."));

    // A nullable type that has every value: for numbers the widest.
    private static Type TypeOf(IReadOnlyList<Expression> values)
    {
        var types = values.Select(value => Nullable.GetUnderlyingType(value.Type) ?? value.Type).Distinct().ToList();
        if (types.Count == 0)
            return typeof(string);
        if (types.Count > 1 && !types.All(Numbers.IsNumber))
            throw new FeedException(FeedError.BadQuery("The values of case are of one type."));
        var widest = types.Aggregate((one, other) => Numbers.IsWider(other, one) ? other : one);
        return widest.IsValueType ? typeof(Nullable<>).MakeGenericType(widest) : widest;
    }
}
