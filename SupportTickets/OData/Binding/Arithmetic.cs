using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.Data;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Arithmetic and comparison of numbers, days and durations (OData URL Conventions 4.01, 5.1.1.2). Overflow and integer division by
/// zero are errors on both databases. Floating-point division by zero gives infinity.
/// </summary>
internal static class Arithmetic
{
    private static readonly Dictionary<BinaryOperatorKind, ExpressionType> Operators = new()
    {
        [BinaryOperatorKind.Equal] = ExpressionType.Equal,
        [BinaryOperatorKind.NotEqual] = ExpressionType.NotEqual,
        [BinaryOperatorKind.GreaterThan] = ExpressionType.GreaterThan,
        [BinaryOperatorKind.GreaterThanOrEqual] = ExpressionType.GreaterThanOrEqual,
        [BinaryOperatorKind.LessThan] = ExpressionType.LessThan,
        [BinaryOperatorKind.LessThanOrEqual] = ExpressionType.LessThanOrEqual,
        [BinaryOperatorKind.Add] = ExpressionType.Add,
        [BinaryOperatorKind.Subtract] = ExpressionType.Subtract,
        [BinaryOperatorKind.Multiply] = ExpressionType.Multiply,
        [BinaryOperatorKind.Divide] = ExpressionType.Divide,
        [BinaryOperatorKind.Modulo] = ExpressionType.Modulo,
    };

    /// <summary>Binds an operator between numbers; null leaves anything else to the library.</summary>
    public static Expression? Bind(BinaryOperatorNode node, Func<QueryNode, Expression> bind)
    {
        if (!Operators.TryGetValue(node.OperatorKind, out var type))
            return null;
        var (left, right) = (bind(node.Left), bind(node.Right));
        if (node.OperatorKind is not (BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply
            or BinaryOperatorKind.Divide or BinaryOperatorKind.Modulo))
            return Promotion.Compare(type, left, right);
        if (Scaled(type, left, right) is { } duration)
            return duration;
        if (left.Type == typeof(DateTime) && (right.Type == typeof(TimeSpan) || right.Type == typeof(DateTime)))
            return Folded(type, left, right);
        if (!Numbers.IsNumber(left.Type) || !Numbers.IsNumber(right.Type))
            return null;
        Numbers.Promote(ref left, ref right);
        return node.OperatorKind switch
        {
            BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply => Computed(type, left, right),
            BinaryOperatorKind.Divide => Divided(type, left, right),
            BinaryOperatorKind.Modulo when Numbers.IsInteger(left.Type) => Divided(type, left, right),
            // PostgreSQL has no remainder of floating-point numbers, and SQLite truncates them to integers first.
            _ => Remainder(left, right),
        };
    }

    /// <summary>Binds the negation of a number; null leaves anything else to the library.</summary>
    public static Expression? Bind(UnaryOperatorNode node, Func<QueryNode, Expression> bind)
    {
        if (node.OperatorKind != UnaryOperatorKind.Negate)
            return null;
        var value = bind(node.Operand);
        return Numbers.IsNumber(value.Type) ? Computed(ExpressionType.Subtract, Zero(value.Type), value) : null;
    }

    private static Expression Computed(ExpressionType type, Expression left, Expression right)
    {
        if (Folded(type, left, right) is { } folded)
            return folded;
        return Numbers.IsInteger(left.Type)
            ? Guarded(nameof(QueryFunctions.Checked), Expression.MakeBinary(type, left, right))
            : Floating.Of(type, left, right);
    }

    // A duration multiplied or divided by a number. Mostly both are literals, because SQLite has no durations.
    private static BinaryExpression? Scaled(ExpressionType type, Expression left, Expression right)
    {
        var (isLeft, isRight) = (IsDuration(left.Type), IsDuration(right.Type));
        if (isLeft == isRight || type is not (ExpressionType.Multiply or ExpressionType.Divide))
            return null;
        var (duration, number) = isLeft ? (left, right) : (right, left);
        if (!Numbers.IsNumber(number.Type))
            return null;
        var isNullable = Nullable.GetUnderlyingType(duration.Type) is not null || Nullable.GetUnderlyingType(number.Type) is not null;
        return Expression.MakeBinary(type, duration, Expression.Convert(number, isNullable ? typeof(double?) : typeof(double)));
    }

    private static bool IsDuration(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan);

    private static Expression Divided(ExpressionType type, Expression left, Expression right)
    {
        if (type == ExpressionType.Divide && !Numbers.IsInteger(left.Type))
            return Folded(type, left, right) ?? Floating.Of(type, left, right);
        if (Constants.Value(right) is { } divisor && Convert.ToDouble(divisor, System.Globalization.CultureInfo.InvariantCulture) == 0)
            throw new DivideByZeroException();
        return Folded(type, left, right)
            ?? Expression.MakeBinary(type, left, Constants.IsConstant(right) ? right : Guarded(nameof(QueryFunctions.Divisor), right));
    }

    // Computes constants with overflow checks, which C# would not do here.
    private static Expression? Folded(ExpressionType type, Expression left, Expression right)
    {
        if (!Constants.IsConstant(left) || !Constants.IsConstant(right))
            return null;
        var exact = type switch
        {
            ExpressionType.Add => ExpressionType.AddChecked,
            ExpressionType.Subtract => ExpressionType.SubtractChecked,
            ExpressionType.Multiply => ExpressionType.MultiplyChecked,
            _ => type,
        };
        var operation = Expression.MakeBinary(exact, left, right);
        try
        {
            var value = Constants.Value(operation);
            return value is double.NaN or float.NaN ? Floating.NaN : Parameter.Of(value, operation.Type);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new OverflowException(); // C# throws this when a time is out of range
        }
    }

    private static UnaryExpression Guarded(string function, Expression value)
    {
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        if (type == typeof(byte) || type == typeof(short)) type = typeof(int);
        if (type == typeof(float)) type = typeof(double);
        var nullable = typeof(Nullable<>).MakeGenericType(type);
        return Expression.Convert(Expression.Call(typeof(QueryFunctions), function, null, Expression.Convert(value, nullable)), value.Type);
    }

    private static Expression Remainder(Expression left, Expression right)
    {
        var call = Expression.Call(typeof(QueryFunctions), nameof(QueryFunctions.Remainder), null, Fraction(left), Fraction(right));
        return Constants.IsConstant(left) && Constants.IsConstant(right)
            ? Parameter.Of(Expression.Lambda<Func<double?>>(call).Compile(preferInterpretation: true)())
            : call;

        static Expression Fraction(Expression value) => value.Type == typeof(double?) ? value : Expression.Convert(value, typeof(double?));
    }

    private static Expression Zero(Type type) =>
        Parameter.Of(
            Convert.ChangeType(0, Nullable.GetUnderlyingType(type) ?? type, System.Globalization.CultureInfo.InvariantCulture), type);
}
