using System.Globalization;
using System.Linq.Expressions;
using SupportTickets.Data;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Gives the operands of a comparison one type (OData URL Conventions 4.01, 5.1.1.1 and 5.1.1.18). A column is not converted
/// wherever the other operand can take its type, because a converted column cannot use its index.
/// </summary>
internal static class Promotion
{
    /// <summary>Binds a comparison of numbers, or of days and times; null leaves anything else.</summary>
    public static Expression? Compare(ExpressionType comparison, Expression left, Expression right)
    {
        if (Constants.IsConstant(left) && !Constants.IsConstant(right))
            (comparison, left, right) = (Mirrored(comparison), right, left);
        if (Numbers.IsNumber(left.Type) && Numbers.IsNumber(right.Type))
            return Numeric(comparison, left, right);
        if (Is<DateOnly>(left) && Is<DateTime>(right))
            return DayWithTime(comparison, left, right);
        if (Is<DateTime>(left) && Is<DateOnly>(right))
            return Lifted(comparison, left, Midnight(right));
        return Is<DateOnly>(left) && Is<DateOnly>(right) ? Lifted(comparison, left, right) : null;
    }

    /// <summary>A number as a value of an integer type; null when the type does not have it.</summary>
    public static object? Whole(object number, Type type)
    {
        var exact = number switch
        {
            double value => double.IsInteger(value) && Math.Abs(value) < 1e18 ? (decimal)value : (decimal?)null,
            float value => float.IsInteger(value) && Math.Abs(value) < 1e18f ? (decimal)value : null,
            decimal value => decimal.IsInteger(value) ? value : null,
            _ => Convert.ToDecimal(number, CultureInfo.InvariantCulture),
        };
        try
        {
            return exact is { } whole ? Convert.ChangeType(whole, type, CultureInfo.InvariantCulture) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static BinaryExpression Numeric(ExpressionType comparison, Expression left, Expression right)
    {
        // No number equals NaN, is larger or is smaller.
        if (left == Floating.NaN || right == Floating.NaN)
            return Never(comparison);
        if (Numbers.IsInteger(left.Type) && right.Type != left.Type && Constants.Value(right) is { } number)
            right = AsColumn(comparison, number, Nullable.GetUnderlyingType(left.Type) ?? left.Type) ?? right;
        Numbers.Promote(ref left, ref right);
        return Expression.MakeBinary(comparison, left, right);
    }

    private static BinaryExpression Never(ExpressionType comparison) => Expression.MakeBinary(
        comparison == ExpressionType.NotEqual ? comparison : ExpressionType.Equal, Expression.Constant(0), Expression.Constant(1));

    // The number to compare an integer column with; null where the column must be converted. For example, x gt 6.5 is x ge 7.
    private static Expression? AsColumn(ExpressionType comparison, object number, Type type)
    {
        var whole = Whole(number, type);
        if (whole is null && comparison is not (ExpressionType.Equal or ExpressionType.NotEqual))
        {
            var below = Math.Floor(Convert.ToDouble(number, CultureInfo.InvariantCulture));
            whole = Whole(comparison is ExpressionType.GreaterThanOrEqual or ExpressionType.LessThan ? below + 1 : below, type);
        }
        return whole is null ? null : Parameter.Of(whole, type);
    }

    // A day stands for its midnight. A time at midnight equals that day; any other time lies between two days.
    private static BinaryExpression DayWithTime(ExpressionType comparison, Expression day, Expression time)
    {
        if (Constants.Value(time) is DateTime at)
        {
            var of = DateOnly.FromDateTime(at);
            var isBetween = at.TimeOfDay != TimeSpan.Zero;
            if (!isBetween || comparison is ExpressionType.GreaterThan or ExpressionType.LessThanOrEqual)
                return Lifted(comparison, day, Parameter.Of(of));
            if (comparison is ExpressionType.GreaterThanOrEqual or ExpressionType.LessThan && of < DateOnly.MaxValue)
                return Lifted(comparison, day, Parameter.Of(of.AddDays(1)));
        }
        return Lifted(comparison, Midnight(day), time);
    }

    private static MethodCallExpression Midnight(Expression day) =>
        Expression.Call(typeof(QueryFunctions), nameof(QueryFunctions.Midnight), null, Expression.Convert(day, typeof(DateOnly?)));

    private static BinaryExpression Lifted(ExpressionType comparison, Expression left, Expression right)
    {
        if (left.Type != right.Type && Nullable.GetUnderlyingType(left.Type) is null)
            left = Expression.Convert(left, right.Type);
        else if (left.Type != right.Type)
            right = Expression.Convert(right, left.Type);
        return Expression.MakeBinary(comparison, left, right);
    }

    private static bool Is<T>(Expression value) => (Nullable.GetUnderlyingType(value.Type) ?? value.Type) == typeof(T);

    private static ExpressionType Mirrored(ExpressionType comparison) => comparison switch
    {
        ExpressionType.GreaterThan => ExpressionType.LessThan,
        ExpressionType.GreaterThanOrEqual => ExpressionType.LessThanOrEqual,
        ExpressionType.LessThan => ExpressionType.GreaterThan,
        ExpressionType.LessThanOrEqual => ExpressionType.GreaterThanOrEqual,
        _ => comparison,
    };
}
