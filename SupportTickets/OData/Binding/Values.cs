using System.Globalization;
using System.Linq.Expressions;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Binding;

#pragma warning disable CS0618 // This version of the library uses Edm.Date; later ones use DateOnly.

/// <summary>
/// Binds times and days in queries to the types of the database: UTC <see cref="DateTime"/> and <see cref="DateOnly"/>. The library
/// binds them to its own types, which prevents the use of an index or cannot be translated at all.
/// </summary>
internal static class Values
{
    /// <summary>A time or day as a parameter; null leaves a constant to the library.</summary>
    public static Expression? Constant(ConstantNode node) => node.Value switch
    {
        DateTimeOffset time => Parameter.Of(Microseconds(time.UtcDateTime)),
        Date day => Parameter.Of(DayOf(day)),
        TimeOfDay time => Parameter.Of(new TimeOnly(time.Ticks)),
        double.NaN or float.NaN => Floating.NaN,
        // 2.1 must not become 2.0999999.
        float when double.TryParse(node.LiteralText.TrimEnd('f', 'F'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
            Parameter.Of(number),
        // SQLite stores decimals as text, in which 1.0 differs from 1.
        decimal number => Parameter.Of((double)number),
        string text when text.Contains('\0') => throw new FeedException(FeedError.BadQuery("Null characters are not allowed.")),
        ODataEnumValue member when node.TypeReference.IsEnum() && !IsMember(node.TypeReference.AsEnum().EnumDefinition(), member.Value) =>
            throw new FeedException(FeedError.BadQuery(
                $"'{member.Value}' is no member of {node.TypeReference.AsEnum().EnumDefinition().Name}.")),
        _ => null,
    };

    // By name or, as the standard allows, by number. The library would accept any number.
    private static bool IsMember(IEdmEnumType type, string text) =>
        type.Members.Any(m => m.Name == text || m.Value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) == text);

    /// <summary>A property of a related row. If that row does not exist, the value is null, whatever the type says.</summary>
    public static Expression Property(SingleValuePropertyAccessNode node, Expression bound) =>
        node.Source is SingleNavigationNode && bound.Type.IsValueType && Nullable.GetUnderlyingType(bound.Type) is null
            ? Expression.Convert(bound, typeof(Nullable<>).MakeGenericType(bound.Type))
            : bound;

    /// <summary>
    /// Binds conversions between times and days, which the database does not need; null leaves a conversion to the library.
    /// </summary>
    public static Expression? Convert(ConvertNode node, Func<QueryNode, Expression> bind)
    {
        var target = node.TypeReference;
        // The library guesses the types of numbers; it takes that of a name from $apply or $compute from the other operand, so that
        // 3.5 compared with 3 would become 3. Arithmetic promotes by the real types.
        if (Numbers.Of(target.PrimitiveKind()) is not null && bind(node.Source) is var number && Numbers.IsNumber(number.Type))
            return number;
        if (!target.IsDateTimeOffset() && !target.IsDate() && !target.IsTimeOfDay())
            return null;
        if (node.Source is ConstantNode { Value: Date day } && target.IsDateTimeOffset())
            return Parameter.Of(DayOf(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        if (node.Source is ConstantNode { Value: null })
            return null;
        var source = bind(node.Source);
        var type = Nullable.GetUnderlyingType(source.Type) ?? source.Type;
        return type == typeof(DateTime) || type == typeof(DateOnly) || type == typeof(TimeOnly) ? source : null;
    }

    /// <summary>Binds <c>in (...)</c> over constants, as a list of exactly the type that it is compared with.</summary>
    public static Expression? In(InNode node, Func<QueryNode, Expression> bind)
    {
        if (node.Right is not CollectionConstantNode constants)
            return null;
        var left = bind(node.Left);
        if (left is ConstantExpression { Value: null })
            return Expression.Constant(constants.Collection.Any(item => item.Value is null));
        if ((Nullable.GetUnderlyingType(left.Type) ?? left.Type) == typeof(bool))
            return Comparison.AmongRanks(left, constants.Collection.Select(item => Rank(item.Value)));
        var list = ListItems.Of(constants, left.Type);
        Expression among = Expression.Call(
            typeof(Enumerable), nameof(Enumerable.Contains), [left.Type], Parameter.Of(list, list.GetType()), left);
        return list.Cast<object?>()
            .Where(Parameter.IsMinOrMax)
            .Aggregate(among, (all, edge) => Expression.OrElse(all, Expression.Equal(left, Parameter.Of(edge, left.Type))));
    }

    private static int Rank(object? item) => item switch
    {
        null or ODataNullValue => QueryFunctions.NoRank,
        bool value => value ? 1 : 0,
        _ => throw new FeedException(FeedError.BadQuery("The items of a list are of the type that they are compared with.")),
    };

    /// <summary>
    /// The day of a time. If the day has a column of its own, that column is used, because it has an index; otherwise the day is computed.
    /// </summary>
    public static Expression? Date(QueryNode argument, Func<QueryNode, Expression> bind)
    {
        if (Unwrapped(argument) is SingleValuePropertyAccessNode { Property.DeclaringType: IEdmEntityType entity } access
            && FeedSets.Of(entity)?.Days.GetValueOrDefault(access.Property.Name) is { } day)
            return bind(new SingleValuePropertyAccessNode(access.Source, entity.FindProperty(day)));

        return ComputedDate(bind(argument));
    }

    /// <summary>The day of a time, computed; null for anything but a time.</summary>
    public static Expression? ComputedDate(Expression time)
    {
        // Computed here, because the driver would turn the last day into infinity.
        if (Constants.Value(time) is DateTime known)
            return Parameter.Of(DateOnly.FromDateTime(known));
        if (time.Type == typeof(DateTime))
            return Expression.Call(typeof(DateOnly), nameof(DateOnly.FromDateTime), null, time);
        if (time.Type != typeof(DateTime?))
            return null;
        var present = Expression.Call(
            typeof(DateOnly), nameof(DateOnly.FromDateTime), null, Expression.Property(time, nameof(Nullable<>.Value)));
        return Expression.Condition(
            Expression.Property(time, nameof(Nullable<>.HasValue)), Expression.Convert(present, typeof(DateOnly?)),
            Expression.Constant(null, typeof(DateOnly?)));
    }

    /// <summary>A node without the conversions around it.</summary>
    public static QueryNode Unwrapped(QueryNode node) =>
        node is ConvertNode convert ? Unwrapped(convert.Source) : ExtendedOperators.Decoded(node);

    /// <summary>A time cut to the microsecond, the precision of the databases.</summary>
    public static DateTime Microseconds(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    /// <summary>A day in the type of the database.</summary>
    public static DateOnly DayOf(Date day) => new(day.Year, day.Month, day.Day);
}
