using System.Collections;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

#pragma warning disable CS0618 // This version of the library uses Edm.Date; later ones use DateOnly.

/// <summary>
/// The items of <c>in (...)</c> as a list of exactly the type that they are compared with, so that the index of a column can be
/// used. An item that no value of that type can equal, such as 7.5 for an integer, is left out; an item of another kind is refused,
/// as with <c>eq</c>.
/// </summary>
internal static class ListItems
{
    /// <summary>Makes the list.</summary>
    /// <param name="constants">The parsed items.</param>
    /// <param name="type">The type that they are compared with.</param>
    public static IList Of(CollectionConstantNode constants, Type type)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        foreach (var value in constants.Collection.Select(item => item.Value))
        {
            if (value is null or ODataNullValue)
            {
                if (!type.IsValueType || type != plain) list.Add(null);
            }
            else if (Item(value, plain) is { } item)
            {
                list.Add(item);
            }
        }
        return list;
    }

    private static object? Item(object value, Type type) => value switch
    {
        ODataEnumValue member when type.IsEnum => Member(member.Value, type),
        string text when type.IsEnum => Member(text, type),
        string text when type == typeof(TimeSpan) => Resolver.DurationOf(text),
        string text when text.Contains('\0') => throw new FeedException(FeedError.BadQuery("Null characters are not allowed.")),
        DateTimeOffset time when type == typeof(DateTime) => time.UtcDateTime,
        DateTimeOffset { UtcDateTime: var time } when type == typeof(DateOnly) =>
            time.TimeOfDay == TimeSpan.Zero ? DateOnly.FromDateTime(time) : null,
        Date day when type == typeof(DateTime) => Values.DayOf(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        Date day when type == typeof(DateOnly) => Values.DayOf(day),
        TimeOfDay time when type == typeof(TimeOnly) => new TimeOnly(time.Ticks),
        _ when Numbers.IsNumber(value.GetType()) && Numbers.IsInteger(type) => Promotion.Whole(value, type),
        double.NaN or float.NaN when Numbers.IsNumber(type) => null,
        _ when Numbers.IsNumber(value.GetType()) && Numbers.IsNumber(type) =>
            Convert.ChangeType(value, type, System.Globalization.CultureInfo.InvariantCulture),
        _ when value.GetType() == type => value,
        _ => throw new FeedException(FeedError.BadQuery("The items of a list are of the type that they are compared with.")),
    };

    // By name or, as the standard allows, by number.
    private static Enum Member(string text, Type type) =>
        Enum.GetValues(type).Cast<Enum>().FirstOrDefault(member => member.ToString() == text || member.ToString("D") == text)
        ?? throw new FeedException(FeedError.BadQuery($"'{text}' is no member of {type.Name}."));
}
