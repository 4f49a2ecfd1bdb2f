using System.Globalization;
using System.Linq.Expressions;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;

namespace SupportTickets.OData.Binding;

/// <summary>
/// The canonical functions (OData URL Conventions 4.01, 5.1.1) where the library's binding does not give the same right
/// answer on both databases.
/// </summary>
internal sealed class Functions(QueryInstant now)
{
    /// <summary>Whether a function of texts gives a Boolean.</summary>
    public static bool IsPredicate(SingleValueFunctionCallNode node) => node.Name is "contains" or "startswith" or "endswith";

    /// <summary>Whether a function is null in every row, because one of its arguments is.</summary>
    public static bool IsNull(SingleValueFunctionCallNode node, Func<QueryNode, Expression> bind) => node.Name switch
    {
        "case" or "isof" => false,
        // Their parameters are not only values, but a type, or a duration, which SQLite does not have.
        "cast" or "totalseconds" => Nulls.IsIn(node.Parameters),
        _ => Nulls.IsIn(node.Parameters) || node.Parameters.Any(parameter => Nulls.IsAlways(bind(parameter))),
    };

    /// <summary>Binds a function and adds its null cases (5.1.1.4); the rest is bound here or by the library.</summary>
    public Expression Bind(SingleValueFunctionCallNode node, Func<QueryNode, Expression> bind, Func<QueryNode, Expression> library)
    {
        if (IsNull(node, bind))
            return Nulls.Literal(node.TypeReference);
        var value = Bind(node, bind) ?? library(node);
        if (!Nulls.MayBe(node))
            return value;
        return node.Name switch
        {
            "cast" when value.Type == typeof(string) => Nulls.Unless(Nulls.OfAny(node.Parameters, bind), value), // EF makes '' of no number
            // In PostgreSQL the greater of 0 and null is 0.
            "substring" => Nulls.Unless(Nulls.OfAny(node.Parameters.Skip(1), bind), value),
            _ => Nulls.Lifted(value),
        };
    }

