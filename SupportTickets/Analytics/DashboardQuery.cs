using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets;

namespace SupportTickets.Analytics;

/// <summary>What the dashboard shows: five statements, none of which reads tickets one by one.</summary>
public sealed class DashboardQuery(TicketReads reads, StatsQuery stats, TimeProvider clock)
{
    /// <summary>The days of a period, today included.</summary>
    public const int Days = 30;

    /// <summary>Tickets in each of the two short lists.</summary>
    private const int ShortList = 5;

    /// <summary>Reads everything.</summary>
    public async Task<Dashboard> HandleAsync(CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(clock.Now());
        var now = await stats.HandleAsync(cancel);
        var created = await CreatedAsync(today.AddDays(1 - 2 * Days), cancel);
        var moves = await MovesAsync(today.AddDays(1 - Days), cancel);
        var open = reads.Matching(new TicketFilter { Status = Status.open });

        return new(
            now,
            Trends(today, created, moves),
            PerDay(today, now, created, moves),
            await OpenAsync(open.OrderBy(t => t.CreatedAt).ThenBy(t => t.Id), cancel),
            await OpenAsync(open.OrderByDescending(t => t.UrgencyScore).ThenByDescending(t => t.Id), cancel));
    }

    private Task<List<Created>> CreatedAsync(DateOnly since, CancellationToken cancel) => reads.Visible
        .Where(t => t.CreatedDate >= since)
        .GroupBy(t => t.CreatedDate)
        .Select(g => new Created(g.Key, g.Count(), g.Sum(t => (long)t.UrgencyScore)))
        .ToListAsync(cancel);

    // At most 20 rows a day: a status before (or none) and one after.
    private async Task<List<Move>> MovesAsync(DateOnly since, CancellationToken cancel)
    {
        var rows = await reads.VisibleEvents
            .Where(e => e.Field == TicketField.status && e.Date >= since)
            .GroupBy(e => new { e.Date, e.OldValue, e.NewValue })
            .Select(g => new { g.Key.Date, g.Key.OldValue, g.Key.NewValue, Count = g.Count() })
            .ToListAsync(cancel);
        return rows.ConvertAll(r => new Move(r.Date, Parse(r.OldValue), Parse(r.NewValue), r.Count));

        static Status? Parse(string? value) => TicketEnums.TryParse<Status>(value, out var status) ? status : null;
    }

    private static Task<List<OpenTicket>> OpenAsync(IQueryable<Ticket> tickets, CancellationToken cancel) => tickets.Take(ShortList)
        .Select(t => new OpenTicket(t.Id, t.Title, t.Priority, t.UrgencyScore, t.CreatedAt))
        .ToListAsync(cancel);

    private static Trends Trends(DateOnly today, List<Created> created, List<Move> moves)
    {
        var split = today.AddDays(1 - Days);
        var (recent, earlier) = (created.Where(c => c.Date >= split && c.Date <= today).ToList(), created.Where(c => c.Date < split).ToList());
        var opened = moves.Sum(m => m.Count * ((m.New == Status.open ? 1 : 0) - (m.Old == Status.open ? 1 : 0)));
        return new(
            recent.Sum(c => c.Count), earlier.Sum(c => c.Count),
            opened,
            PerDay(recent), PerDay(earlier),
            Urgency(recent), Urgency(earlier));

        static double? PerDay(List<Created> days) => days.Count == 0 ? null : days.Average(c => c.Count);
        static double? Urgency(List<Created> days) => days.Count == 0 ? null : (double)days.Sum(c => c.Urgency) / days.Sum(c => c.Count);
    }

    // The backlog is known for now; each day's moves lead back to the day before.
    private static List<DayFigures> PerDay(DateOnly today, TicketStats now, List<Created> created, List<Move> moves)
    {
        var days = new List<DayFigures>();
        var backlog = now.ByStatus.Where(s => !s.Key.IsDone()).Sum(s => s.Value);
        for (var day = today; day > today.AddDays(-Days); day = day.AddDays(-1))
        {
            var ofDay = moves.Where(m => m.Date == day).ToList();
            days.Add(new(
                day,
                created.Where(c => c.Date == day).Sum(c => c.Count),
                ofDay.Where(m => Done(m.New) && !Done(m.Old)).Sum(m => m.Count),
                backlog));
            backlog -= ofDay.Sum(m => m.Count * ((Pending(m.New) ? 1 : 0) - (Pending(m.Old) ? 1 : 0)));
        }
        days.Reverse();
        return days;

        static bool Done(Status? status) => status is { } s && s.IsDone();
        static bool Pending(Status? status) => status is { } s && !s.IsDone();
    }

    private sealed record Created(DateOnly Date, int Count, long Urgency);

    private sealed record Move(DateOnly Date, Status? Old, Status? New, int Count);
}

/// <summary>What the dashboard shows.</summary>
/// <param name="Stats">The figures, as everywhere.</param>
/// <param name="Trends">How they changed.</param>
/// <param name="PerDay">The last <see cref="DashboardQuery.Days"/> UTC days, oldest first, none left out.</param>
/// <param name="Oldest">Open tickets that wait longest.</param>
/// <param name="MostUrgent">Open tickets that sound most urgent.</param>
public sealed record Dashboard(
    TicketStats Stats, Trends Trends, IReadOnlyList<DayFigures> PerDay, IReadOnlyList<OpenTicket> Oldest, IReadOnlyList<OpenTicket> MostUrgent);

/// <summary>How the figures changed. The period is the last <see cref="DashboardQuery.Days"/> UTC days, today included; null without tickets in it.</summary>
/// <param name="Created">Tickets that came in during the period.</param>
/// <param name="CreatedBefore">The same in the period before.</param>
/// <param name="Open">Open tickets now less those at the start of the period.</param>
/// <param name="PerDay">Tickets a day in the period, over the days that have any.</param>
/// <param name="PerDayBefore">The same in the period before.</param>
/// <param name="Urgency">Average urgency score, 0 to 100, of the period's tickets.</param>
/// <param name="UrgencyBefore">The same in the period before.</param>
public sealed record Trends(int Created, int CreatedBefore, int Open, double? PerDay, double? PerDayBefore, double? Urgency, double? UrgencyBefore);

/// <summary>One UTC day.</summary>
/// <param name="Date">The day.</param>
/// <param name="Created">Tickets that came in.</param>
/// <param name="Resolved">Times a ticket went from work to done (resolved or closed), from its events.</param>
/// <param name="Backlog">Tickets not done at the end of the day; today, so far.</param>
public sealed record DayFigures(DateOnly Date, int Created, int Resolved, int Backlog);

/// <summary>An open ticket in a short list.</summary>
public sealed record OpenTicket(int Id, string Title, Priority Priority, int UrgencyScore, DateTime CreatedAt);
