using System.Linq.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>Functions of times (OData URL Conventions 4.01, 5.1.1.8). All times are UTC, to the microsecond.</summary>
internal static class TimeFunctions
{
    /// <summary>The time to take a part of. For <c>time(x)</c> it is x, which has the same parts.</summary>
    public static Expression Of(QueryNode node, Func<QueryNode, Expression> bind) =>
        bind(Values.Unwrapped(node) is SingleValueFunctionCallNode { Name: "time" } time ? time.Parameters.First() : node);

    /// <summary>
    /// Refuses a part of a time literal with an offset. The standard asks for evaluation in that time zone, or for an error where
    /// times are kept in UTC, as here (5.1.1.8).
    /// </summary>
    public static void RefuseOffset(string function, IReadOnlyList<QueryNode> parameters)
    {
        var dependsOnZone = function is "year" or "month" or "day" or "hour" or "minute" or "date" or "time" or "totaloffsetminutes";
        if (dependsOnZone && parameters.Any(HasOffset))
            throw new FeedException(FeedError.BadQuery(
                $"{function} of a time literal with an offset cannot be computed, since times are kept in UTC: "
                    + "write the literal in UTC, with Z."));
    }

    private static bool HasOffset(QueryNode node) => Values.Unwrapped(node) switch
    {
        ConstantNode { Value: DateTimeOffset time } => time.Offset != TimeSpan.Zero,
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } sum =>
            HasOffset(sum.Left) || HasOffset(sum.Right),
        SingleValueFunctionCallNode { Name: "case" } function => function.Parameters.Any(HasOffset),
        SingleValueFunctionCallNode { Name: "cast" } cast when cast.TypeReference.IsDateTimeOffset() =>
            cast.Parameters.First() is ConstantNode { Value: string text }
                ? HasOffset(Functions.Literal(text, cast.TypeReference))
                : HasOffset(cast.Parameters.First()),
        _ => false,
    };

    /// <summary>The whole seconds of the minute, 0 to 59. PostgreSQL itself would round them, up to 60.</summary>
    public static Expression? Second(Expression time) => Microseconds(time) is not { } microseconds ? null
        : Expression.Convert(Expression.Divide(microseconds, Expression.Constant(1_000_000L, typeof(long?))), typeof(int?));

    /// <summary>The part of a second, from 0 to below 1.</summary>
    public static Expression? Fraction(Expression time) => Microseconds(time) is not { } microseconds ? null : Expression.Divide(
        Expression.Convert(Expression.Modulo(microseconds, Expression.Constant(1_000_000L, typeof(long?))), typeof(double?)),
        Expression.Constant(1e6, typeof(double?)));

    /// <summary>The time of the day.</summary>
    public static Expression? TimeOfDay(Expression time) => time.Type == typeof(DateTime)
        ? Expression.Call(typeof(TimeOnly), nameof(TimeOnly.FromDateTime), null, time)
        : time.Type == typeof(DateTime?) ? Expression.Condition(
            Expression.Property(time, nameof(Nullable<>.HasValue)),
            Expression.Convert(Expression.Call(typeof(TimeOnly), nameof(TimeOnly.FromDateTime), null, Present(time)), typeof(TimeOnly?)),
            Expression.Constant(null, typeof(TimeOnly?)))
        : null;

    /// <summary>The offset of the time zone in minutes: 0, because all times are UTC; null for null.</summary>
    public static Expression? Offset(Expression time) =>
        time.Type == typeof(DateTime) ? Parameter.Of(0)
        : time.Type == typeof(DateTime?)
            ? Expression.Condition(
                Expression.Property(time, nameof(Nullable<>.HasValue)), Expression.Constant(0, typeof(int?)),
                Expression.Constant(null, typeof(int?)))
        : null;

    /// <summary>The seconds of a duration: a literal, or the difference of two times.</summary>
    public static Expression TotalSeconds(QueryNode duration, Func<QueryNode, Expression> bind) => Values.Unwrapped(duration) switch
    {
        BinaryOperatorNode difference when Nulls.IsIn([difference.Left, difference.Right]) => Expression.Constant(null, typeof(double?)),
        ConstantNode { Value: TimeSpan span } => Parameter.Of(span.TotalSeconds),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Subtract } sub
            when Time(bind(sub.Left)) is { } to && Time(bind(sub.Right)) is { } from =>
            Expression.Call(typeof(QueryFunctions), nameof(QueryFunctions.SecondsBetween), null, from, to),
        var other when bind(other) is var value && Constants.Value(value) is TimeSpan span => Parameter.Of(span.TotalSeconds),
        _ => throw new FeedException(FeedError.NotImplemented("totalseconds is offered of literals and of the difference of two times.")),
    };

    /// <summary>The value of a nullable time.</summary>
    public static Expression Present(Expression time) =>
        time.Type == typeof(DateTime?) ? Expression.Property(time, nameof(Nullable<>.Value)) : time;

    private static UnaryExpression? Microseconds(Expression time) => Time(time) is not { } present ? null
        : Expression.Convert(Expression.Call(typeof(QueryFunctions), nameof(QueryFunctions.Microseconds), null, present), typeof(long?));

    private static Expression? Time(Expression value) =>
        value.Type == typeof(DateTime) ? Expression.Convert(value, typeof(DateTime?))
        : value.Type == typeof(DateTime?) ? value
        : null;
}
