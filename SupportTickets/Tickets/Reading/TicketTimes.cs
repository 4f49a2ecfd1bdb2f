using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Tickets.Reading;

/// <summary>
/// A filter by the times at which tickets were created, became done, and waited. A part that is left out has no effect. The
/// dashboard counts by the same rules, so that each of its numbers leads to exactly as many tickets.
/// </summary>
public sealed record TicketTimes
{
    /// <summary>All tickets.</summary>
    public static readonly TicketTimes Any = new();

    /// <summary>Only tickets that are unresolved now: open or in progress.</summary>
    public bool Unresolved { get; init; }

    /// <summary>Only tickets created on these days.</summary>
    public DayRange? Created { get; init; }

    /// <summary>Only tickets that were done for the last time on these days and were not reopened since.</summary>
    public DayRange? Resolved { get; init; }

    /// <summary>Only tickets that were unresolved at the end of this day, whatever their status is now.</summary>
    public DateOnly? UnresolvedAt { get; init; }

    /// <summary>Only tickets of this age.</summary>
    public AgeRange? Age { get; init; }

    /// <summary>Filters tickets.</summary>
    /// <param name="tickets">The tickets, in no order.</param>
    /// <param name="now">The current time, UTC.</param>
    public IQueryable<Ticket> Of(IQueryable<Ticket> tickets, DateTime now)
    {
        if (Unresolved) tickets = tickets.Where(t => t.Status == Status.open || t.Status == Status.in_progress);
        if (Created is { Start: var createdFrom, End: var createdUntil })
            tickets = tickets.Where(t => t.CreatedAt >= createdFrom && t.CreatedAt < createdUntil);
        if (Resolved is { Start: var resolvedFrom, End: var resolvedUntil })
            tickets = tickets.Where(t => t.ResolvedAt >= resolvedFrom && t.ResolvedAt < resolvedUntil);
        if (Age is { From: > 0 and var from } && now.AddDays(-from) is var youngest) tickets = tickets.Where(t => t.CreatedAt <= youngest);
        if (Age is { To: { } to } && now.AddDays(-to) is var oldest) tickets = tickets.Where(t => t.CreatedAt > oldest);
        return UnresolvedAt is { } day ? WaitingAt(tickets, day) : tickets;
    }

    // The history is read only for tickets that were reopened: for all others the single time of resolution is enough.
    private static IQueryable<Ticket> WaitingAt(IQueryable<Ticket> tickets, DateOnly day)
    {
        var end = DayRange.Of(day).End;
        return tickets.Where(t => t.CreatedAt < end && (t.ResolvedAt == null || t.ResolvedAt >= end)
            && (t.ReopenCount == 0
                || t.Events.Where(e => e.Date <= day).Sum(e => EF.Property<int?>(e, TicketTables.DoneChange) ?? 0) == 0));
    }
}
