using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Tickets.Reading;

/// <summary>Reads the history of a ticket for people.</summary>
public sealed class TicketHistory(TicketReads reads)
{
    /// <summary>Events on a page: nobody reads more at once, and a ticket can have any number.</summary>
    public const int PageSize = 100;

    /// <summary>How much of a value is read, in characters of the database: a description may be megabytes.</summary>
    public const int ValueLength = 400;

    /// <summary>The latest events of a ticket, oldest of them first.</summary>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="before">Only events before this one; null for the latest.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<HistoryPage> HandleAsync(int ticketId, long? before, CancellationToken cancel)
    {
        var events = reads.VisibleEvents.Where(e => e.TicketId == ticketId);
        if (before is { } id) events = events.Where(e => e.Id < id);
        var entries = await events.OrderByDescending(e => e.Id).Take(PageSize + 1)
            .Select(e => new HistoryEntry(
                e.Id, e.At, e.Actor, e.Channel, e.Field,
                e.OldValue == null ? null : e.OldValue.Substring(0, ValueLength + 1),
                e.NewValue.Substring(0, ValueLength + 1), e.CommentId, e.IsInternal))
            .ToListAsync(cancel);
        var earlier = entries.Count > PageSize;
        if (earlier) entries.RemoveAt(PageSize);
        entries.Reverse();
        return new(entries, earlier ? entries[0].Id : null);
    }
}

/// <summary>A page of a ticket's history.</summary>
/// <param name="Entries">Oldest first.</param>
/// <param name="Earlier">The event before which earlier ones are left out; null when none are.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryEntry> Entries, long? Earlier);

/// <summary>
/// A <see cref="TicketEvent"/> with only the beginning of its values. A value with one character more than <see
/// cref="TicketHistory.ValueLength"/> was cut.
/// </summary>
public sealed record HistoryEntry(
    long Id, DateTime At, string Actor, Channel? Channel, TicketField Field, string? OldValue, string NewValue, int? CommentId,
    bool IsInternal);
