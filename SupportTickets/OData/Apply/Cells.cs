using System.Linq.Expressions;
using System.Reflection;

namespace SupportTickets.OData.Apply;

/// <summary>
/// A row that was made by grouping: values by number. A type of its own, because EF translates the members of a class
/// and nothing that is looked up by name.
/// </summary>
internal sealed class Cells
{
    /// <summary>The most values of a row.</summary>
    public const int Max = 32;

    private static readonly PropertyInfo[] Members = [.. Enumerable.Range(0, Max).Select(i => typeof(Cells).GetProperty($"C{i}")!)];

#pragma warning disable CS1591 // numbered on purpose
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

    /// <summary>A new row of these values; fails on more than <see cref="Max"/>.</summary>
    public static MemberInitExpression Of(IReadOnlyList<Expression> values) => values.Count <= Max
        ? Expression.MemberInit(Expression.New(typeof(Cells)), values.Select((value, i) => Expression.Bind(Members[i], Expression.Convert(value, typeof(object)))))
        : throw new FeedException(FeedError.BadQuery($"Grouped rows have at most {Max} properties.", "$apply"));

    /// <summary>A value of a row, with its type.</summary>
    public static Expression At(Expression row, int number, Type type) => Expression.Convert(Expression.Property(row, Members[number]), type);
}
