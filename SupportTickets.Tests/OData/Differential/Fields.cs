using Microsoft.OData.Edm;
using SupportTickets.Configuration;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>A value that an expression can name.</summary>
/// <param name="Path">Its path from the row.</param>
/// <param name="Type">Of its values.</param>
internal sealed record Field(string Path, Type Type);

/// <summary>What the rows of a set have, as the model says.</summary>
internal static class Fields
{
    private static readonly IEdmModel Model = SupportTickets.OData.Model.FeedModel.Create(new FeedLimits());

    private static readonly Dictionary<Type, string> Sets = new()
    {
        [typeof(Ticket)] = "Tickets",
        [typeof(TicketEvent)] = "Events",
        [typeof(Agent)] = "Agents",
        [typeof(CalendarDay)] = "Dates",
    };

    private static readonly Dictionary<Type, IReadOnlyList<Field>> OfType = Sets.Keys.ToDictionary(type => type, Own);
    private static readonly Dictionary<Type, IReadOnlyList<Field>> AllOfType =
        Sets.Keys.ToDictionary(type => type, type => (IReadOnlyList<Field>)[.. All(type, 2)]);

    /// <summary>The entity set of a type.</summary>
    public static string SetOf(Type entity) => Sets[entity];

    /// <summary>The name of the key.</summary>
    public static string KeyOf(Type entity) => entity == typeof(CalendarDay) ? nameof(CalendarDay.Key) : "Id";

    /// <summary>The properties of a type.</summary>
    public static IReadOnlyList<Field> Of(Type entity) => OfType[entity];

    /// <summary>The properties of a type and of what is related, two steps away at most, and the numbers of related rows.</summary>
    public static IReadOnlyList<Field> Reachable(Type entity) => AllOfType[entity];

    /// <summary>The single rows that a type leads to.</summary>
    public static IEnumerable<(string Name, Type Type)> Single(Type entity) => Navigations(entity, many: false);

    /// <summary>The collections of rows that a type leads to.</summary>
    public static IEnumerable<(string Name, Type Type)> Many(Type entity) => Navigations(entity, many: true);

    private static IReadOnlyList<Field> Own(Type entity) =>
        [.. Edm(entity).StructuralProperties().Select(p => new Field(p.Name, ValueType(entity.GetProperty(p.Name)!.PropertyType)))];

    private static IEnumerable<Field> All(Type entity, int steps) =>
    [
        .. OfType[entity],
        .. Many(entity).Select(many => new Field($"{many.Name}/$count", typeof(long))),
        .. steps == 0 ? [] : Single(entity).SelectMany(single => All(single.Type, steps - 1).Select(field => Below(single.Name, field))),
    ];

    private static Field Below(string name, Field field) => field with { Path = $"{name}/{field.Path}" };

    // To the sets that the random data is of.
    private static IEnumerable<(string Name, Type Type)> Navigations(Type entity, bool many) => Edm(entity).NavigationProperties()
        .Where(navigation => navigation.Type.IsCollection() == many)
        .SelectMany(navigation =>
            Sets.Keys.Where(type => type.Name == navigation.ToEntityType().Name).Select(type => (navigation.Name, type)));

    private static IEdmEntityType Edm(Type entity) => (IEdmEntityType)Model.FindDeclaredType($"SupportTickets.{entity.Name}");

    private static Type ValueType(Type type)
    {
        var present = Nullable.GetUnderlyingType(type) ?? type;
        return present == typeof(int) ? typeof(long) : present;
    }
}
