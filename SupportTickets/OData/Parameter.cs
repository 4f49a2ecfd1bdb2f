using System.Linq.Expressions;

namespace SupportTickets.OData;

/// <summary>
/// Values as EF takes them: read from a field of an object they become SQL parameters, so that every value shares one
/// compiled query and none is ever part of the SQL's text.
/// </summary>
internal static class Parameter
{
    /// <summary>An expression of the given type that EF makes a parameter of.</summary>
    public static Expression Of(object? value, Type type) =>
        Expression.Field(Expression.Constant(Activator.CreateInstance(typeof(Box<>).MakeGenericType(type), value)), nameof(Box<>.Value));

    /// <summary>The same, with the type known.</summary>
    public static Expression Of<T>(T value) => Expression.Field(Expression.Constant(new Box<T>(value)), nameof(Box<>.Value));

    private sealed class Box<T>(T value)
    {
        public readonly T Value = value;
    }
}
