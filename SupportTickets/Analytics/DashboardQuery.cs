using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Totals;

namespace SupportTickets.Analytics;

/// <summary>
/// Reads what the dashboard shows, from one snapshot. The numbers come from the totals that the database keeps, so they cost the same
/// however many tickets there are. The reasons: docs/decisions/0018-dashboard.md and 0035-totals.md.
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
        var days = period.Days;
        var limits = AgeLimits(now);
        var ofOldestLimit = DateOnly.FromDateTime(limits[^1]);

        await using var snapshot = await reads.SnapshotAsync(cancel);
        var all = await TicketStats.OfAsync(reads, cancel);
        var ofPeriod = await TicketBreakdown.OfCreatedAsync(reads.Days.Where(d => d.Day >= days.First && d.Day <= days.Last), cancel);
        var perDay = await DaysAsync(days.Before.First < ofOldestLimit ? days.Before.First : ofOldestLimit, cancel);
        var unresolved = all.ByStatus[Status.open] + all.ByStatus[Status.in_progress];
        var ages = Ages(unresolved, limits, perDay, await LaterOnDayAsync(limits, cancel));
        var oldest = await WaitingAsync(waiting => waiting.OrderBy(t => t.CreatedAt).ThenBy(t => t.Id), cancel);
        var mostUrgent = await WaitingAsync(waiting => waiting.OrderByDescending(t => t.UrgencyScore).ThenByDescending(t => t.Id), cancel);

        var backlog = Backlog(days, today, unresolved, perDay);
        return new(period, all, ofPeriod, Figures(days, perDay, backlog), PerDay(days, perDay, backlog), ages, oldest, mostUrgent);
    }

    private Task<Dictionary<DateOnly, Numbers>> DaysAsync(DateOnly since, CancellationToken cancel) => reads.Days
        .Where(d => d.Day >= since)
        .GroupBy(d => d.Day)
        .Select(g => new
        {
            g.Key,
            Created = g.Sum(d => d.Created),
            Resolved = g.Sum(d => d.Resolved),
            Minutes = g.Sum(d => d.ResolutionMinutes),
            DoneChange = g.Sum(d => d.DoneChange),
            Unresolved = g.Sum(d => d.StatusOpen) + g.Sum(d => d.StatusInProgress),
        })
        .TagWith(PreparedStatements.OnePlan)
        .ToDictionaryAsync(
            d => d.Key, d => new Numbers(d.Created, d.Resolved, d.Minutes, d.DoneChange, d.Unresolved), cancel);

    // A ticket created after a limit is younger than that age. The youngest range has none.
    private static List<DateTime> AgeLimits(DateTime now) => [.. AgeRange.Buckets.Skip(1).Select(age => now.AddDays(-age.From))];

    // How many unresolved tickets were created on the day of each limit, after it. Only these are counted one by one.
    private Task<Dictionary<int, int>> LaterOnDayAsync(List<DateTime> limits, CancellationToken cancel)
    {
        var waiting = reads.Matching(new TicketFilter { Times = new() { Unresolved = true } });
        return limits.Select((limit, number) =>
            {
                var end = DayRange.Of(DateOnly.FromDateTime(limit)).End;
                return waiting.Where(t => t.CreatedAt > limit && t.CreatedAt < end).Select(_ => number);
            })
            .Aggregate((all, next) => all.Concat(next))
            .GroupBy(number => number)
            .Select(g => new { g.Key, Count = g.Count() })
            .TagWith(PreparedStatements.OnePlan)
            .ToDictionaryAsync(l => l.Key, l => l.Count, cancel);
    }

    private static List<int> Ages(
        int unresolved, List<DateTime> limits, Dictionary<DateOnly, Numbers> perDay, Dictionary<int, int> laterOnDay)
    {
        var younger = limits.Select((limit, number) => laterOnDay.GetValueOrDefault(number)
            + perDay.Where(d => d.Key > DateOnly.FromDateTime(limit)).Sum(d => d.Value.Unresolved)).ToList();
        return [.. younger.Append(unresolved).Zip(younger.Prepend(0), (upTo, before) => upTo - before)];
    }

    // The first of each status, and of these the first: for both together, the database reads the done tickets that come before, too.
    private Task<List<WaitingTicket>> WaitingAsync(
        Func<IQueryable<Ticket>, IOrderedQueryable<Ticket>> order, CancellationToken cancel)
    {
        var open = order(reads.Matching(new TicketFilter { Status = Status.open })).Take(ShortList);
        var inProgress = order(reads.Matching(new TicketFilter { Status = Status.in_progress })).Take(ShortList);
        return order(open.Concat(inProgress)).Take(ShortList)
            .Select(t => new WaitingTicket(t.Id, t.Title, t.Priority, t.UrgencyScore, t.CreatedAt))
            .TagWith(PreparedStatements.OnePlan)
            .ToListAsync(cancel);
    }

    // The backlog at the end of each day of the period and of the day before it. It is known for now; from there, each day's changes lead
    // back to the day before.
    private static Dictionary<DateOnly, int> Backlog(DayRange days, DateOnly today, int now, Dictionary<DateOnly, Numbers> perDay)
    {
        var backlog = new Dictionary<DateOnly, int>();
        for (var day = today; day >= days.First; day = day.AddDays(-1))
        {
            backlog[day] = now;
            var of = perDay.GetValueOrDefault(day);
            now -= of.Created - of.DoneChange;
        }
        backlog[days.First.AddDays(-1)] = now;
        return backlog;
    }

    private static PeriodFigures Figures(DayRange days, Dictionary<DateOnly, Numbers> perDay, Dictionary<DateOnly, int> backlog)
    {
        var (now, before) = (Sum(days), Sum(days.Before));
        return new(
            now.Created, before.Created, now.Resolved, before.Resolved, backlog[days.Last], backlog[days.Before.Last],
            now.Average, before.Average);

        Numbers Sum(DayRange range) => perDay.Where(d => range.Contains(d.Key)).Aggregate(default(Numbers), (sum, d) => sum with
        {
            Created = sum.Created + d.Value.Created,
            Resolved = sum.Resolved + d.Value.Resolved,
            Minutes = sum.Minutes + d.Value.Minutes,
        });
    }

    private static List<DayFigures> PerDay(DayRange days, Dictionary<DateOnly, Numbers> perDay, Dictionary<DateOnly, int> backlog) =>
    [
        .. days.Split(1).Select(d => (Day: d.First, Of: perDay.GetValueOrDefault(d.First)))
            .Select(d => new DayFigures(d.Day, d.Of.Created, d.Of.Resolved, backlog[d.Day])),
    ];

    /// <summary>The numbers of a day, as <see cref="DayTotal"/> has them.</summary>
    private readonly record struct Numbers(int Created, int Resolved, long Minutes, int DoneChange, int Unresolved)
    {
        public double? Average => Resolved == 0 ? null : (double)Minutes / Resolved;
    }
}
