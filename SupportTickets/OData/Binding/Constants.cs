using System.Linq.Expressions;
using SupportTickets.Data;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Parts of a query that depend on no row. They are computed here; EF would do so too, but with the overflow and rounding of C#.
/// </summary>
internal static class Constants
{
    /// <summary>The value of an expression; null when it depends on a row or has no value.</summary>
    public static object? Value(Expression expression)
    {
        if (!IsConstant(expression))
            return null;
        return Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();
    }

    /// <summary>Whether an expression depends on no row and no function of the database.</summary>
    public static bool IsConstant(Expression expression)
    {
        var search = new Search();
        search.Visit(expression);
        return !search.Found;
    }

    private sealed class Search : ExpressionVisitor
    {
        public bool Found { get; private set; }

        public override Expression? Visit(Expression? node) => Found ? node : base.Visit(node);

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found = true;
            return node;
        }

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            var isValue = node.Method.Name is nameof(QueryFunctions.MakeTime) or nameof(QueryFunctions.MakeDay);
            Found |=
                (node.Method.DeclaringType == typeof(QueryFunctions) && !isValue)
                || node.Method.DeclaringType == typeof(FloatFunctions)
                || typeof(IQueryable).IsAssignableFrom(node.Type);
            return base.VisitMethodCall(node);
        }

        protected override Expression VisitExtension(Expression node)
        {
            Found = true;
            return node;
        }
    }
}
