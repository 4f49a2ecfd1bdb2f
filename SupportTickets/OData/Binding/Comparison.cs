using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.Data;

namespace SupportTickets.OData.Binding;

/// <summary>A comparison, which is true or false and never null (OData URL Conventions 4.01, 5.1.1.1.1 to 5.1.1.1.6).</summary>
internal sealed class Comparison(
    Logic logic, BinaryOperatorNode node, Func<QueryNode, Expression> bind, Func<QueryNode, Expression> library)
{
    private readonly BinaryOperatorKind _kind = node.OperatorKind;

    private bool TakesEqual => _kind is BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.LessThanOrEqual;

    /// <summary>Whether an operator is a comparison.</summary>
    public static bool Is(BinaryOperatorNode node) => node.OperatorKind is BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual
        or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual
        or BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual;

    /// <summary>The comparison as a value.</summary>
    public Expression Value()
    {
        if (WithoutOperator() is { } bound)
            return bound(true);
        var compared = Compared();
        var (left, right) = (Nulls.Of(node.Left, bind), Nulls.Of(node.Right, bind));
        foreach (var missing in new[] { left, right }.OfType<Expression>())
            compared = Expression.AndAlso(Expression.Not(missing), compared);
        return TakesEqual && left is not null && right is not null
            ? Expression.OrElse(Expression.AndAlso(left, right), compared)
            : compared;
    }

    /// <summary>Whether the comparison is true, or whether it is false, as a predicate: there SQL may give null instead of false.</summary>
    public Expression Holds(bool holds)
    {
        if (WithoutOperator() is { } bound)
            return bound(holds);
        var compared = Compared();
        var (left, right) = (Nulls.Of(node.Left, bind), Nulls.Of(node.Right, bind));
        if (holds)
            return TakesEqual && left is not null && right is not null
                ? Expression.OrElse(compared, Expression.AndAlso(left, right))
                : compared;
        Expression not = Expression.Not(compared);
        return (left, right) switch
        {
            (null, null) => not,
            (not null, not null) when TakesEqual => Expression.OrElse(
                Expression.NotEqual(left, right), Expression.AndAlso(Expression.Not(Expression.OrElse(left, right)), not)),
            (not null, not null) => Expression.OrElse(Expression.OrElse(left, right), not),
            _ => Expression.OrElse((left ?? right)!, not),
        };
    }

    // Comparisons that are bound without the comparison operator of SQL.
    private Func<bool, Expression>? WithoutOperator()
    {
        var (left, right) = (Values.Unwrapped(node.Left), Values.Unwrapped(node.Right));
        if (right is ConstantNode { Value: null or bool } constant)
            return By(node.Left, constant);
        if (left is ConstantNode { Value: null or bool } first)
            return By(node.Right, first);
        var (value, other) = (bind(node.Left), bind(node.Right));
        if (IsBoolean(value) && IsBoolean(other))
            return Ranked(value, other);
        if (_kind is not (BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual))
            return null;
        return holds => holds ? Compared() : Expression.Not(Compared());
    }

    private Func<bool, Expression>? By(SingleValueNode operand, ConstantNode constant)
    {
        if (constant.Value is null)
        {
            _ = bind(operand); // its value is not needed, but it must be refused if it is invalid
            if (_kind is BinaryOperatorKind.GreaterThan or BinaryOperatorKind.LessThan)
                return holds => Expression.Constant(!holds);
            return holds => holds == (_kind != BinaryOperatorKind.NotEqual) ? IsNull(operand) : Expression.Not(IsNull(operand));
        }
        if (_kind is not (BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual))
            return Ranked(bind(node.Left), bind(node.Right));
        var wanted = constant.Value is true;
        return holds => logic.Test(operand, (wanted, holds == (_kind == BinaryOperatorKind.Equal)) switch
        {
            (true, true) => BooleanTest.True,
            (true, false) => BooleanTest.NotTrue,
            (false, true) => BooleanTest.False,
            (false, false) => BooleanTest.NotFalse,
        });
    }

    private Expression IsNull(SingleValueNode operand) => Logic.Is(operand)
        ? Expression.AndAlso(logic.Test(operand, BooleanTest.NotTrue), logic.Test(operand, BooleanTest.NotFalse))
        : Nulls.Of(operand, bind) ?? Expression.Constant(false);

    // C# does not order Booleans, and null has no place in an order. Each operand occurs only once, because operands are
    // expressions that nest.
    private Func<bool, Expression> Ranked(Expression left, Expression right)
    {
        var difference = Expression.Subtract(Rank(left), Rank(right));
        int[] differences = _kind switch
        {
            BinaryOperatorKind.GreaterThan => [1],
            BinaryOperatorKind.GreaterThanOrEqual => [0, 1],
            BinaryOperatorKind.LessThan => [-1],
            BinaryOperatorKind.LessThanOrEqual => [-1, 0],
            _ => [0],
        };
        var holding = Among(difference, differences);
        return holds => holds == (_kind != BinaryOperatorKind.NotEqual) ? holding : Expression.Not(holding);
    }

    /// <summary>Whether a Boolean has one of some ranks. Avoids <c>a = b in (...)</c>, which each database reads differently.</summary>
    public static Expression AmongRanks(Expression value, IEnumerable<int> ranks) => Among(Rank(value), [.. ranks.Distinct()]);

    private static MethodCallExpression Among(Expression number, int[] numbers) =>
        Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(int)], Expression.Constant(numbers), number);

    private static MethodCallExpression Rank(Expression value) => Expression.Call(
        typeof(QueryFunctions), nameof(QueryFunctions.Rank), null, Expression.Convert(Logic.Boolean(value), typeof(bool?)));

    private Expression Compared() => Arithmetic.Bind(node, bind) ?? library(node);

    private static bool IsBoolean(Expression value) => (Nullable.GetUnderlyingType(value.Type) ?? value.Type) == typeof(bool);
}
