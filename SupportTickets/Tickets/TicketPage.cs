using System.Globalization;
using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>What a list can be sorted by: each has an index.</summary>
public enum TicketSort
{
    /// <summary>When it came in.</summary>
    created,
    /// <summary>How urgent it sounds.</summary>
    urgency,
    /// <summary>Priority, then when it came in.</summary>
    priority,
    /// <summary>Status, then when it came in.</summary>
    status,
    /// <summary>Category, then when it came in.</summary>
    category,
}

/// <summary>The order of a list. All its parts run the same way, so that an index gives it forwards and backwards.</summary>
/// <param name="Sort">By what.</param>
/// <param name="Descending">Largest or newest first.</param>
public sealed record TicketOrder(TicketSort Sort, bool Descending)
{
    /// <summary>Newest first.</summary>
    public static readonly TicketOrder Default = new(TicketSort.created, Descending: true);

    /// <summary>Parses <c>urgency</c> or, descending, <c>-urgency</c>; null when it is neither.</summary>
    public static TicketOrder? Parse(string text)
    {
        var descending = text.StartsWith('-');
        return EnumNames.TryParse<TicketSort>(descending ? text[1..] : text, out var sort) ? new(sort, descending) : null;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{(Descending ? "-" : "")}{Sort}";
}

/// <summary>A ticket as a list shows it.</summary>
/// <param name="Id">See <see cref="Ticket.Id"/>.</param>
/// <param name="Title">See <see cref="Ticket.Title"/>.</param>
/// <param name="Preview">The first characters of the description, with its line breaks.</param>
/// <param name="Category">See <see cref="Ticket.Category"/>.</param>
/// <param name="Priority">See <see cref="Ticket.Priority"/>.</param>
/// <param name="Status">See <see cref="Ticket.Status"/>.</param>
/// <param name="UrgencyScore">See <see cref="Ticket.UrgencyScore"/>.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Version">See <see cref="Ticket.Version"/>.</param>
public sealed record TicketRow(int Id, string Title, string Preview, Category Category, Priority Priority, Status Status, int UrgencyScore, DateTime CreatedAt, int Version)
{
    /// <summary>The name of who works on it; null for nobody.</summary>
    public string? Assignee { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Rows">At most <see cref="TicketList.PageSize"/>.</param>
/// <param name="First">The position of the first row, from 1; tickets that came or went since the walk began are not counted in.</param>
/// <param name="Count">How many match; one more than <see cref="TicketList.MaxCount"/> stands for "more".</param>
/// <param name="Previous">The page before; null on the first.</param>
/// <param name="Next">The page after; null on the last.</param>
public sealed record TicketPage(IReadOnlyList<TicketRow> Rows, int First, int Count, TicketCursor? Previous, TicketCursor? Next);

/// <summary>The edge of a page: the values that the order compares, so that it holds while tickets come and go.</summary>
/// <param name="Key">The sorted value as a number; 0 when the order is by time alone.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Id">The ticket at the edge.</param>
/// <param name="Position">Its position in the list, from 1.</param>
/// <param name="Forward">The page lies after the edge, not before it.</param>
public sealed record TicketCursor(int Key, DateTime CreatedAt, int Id, int Position, bool Forward)
{
    private const int MaxLength = 64;

    /// <summary>Parses what <see cref="ToString"/> gives; null for anything else.</summary>
    public static TicketCursor? Parse(string? text, bool forward)
    {
        if (text is null or { Length: > MaxLength } || text.Split('.') is not [var keyText, var ticksText, var idText, var positionText]) return null;
        return Number(keyText, 0, 100) is { } key && Number(ticksText, 0, DateTime.MaxValue.Ticks) is { } ticks
            && Number(idText, 1, int.MaxValue) is { } id && Number(positionText, 1, int.MaxValue / 2) is { } position
            ? new((int)key, new DateTime(ticks, DateTimeKind.Utc), (int)id, (int)position, forward)
            : null;
    }

    /// <summary>The edge at a row.</summary>
    internal static TicketCursor At(TicketRow row, TicketSort sort, bool forward, int position) => new(
        sort switch
        {
            TicketSort.created => 0,
            TicketSort.urgency => row.UrgencyScore,
            TicketSort.priority => (int)row.Priority,
            TicketSort.status => (int)row.Status,
            TicketSort.category => (int)row.Category,
        },
        row.CreatedAt, row.Id, position, forward);

    /// <summary>Letters that need no escaping in a URL.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key}.{CreatedAt.Ticks}.{Id}.{Position}");

    private static long? Number(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;
}
