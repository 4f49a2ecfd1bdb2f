using System.Linq.Expressions;
using System.Reflection;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Apply;

/// <summary>
/// A row of $apply: numbered values. A class with members, because EF translates members of a class but no look-up by name.
/// </summary>
internal sealed class Cells
{
    /// <summary>The most values of a row.</summary>
    public const int Max = 32;

    private static readonly PropertyInfo[] Members = [.. Enumerable.Range(0, Max).Select(i => typeof(Cells).GetProperty($"C{i}")!)];

#pragma warning disable CS1591 // the names are only numbers
    public object? C0 { get; init; }
    public object? C1 { get; init; }
    public object? C2 { get; init; }
    public object? C3 { get; init; }
    public object? C4 { get; init; }
    public object? C5 { get; init; }
    public object? C6 { get; init; }
    public object? C7 { get; init; }
    public object? C8 { get; init; }
    public object? C9 { get; init; }
    public object? C10 { get; init; }
    public object? C11 { get; init; }
    public object? C12 { get; init; }
    public object? C13 { get; init; }
    public object? C14 { get; init; }
    public object? C15 { get; init; }
    public object? C16 { get; init; }
    public object? C17 { get; init; }
    public object? C18 { get; init; }
    public object? C19 { get; init; }
    public object? C20 { get; init; }
    public object? C21 { get; init; }
    public object? C22 { get; init; }
    public object? C23 { get; init; }
    public object? C24 { get; init; }
    public object? C25 { get; init; }
    public object? C26 { get; init; }
    public object? C27 { get; init; }
    public object? C28 { get; init; }
    public object? C29 { get; init; }
    public object? C30 { get; init; }
    public object? C31 { get; init; }
#pragma warning restore CS1591

    /// <summary>The first values of this row.</summary>
    public IReadOnlyList<object?> Values(int count)
    {
        ReadOnlySpan<object?> all =
        [
            C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13, C14, C15,
            C16, C17, C18, C19, C20, C21, C22, C23, C24, C25, C26, C27, C28, C29, C30, C31,
        ];
        return all[..count].ToArray();
    }

    /// <summary>An expression for a new row of these values; throws on more than <see cref="Max"/>.</summary>
    public static MemberInitExpression Of(IReadOnlyList<Expression> values) => values.Count <= Max
        ? Expression.MemberInit(Expression.New(typeof(Cells)), values.Select((value, i) => Expression.Bind(Members[i], Boxed(value))))
        : throw new FeedException(FeedError.BadQuery($"The rows of $apply have at most {Max} properties.", "$apply"));

    /// <summary>
    /// A value as an object. A value that comes from a row is not converted, because the database would convert it there and back.
    /// </summary>
    public static Expression Boxed(Expression value) =>
        value is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var inner } && inner.Type == typeof(object)
        ? inner
        : Expression.Convert(value, typeof(object));

    /// <summary>A value of a row, with its type.</summary>
    public static Expression At(Expression row, int number, Type type) =>
        Expression.Convert(Expression.Property(row, Members[number]), type);
}
