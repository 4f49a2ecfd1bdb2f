using System.Linq.Expressions;
using SupportTickets.Data;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Makes SQL parameters of values. EF makes a parameter of a value that is read from a field of an object. So queries that differ
/// only in values share one compiled query, and no value is part of the SQL text.
/// </summary>
internal static class Parameter
{
    /// <summary>An expression of the given type that EF makes a parameter of.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="slot">What the value is, where it does not come from the options: another request may have another one.</param>
    public static Expression Of(object? value, Type type, string? slot = null) => MinOrMax(value) is { } minOrMax
        ? (minOrMax.Type == type ? minOrMax : Expression.Convert(minOrMax, type))
        : Expression.Field(
            Expression.Constant(Activator.CreateInstance(typeof(Box<>).MakeGenericType(type), value, slot)), nameof(Box<>.Value));

    /// <summary>An expression of the value's type that EF makes a parameter of.</summary>
    public static Expression Of<T>(T value, string? slot = null) => Of(value, typeof(T), slot);

    /// <summary>The value and the slot of a parameter that was made here; null for any other expression.</summary>
    public static (object? Value, string? Slot)? Read(MemberExpression expression) =>
        expression.Expression is ConstantExpression { Value: IBox box } ? (box.Content, box.Slot) : null;

    /// <summary>Whether a value is the first or last of its type, which cannot be a parameter.</summary>
    public static bool IsMinOrMax(object? value) => MinOrMax(value) is not null;

    // The driver of PostgreSQL would write these as infinity, with which nothing can be computed.
    private static MethodCallExpression? MinOrMax(object? value) => value switch
    {
        DateTime { Ticks: 0 } => Made(nameof(QueryFunctions.MakeTime), 1, 1, 1, 0, 0, 0.0, "UTC"),
        DateOnly day when day == DateOnly.MinValue || day == DateOnly.MaxValue =>
            Made(nameof(QueryFunctions.MakeDay), day.Year, day.Month, day.Day),
        _ => null,
    };

    private static MethodCallExpression Made(string function, params object[] parts) =>
        Expression.Call(typeof(QueryFunctions), function, null, [.. parts.Select(Expression.Constant)]);

    private interface IBox
    {
        object? Content { get; }

        string? Slot { get; }
    }

    private sealed class Box<T>(T value, string? slot) : IBox
    {
        public readonly T Value = value;

        public object? Content => Value;

        public string? Slot => slot;
    }
}
