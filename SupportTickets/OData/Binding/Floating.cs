using System.Globalization;
using System.Linq.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Arithmetic of numbers with a fraction, by functions of the database: what is too large fails on PostgreSQL and is infinite on
/// SQLite, which has no NaN and makes null of it. Here both fail, and both have null for NaN.
/// </summary>
internal static class Floating
{
    /// <summary>How many divisions may stand in each other: PostgreSQL is told each operand twice, to see a 0 before it divides.</summary>
    private const int MaxDivisions = 6;

    /// <summary>NaN as an operand: it is no value of the databases, and a comparison with it is one with nothing.</summary>
    public static readonly ConstantExpression NaN = Expression.Constant(null, typeof(double?));

    /// <summary>Whether a result may be NaN, which is null here, although no operand is.</summary>
    public static bool MayBeNaN(BinaryOperatorNode node) => node.TypeReference?.IsIntegral() != true && node.OperatorKind switch
    {
        BinaryOperatorKind.Divide => Values.Unwrapped(node.Right) is not ConstantNode { Value: IConvertible divisor }
            || Convert.ToDouble(divisor, CultureInfo.InvariantCulture) is 0 || !IsFinite(node.Right) || !IsFinite(node.Left),
        BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply =>
            !IsFinite(node.Left) || !IsFinite(node.Right),
        _ => false,
    };

    // Dividing by 0 is what makes numbers infinite.
    private static bool IsFinite(QueryNode node) => Values.Unwrapped(node) switch
    {
        ConstantNode { Value: double number } => double.IsFinite(number),
        ConstantNode { Value: float number } => float.IsFinite(number),
        BinaryOperatorNode binary => !MayBeNaN(binary) && IsFinite(binary.Left) && IsFinite(binary.Right),
        UnaryOperatorNode unary => IsFinite(unary.Operand),
        SingleValueFunctionCallNode function => function.Parameters.All(IsFinite),
        SingleValueOpenPropertyAccessNode => false,
        _ => true,
    };

    /// <summary>The result of an operator.</summary>
    public static Expression Of(ExpressionType type, Expression left, Expression right)
    {
        if (type == ExpressionType.Divide && Constants.Value(right) is { } divisor)
            return Convert.ToDouble(divisor, CultureInfo.InvariantCulture) == 0
                ? Call(nameof(FloatFunctions.OverZero), left)
                : Call(nameof(FloatFunctions.Ratio), left, right);
        if (type == ExpressionType.Divide && new Divisions().In(left, right) >= MaxDivisions)
            throw new FeedException(FeedError.OverLimit("too_deep", $"Divisions may stand in each other at most {MaxDivisions} deep."));
        return Call(type switch
        {
            ExpressionType.Add => nameof(FloatFunctions.Sum),
            ExpressionType.Subtract => nameof(FloatFunctions.Difference),
            ExpressionType.Multiply => nameof(FloatFunctions.Product),
            _ => nameof(FloatFunctions.Quotient),
        }, left, right);
    }

    private static MethodCallExpression Call(string function, params Expression[] operands) => Expression.Call(
        typeof(FloatFunctions), function, null,
        [.. operands.Select(operand => operand.Type == typeof(double?) ? operand : Expression.Convert(operand, typeof(double?)))]);

    private sealed class Divisions : ExpressionVisitor
    {
        private int _depth;
        private int _deepest;

        public int In(Expression left, Expression right)
        {
            Visit(left);
            Visit(right);
            return _deepest;
        }

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            var divides = node.Method.DeclaringType == typeof(FloatFunctions) && node.Method.Name == nameof(FloatFunctions.Quotient);
            if (divides) _deepest = Math.Max(_deepest, ++_depth);
            base.VisitMethodCall(node);
            if (divides) _depth--;
            return node;
        }
    }
}
