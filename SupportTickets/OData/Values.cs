using System.Collections;
using System.Linq.Expressions;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Tickets;

namespace SupportTickets.OData;

#pragma warning disable CS0618 // Edm.Date is what the library of today gives and takes; its successor is DateOnly.

/// <summary>
/// Times and days in queries, bound to what the database has: UTC <see cref="DateTime"/> and <see cref="DateOnly"/>.
/// The library binds them to its own types, which costs the index or does not translate at all.
/// </summary>
internal sealed class Values(TimeProvider clock)
{
    /// <summary><c>now()</c>, <c>date(...)</c> and the ends of a text; null leaves a function to the library.</summary>
    public Expression? Function(SingleValueFunctionCallNode node, Func<QueryNode, Expression> bind) => node.Name switch
    {
        "now" => Parameter.Of(clock.Now()),
        "date" => Date(node.Parameters.First(), bind),
        "startswith" or "endswith" => Affix(node, bind),
        "matchespattern" or "matchesPattern" => throw new FeedException(FeedError.NotImplemented("matchesPattern is not offered: use contains, startswith or endswith.")),
        _ => null,
    };

    // EF asks SQLite with LIKE, which takes a for A: that finds the candidates, and the comparison of the part is exact.
    private static BinaryExpression? Affix(SingleValueFunctionCallNode node, Func<QueryNode, Expression> bind)
    {
        var arguments = node.Parameters.Select(bind).ToList();
        if (arguments is not [var text, var part] || text.Type != typeof(string) || part.Type != typeof(string))
            return null;
        var atStart = node.Name == "startswith";
        var candidate = Expression.Call(text, atStart ? nameof(string.StartsWith) : nameof(string.EndsWith), null, part);
        var length = Expression.Property(part, nameof(string.Length));
        var same = atStart
            ? Expression.Call(text, nameof(string.Substring), null, Expression.Constant(0), length)
            : Expression.Call(text, nameof(string.Substring), null, Expression.Subtract(Expression.Property(text, nameof(string.Length)), length));
        return Expression.AndAlso(candidate, Expression.Equal(same, part));
    }

    /// <summary>A time or day as a parameter; null leaves a constant to the library.</summary>
    public static Expression? Constant(ConstantNode node) => node.Value switch
    {
        DateTimeOffset time => Parameter.Of(time.UtcDateTime),
        Date day => Parameter.Of(DayOf(day)),
        string text when text.Contains('\0') => throw new FeedException(FeedError.BadQuery("Null characters are not allowed.")),
        _ => null,
    };

    /// <summary>A property of something related, which may not be there: then it has no value, whatever its type says.</summary>
    public static Expression Property(SingleValuePropertyAccessNode node, Expression bound) =>
        node.Source is SingleNavigationNode && bound.Type.IsValueType && Nullable.GetUnderlyingType(bound.Type) is null
            ? Expression.Convert(bound, typeof(Nullable<>).MakeGenericType(bound.Type))
            : bound;

    /// <summary>Whether there may be no value: because a column has none, because what it is a property of is not there, or because it is computed from such.</summary>
    public static bool MayBeNull(QueryNode node) => node switch
    {
        ConstantNode { Value: not null } or CountNode => false,
        SingleValuePropertyAccessNode property => property.Source is SingleNavigationNode || property.TypeReference is not { IsNullable: false },
        ConvertNode convert => MayBeNull(convert.Source),
        UnaryOperatorNode unary => MayBeNull(unary.Operand),
        BinaryOperatorNode binary => MayBeNull(binary.Left) || MayBeNull(binary.Right),
        SingleValueFunctionCallNode function => function.Parameters.Any(MayBeNull),
        SingleValueNode other => other.TypeReference is not { IsNullable: false },
        _ => true,
    };

    /// <summary>Conversions between times and days, which are none in the database; null leaves a conversion to the library.</summary>
    public static Expression? Convert(ConvertNode node, Func<QueryNode, Expression> bind)
    {
        var target = node.TypeReference;
        if (!target.IsDateTimeOffset() && !target.IsDate())
            return null;
        if (node.Source is ConstantNode { Value: Date day } && target.IsDateTimeOffset())
            return Parameter.Of(DayOf(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        if (node.Source is ConstantNode { Value: null })
            return null;
        var source = bind(node.Source);
        var type = Nullable.GetUnderlyingType(source.Type) ?? source.Type;
        return type == typeof(DateTime) || type == typeof(DateOnly) ? source : null;
    }

    /// <summary><c>in (...)</c> over constants, as a list of exactly the type it is compared with.</summary>
    public static Expression? In(InNode node, Func<QueryNode, Expression> bind)
    {
        if (node.Right is not CollectionConstantNode constants)
            return null;
        var left = bind(node.Left);
        var type = Nullable.GetUnderlyingType(left.Type) ?? left.Type;
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(left.Type))!;
        foreach (var value in constants.Collection.Select(c => Element(c.Value, type)))
        {
            if (value is not null || !left.Type.IsValueType || left.Type != type)
                list.Add(value);
        }
        return Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [left.Type], Parameter.Of(list, list.GetType()), left);
    }

    private static object? Element(object? value, Type type) => value switch
    {
        null => null,
        DateTimeOffset time => time.UtcDateTime,
        Date day when type == typeof(DateTime) => DayOf(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        Date day => DayOf(day),
        ODataEnumValue member => Member(member.Value, type),
        string text when text.Contains('\0') => throw new FeedException(FeedError.BadQuery("Null characters are not allowed.")),
        string text when type.IsEnum => Member(text, type),
        IConvertible number when type != number.GetType() => System.Convert.ChangeType(number, type, System.Globalization.CultureInfo.InvariantCulture),
        _ => value,
    };

    private static object Member(string name, Type type) => Enum.TryParse(type, name, out var member) && Enum.IsDefined(type, member)
        ? member
        : throw new FeedException(FeedError.BadQuery($"'{name}' is no member of {type.Name}."));

    // A day that is a column of its own is taken from there, where its index is; any other is computed from the time.
    private static Expression? Date(QueryNode argument, Func<QueryNode, Expression> bind)
    {
        if (Unwrapped(argument) is SingleValuePropertyAccessNode { Property.DeclaringType: IEdmEntityType entity } access
            && Model.Days.TryGetValue((entity.Name, access.Property.Name), out var day))
            return bind(new SingleValuePropertyAccessNode(access.Source, entity.FindProperty(day)));

        var time = bind(argument);
        if (time.Type == typeof(DateTime))
            return Expression.Call(typeof(DateOnly), nameof(DateOnly.FromDateTime), null, time);
        if (time.Type != typeof(DateTime?))
            return null;
        var present = Expression.Call(typeof(DateOnly), nameof(DateOnly.FromDateTime), null, Expression.Property(time, nameof(Nullable<>.Value)));
        return Expression.Condition(
            Expression.Property(time, nameof(Nullable<>.HasValue)), Expression.Convert(present, typeof(DateOnly?)), Expression.Constant(null, typeof(DateOnly?)));
    }

    private static QueryNode Unwrapped(QueryNode node) => node is ConvertNode convert ? Unwrapped(convert.Source) : node;

    private static DateOnly DayOf(Date day) => new(day.Year, day.Month, day.Day);
}
