using System.Globalization;
using System.Linq.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Floating-point arithmetic by functions of the database. On overflow PostgreSQL fails and SQLite gives infinity; SQLite also has
/// no NaN and turns it into null. With these functions both fail on overflow, and both give null for NaN.
/// </summary>
internal static class Floating
{
    /// <summary>How deep divisions may be nested. On PostgreSQL each operand is written twice, to find a 0 before it divides.</summary>
    private const int MaxDivisions = 6;

    /// <summary>NaN as an operand: the databases treat it as null, and comparisons with it never hold.</summary>
    public static readonly ConstantExpression NaN = Expression.Constant(null, typeof(double?));

    /// <summary>Whether a result may be NaN, and so null, although no operand is null.</summary>
    public static bool MayBeNaN(BinaryOperatorNode node) => node.TypeReference?.IsIntegral() != true && node.OperatorKind switch
    {
        BinaryOperatorKind.Divide => Values.Unwrapped(node.Right) is not ConstantNode { Value: IConvertible divisor }
            || Convert.ToDouble(divisor, CultureInfo.InvariantCulture) is 0 || !IsFinite(node.Right) || !IsFinite(node.Left),
        BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply =>
            !IsFinite(node.Left) || !IsFinite(node.Right),
        _ => false,
    };

    // Numbers become infinite only by dividing by 0.
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

    /// <summary>Binds an operator.</summary>
    public static Expression Of(ExpressionType type, Expression left, Expression right)
    {
        if (type == ExpressionType.Divide && Constants.Value(right) is { } divisor)
            return Convert.ToDouble(divisor, CultureInfo.InvariantCulture) == 0
                ? Call(nameof(FloatFunctions.OverZero), left)
                : Call(nameof(FloatFunctions.Ratio), left, right);
        if (type == ExpressionType.Divide && new Divisions().In(left, right) >= MaxDivisions)
            throw new FeedException(FeedError.OverLimit("too_deep", $"Divisions may be nested at most {MaxDivisions} deep."));
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
