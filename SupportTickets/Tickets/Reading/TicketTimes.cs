using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Tickets.Reading;

/// <summary>
/// A filter by the times at which tickets came in, were done, and waited. What is left out does not filter. The dashboard counts
/// by the same rules, so that each of its numbers leads to as many tickets.
/// </summary>
public sealed record TicketTimes
{
    /// <summary>All tickets.</summary>
    public static readonly TicketTimes Any = new();

    /// <summary>Only tickets that are not done now: open or in progress.</summary>
    public bool Unresolved { get; init; }

    /// <summary>Only tickets that came in on these days.</summary>
    public DayRange? Created { get; init; }

    /// <summary>Only tickets that were done for the last time on these days and were not reopened since.</summary>
    public DayRange? Resolved { get; init; }

    /// <summary>Only tickets that were not done at the end of this day, whatever became of them.</summary>
    public DateOnly? UnresolvedAt { get; init; }

    /// <summary>Only tickets of this age.</summary>
    public AgeRange? Age { get; init; }

    /// <summary>Those of some tickets.</summary>
    /// <param name="tickets">In no order.</param>
    /// <param name="now">UTC.</param>
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

    // The history is asked for tickets that were reopened only: for all others the one time at which they were done tells.
    private static IQueryable<Ticket> WaitingAt(IQueryable<Ticket> tickets, DateOnly day)
    {
        var end = DayRange.Of(day).End;
        return tickets.Where(t => t.CreatedAt < end && (t.ResolvedAt == null || t.ResolvedAt >= end)
            && (t.ReopenCount == 0
                || t.Events.Where(e => e.Date <= day).Sum(e => EF.Property<int?>(e, TicketTables.DoneChange) ?? 0) == 0));
    }
}