    /// <summary>Binds a function; null leaves it to the library.</summary>
    public Expression? Bind(SingleValueFunctionCallNode node, Func<QueryNode, Expression> bind)
    {
        var parameters = node.Parameters.ToList();
        TimeFunctions.RefuseOffset(node.Name, parameters);
        return node.Name switch
        {
            "now" => Parameter.Of(now.Value),
            "mindatetime" => Parameter.Of(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)),
            "maxdatetime" => Parameter.Of(Values.Microseconds(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc))),
            "date" => Values.Date(parameters[0], bind),
            "time" => TimeFunctions.TimeOfDay(bind(parameters[0])),
            "hour" or "minute" when Values.Unwrapped(parameters[0]) is SingleValueFunctionCallNode { Name: "time" } time => Bind(
                new SingleValueFunctionCallNode(node.Name, time.Parameters, node.TypeReference), bind)
                ?? Expression.Property(TimeFunctions.Present(bind(time.Parameters.First())), Pascal(node.Name)),
            "second" => TimeFunctions.Second(TimeFunctions.Of(parameters[0], bind)),
            "fractionalseconds" => TimeFunctions.Fraction(TimeFunctions.Of(parameters[0], bind)),
            "totaloffsetminutes" => TimeFunctions.Offset(bind(parameters[0])),
            "totalseconds" => TimeFunctions.TotalSeconds(parameters[0], bind),
            "round" => Round(bind(parameters[0])),
            "floor" or "ceiling" => Whole(node.Name, bind(parameters[0])),
            "startswith" or "endswith" => TextFunctions.Affix(node.Name, [.. parameters.Select(bind)]),
            "tolower" or "toupper" => TextFunctions.Case(node.Name, bind(parameters[0])),
            "concat" => TextFunctions.Concat(bind(parameters[0]), bind(parameters[1])),
            "trim" => TextFunctions.Trim(bind(parameters[0])),
            "length" => TextFunctions.Length(bind(parameters[0])),
            "indexof" => TextFunctions.IndexOf(bind(parameters[0]), bind(parameters[1])),
            "substring" => TextFunctions.Substring([.. parameters.Select(bind)]),
            "cast" => Cast(node, parameters, bind),
            "case" => CaseFunction.Bind(parameters, bind),
            "isof" => throw new FeedException(FeedError.NotImplemented("isof is not offered: there are no derived types here.")),
            "matchespattern" or "matchesPattern" => throw new FeedException(
                FeedError.NotImplemented("matchesPattern is not offered: use contains, startswith or endswith.")),
            _ => null,
        };
    }

    // Rounds halves away from zero (5.1.1.9.1). PostgreSQL rounds halves of floating-point numbers to even.
    private static Expression? Round(Expression value)
    {
        if (!Numbers.IsNumber(value.Type))
            return null;
        if (Numbers.IsInteger(value.Type))
            return value;
        var rounded = Expression.Call(
            typeof(QueryFunctions), nameof(QueryFunctions.Round), null, Expression.Convert(value, typeof(decimal?)));
        return Expression.Convert(rounded, value.Type);
    }

    // For a name from $apply the parser does not know that it is already an integer.
    private static Expression? Whole(string name, Expression value)
    {
        if (!Numbers.IsNumber(value.Type))
            return null;
        if (Numbers.IsInteger(value.Type))
            return value;
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        var present = type == value.Type ? value : Expression.Property(value, nameof(Nullable<>.Value));
        if (type == typeof(float))
            (type, present) = (typeof(double), Expression.Convert(present, typeof(double)));
        return Expression.Call(typeof(Math), name == "floor" ? nameof(Math.Floor) : nameof(Math.Ceiling), null, present);
    }

    // The library turns a cast that it does not know into null, so that a filter would silently find nothing.
    private static Expression? Cast(SingleValueFunctionCallNode node, List<QueryNode> parameters, Func<QueryNode, Expression> bind)
    {
        if (parameters is not [var source, ConstantNode] || node.TypeReference is not { } target)
            throw NotCast();
        if (source is ConstantNode { Value: string text })
            return target.IsString() ? null : bind(target.IsEnum() ? Resolver.Member(text, target.AsEnum()) : Literal(text, target));
        var value = bind(source);
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        if (target.IsEnum() && Numbers.IsInteger(type))
            return Member(value, target.AsEnum().EnumDefinition());
        if (type.IsEnum && Numbers.Of(target.PrimitiveKind()) is not null)
            (value, type) = (Expression.Convert(value, value.Type == type ? typeof(int) : typeof(int?)), typeof(int));
        if (target.IsString() && type.IsEnum)
            return Name(value);
        if (target.IsString() && (type == typeof(string) || Numbers.IsInteger(type)))
            return null;
        if (Numbers.Of(target.PrimitiveKind()) is not { } number || !Numbers.IsNumber(value.Type))
            return target.IsDateTimeOffset() && type == typeof(DateTime) ? value : throw NotCast();
        // SQLite stores decimals as text, and equal numbers can have different texts.
        if (number == typeof(float) || (number == typeof(decimal) && type != number)) number = typeof(double);
        value = Numbers.IsInteger(number) ? Round(value)! : value;
        return Expression.Convert(
            value, Nullable.GetUnderlyingType(value.Type) is null ? number : typeof(Nullable<>).MakeGenericType(number));
    }

    /// <summary>A text literal, read as a literal of a type (Protocol 4.01, conformance to Minimal, 9.1).</summary>
    public static ConstantNode Literal(string text, IEdmTypeReference target)
    {
        try
        {
            // An unencoded plus sign in a URL stands for a space.
            var literal = target.IsDateTimeOffset() ? text.Replace(' ', '+') : target.IsDuration() ? $"duration'{text}'" : text;
            return new(ODataUriUtils.ConvertFromUriLiteral(literal, ODataVersion.V401, EdmCoreModel.Instance, target), text, target);
        }
        catch (ODataException)
        {
            throw new FeedException(FeedError.BadQuery($"A text in cast is no {target.FullName()}."));
        }
    }

    // The database has members as numbers and does not know their names.
    private static Expression Name(Expression member) =>
        Enum.GetValues(Nullable.GetUnderlyingType(member.Type) ?? member.Type)
            .Cast<Enum>()
            .Aggregate(
        (Expression)Expression.Constant(null, typeof(string)),
        (others, value) => Expression.Condition(
            Expression.Equal(member, Expression.Constant(value, member.Type)), Expression.Constant(value.ToString()), others));

    // A number without a member gives null.
    private static Expression Member(Expression number, IEdmEnumType target)
    {
        var (type, whole) = (FeedModel.EnumOf(target), Nullable.GetUnderlyingType(number.Type) ?? number.Type);
        var nullable = typeof(Nullable<>).MakeGenericType(type);
        return Enum.GetValues(type).Cast<Enum>().Aggregate((Expression)Expression.Constant(null, nullable), (others, member) =>
        {
            var value = Expression.Constant(Convert.ChangeType(member, whole, CultureInfo.InvariantCulture), number.Type);
            return Expression.Condition(Expression.Equal(number, value), Expression.Constant(member, nullable), others);
        });
    }

    private static FeedException NotCast() => new(FeedError.NotImplemented(
        "cast is offered from a number to another type of numbers, between whole numbers and enum members, from either to Edm.String, "
        + "and from a text that is written out."));

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
