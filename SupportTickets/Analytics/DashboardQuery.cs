using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Analytics;

/// <summary>
/// Reads what the dashboard shows: seven statements over one snapshot. Each of them counts by an index, or takes a few rows from
/// one. The reasons: docs/decisions/0018-dashboard.md.
/// </summary>
public sealed class DashboardQuery(TicketReads reads, TimeProvider clock)
{
    /// <summary>Tickets in each of the two short lists.</summary>
    private const int ShortList = 5;

    /// <summary>Reads everything for a period; null is the default one.</summary>
    public async Task<Dashboard> HandleAsync(Period? period, CancellationToken cancel)
    {
        var now = clock.Now();
        var today = DateOnly.FromDateTime(now);
        period ??= Period.Default(today);
        var (days, before) = (period.Days, period.Days.Before);

        await using var snapshot = await reads.SnapshotAsync(cancel);
        var (all, ofPeriod) = await TicketStats.OfAsync(reads.Visible, days, cancel);
        var created = await CreatedAsync(before.First, cancel);
        var resolved = await ResolvedAsync(before.First, days.Last, cancel);
        var done = await DoneAsync(days.First, cancel);
        var ages = await AgesAsync(now, cancel);
        var waiting = reads.Matching(new TicketFilter { Times = new() { Unresolved = true } });
        var oldest = await TakeAsync(waiting.OrderBy(t => t.CreatedAt).ThenBy(t => t.Id), cancel);
        var mostUrgent = await TakeAsync(waiting.OrderByDescending(t => t.UrgencyScore).ThenByDescending(t => t.Id), cancel);

        var backlog = Backlog(days, today, ages.Sum(), created, done);
        return new(
            period, all, ofPeriod, Figures(days, created, resolved, backlog), PerDay(days, created, resolved, backlog),
            ages, oldest, mostUrgent);
    }

    private Task<Dictionary<DateOnly, int>> CreatedAsync(DateOnly since, CancellationToken cancel) => reads.Visible
        .Where(t => t.CreatedDate >= since)
        .GroupBy(t => t.CreatedDate)
        .Select(g => new { g.Key, Count = g.Count() })
        .ToDictionaryAsync(d => d.Key, d => d.Count, cancel);

    private Task<Dictionary<DateOnly, Resolved>> ResolvedAsync(DateOnly since, DateOnly until, CancellationToken cancel) => reads.Visible
        .Where(t => t.ResolvedDate >= since && t.ResolvedDate <= until)
        .GroupBy(t => t.ResolvedDate!.Value)
        .Select(g => new { g.Key, Count = g.Count(), Minutes = g.Sum(t => (long)t.ResolutionMinutes!) })
        .ToDictionaryAsync(d => d.Key, d => new Resolved(d.Count, d.Minutes), cancel);

    // By how much the number of done tickets grew on each day. Read from the events, because a ticket that was reopened no longer
    // tells when it was done before.
    private Task<Dictionary<DateOnly, int>> DoneAsync(DateOnly since, CancellationToken cancel) => reads.VisibleEvents
        .Where(e => EF.Property<int?>(e, TicketTables.DoneChange) != null && e.Date >= since)
        .GroupBy(e => e.Date)
        .Select(g => new { g.Key, Change = g.Sum(e => EF.Property<int?>(e, TicketTables.DoneChange)!.Value) })
        .ToDictionaryAsync(d => d.Key, d => d.Change, cancel);

    private async Task<IReadOnlyList<int>> AgesAsync(DateTime now, CancellationToken cancel)
    {
        var (day, three, week, month) = (now.AddDays(-1), now.AddDays(-3), now.AddDays(-7), now.AddDays(-30));
        var counts = await reads.Matching(new TicketFilter { Times = new() { Unresolved = true } })
            .GroupBy(t => t.CreatedAt > day ? 0 : t.CreatedAt > three ? 1 : t.CreatedAt > week ? 2 : t.CreatedAt > month ? 3 : 4)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(a => a.Key, a => a.Count, cancel);
        return [.. Enumerable.Range(0, AgeRange.Buckets.Count).Select(bucket => counts.GetValueOrDefault(bucket))];
    }

    private static Task<List<WaitingTicket>> TakeAsync(IQueryable<Ticket> tickets, CancellationToken cancel) => tickets.Take(ShortList)
        .Select(t => new WaitingTicket(t.Id, t.Title, t.Priority, t.UrgencyScore, t.CreatedAt))
        .ToListAsync(cancel);

    // The backlog at the end of each day of the period and of the day before it. It is counted for now; from there, each day's
    // changes lead back to the day before.
    private static Dictionary<DateOnly, int> Backlog(
        DayRange days, DateOnly today, int now, Dictionary<DateOnly, int> created, Dictionary<DateOnly, int> done)
    {
        var backlog = new Dictionary<DateOnly, int>();
        for (var day = today; day >= days.First; day = day.AddDays(-1))
        {
            backlog[day] = now;
            now -= created.GetValueOrDefault(day) - done.GetValueOrDefault(day);
        }
        backlog[days.First.AddDays(-1)] = now;
        return backlog;
    }

    private static PeriodFigures Figures(
        DayRange days, Dictionary<DateOnly, int> created, Dictionary<DateOnly, Resolved> resolved, Dictionary<DateOnly, int> backlog)
    {
        var (now, before) = (Sum(days), Sum(days.Before));
        return new(
            Count(days), Count(days.Before), now.Count, before.Count, backlog[days.Last], backlog[days.Before.Last],
            now.Average, before.Average);

        int Count(DayRange range) => created.Where(d => range.Contains(d.Key)).Sum(d => d.Value);
        Resolved Sum(DayRange range) => resolved.Where(d => range.Contains(d.Key))
            .Aggregate(new Resolved(0, 0), (sum, d) => new(sum.Count + d.Value.Count, sum.Minutes + d.Value.Minutes));
    }

    private static List<DayFigures> PerDay(
        DayRange days, Dictionary<DateOnly, int> created, Dictionary<DateOnly, Resolved> resolved, Dictionary<DateOnly, int> backlog) =>
        [
            .. days.Split(1).Select(d => new DayFigures(
                d.First, created.GetValueOrDefault(d.First), resolved.GetValueOrDefault(d.First).Count, backlog[d.First])),
        ];

    private readonly record struct Resolved(int Count, long Minutes)
    {
        public double? Average => Count == 0 ? null : (double)Minutes / Count;
    }
}
