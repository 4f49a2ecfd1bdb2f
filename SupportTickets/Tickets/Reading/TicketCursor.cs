using System.Globalization;

namespace SupportTickets.Tickets.Reading;

/// <summary>The edge of a page, as the values that the order compares: it stays valid while tickets are added and removed.</summary>
/// <param name="Key">The sorted value as a number; 0 when the order is by time alone.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Id">The ticket at the edge.</param>
/// <param name="Position">Its position in the list, from 1.</param>
/// <param name="Forward">Whether the page is after the edge and not before it.</param>
public sealed record TicketCursor(int Key, DateTime CreatedAt, int Id, int Position, bool Forward)
{
    private const int MaxLength = 64;

    /// <summary>Parses what <see cref="ToString"/> gives; null for anything else.</summary>
    public static TicketCursor? Parse(string? text, bool forward)
    {
        if (text is null or { Length: > MaxLength }) return null;
        if (text.Split('.') is not [var keyText, var ticksText, var idText, var positionText]) return null;
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
            TicketSort.match => row.Rank,
        },
        row.CreatedAt, row.Id, position, forward);

    /// <summary>The edge at a ticket, whose position in the list is not known. The rank counts only for an order by match.</summary>
    internal static TicketCursor At(Ticket ticket, TicketSort sort, int rank, bool forward) => new(
        sort switch
        {
            TicketSort.created => 0,
            TicketSort.urgency => ticket.UrgencyScore,
            TicketSort.priority => (int)ticket.Priority,
            TicketSort.status => (int)ticket.Status,
            TicketSort.category => (int)ticket.Category,
            TicketSort.match => rank,
        },
        ticket.CreatedAt, ticket.Id, 1, forward);

    /// <summary>The cursor in characters that need no escaping in a URL.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key}.{CreatedAt.Ticks}.{Id}.{Position}");

    private static long? Number(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : null;
}
