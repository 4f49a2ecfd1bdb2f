using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Analytics;
using SupportTickets.Data;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Search;
using SupportTickets.Tickets.Totals;

namespace SupportTickets.Maintenance;

/// <summary>A comparison of two ways to compute the same number.</summary>
/// <param name="What">What is counted.</param>
/// <param name="First">The first way.</param>
/// <param name="FirstNumber">Its number.</param>
/// <param name="Second">The second way.</param>
/// <param name="SecondNumber">Its number.</param>
/// <param name="Note">The first difference; empty when there is none.</param>
internal sealed record Check(string What, string First, double FirstNumber, string Second, double SecondNumber, string Note = "")
{
    /// <summary>Whether the numbers are equal. Averages come from different engines and agree to about 15 digits.</summary>
    public bool Holds => Note.Length == 0 && Math.Abs(FirstNumber - SecondNumber) <= 1e-9 * Math.Max(1, Math.Abs(FirstNumber));

    /// <summary>One line, with both numbers.</summary>
    public override string ToString() =>
        $"{(Holds ? "ok  " : "FAIL")} {What}: {First} {Text(FirstNumber)}, {Second} {Text(SecondNumber)}"
        + (Note.Length > 0 ? $" ({Note})" : "");

    private static string Text(double number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}

/// <summary>
/// Compares the numbers of a desk with each other: the statistics, the dashboard, the feed's $apply, and the events
/// replayed. All of them are read from one snapshot of the database, so they agree while people work, too.
/// </summary>
internal sealed class Verification(IServiceProvider services)
{
    private const string Statistics = "statistics", Dashboard = "dashboard", Feed = "feed", Events = "events", Totals = "kept";
    private const int MostTotals = 20;

    private readonly TicketDb _db = services.GetRequiredService<TicketDb>();
    private readonly InProcessFeed _feed = new(services);

    /// <summary>Makes the checks and gives each as soon as it is made.</summary>
    public async IAsyncEnumerable<Check> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        _db.Database.SetCommandTimeout(0); // no limit: nobody waits for it
        await using var snapshot = await _db.SnapshotAsync(cancel);
        var stats = await services.GetRequiredService<StatsQuery>().HandleAsync(cancel);
        var dashboard = await services.GetRequiredService<DashboardQuery>().HandleAsync(period: null, cancel);
        foreach (var check in await OfFeedAsync(stats, cancel))
            yield return check;
        foreach (var check in OfDashboard(stats, dashboard))
            yield return check;
        foreach (var check in await OfTotalsAsync(cancel))
            yield return check;
        if (_db.Sql.IsPostgres)
            yield return await OfTextsAsync(cancel);
        var replay = new EventReplay(_db);
        await replay.RunAsync(cancel);
        foreach (var check in OfEvents(stats, dashboard, replay))
            yield return check;
        foreach (var check in await OfFeedAndEventsAsync(dashboard, replay, cancel))
            yield return check;
    }

    private async Task<List<Check>> OfFeedAsync(TicketStats stats, CancellationToken cancel)
    {
        var all = await OneAsync(
            "aggregate($count as N,UrgencyScore with average as Urgency,CreatedDate with countdistinct as Days)", cancel);
        var (total, days) = (Number(all, "N"), Number(all, "Days"));
        return
        [
            new("tickets", Statistics, stats.Total, Feed, total),
            new("tickets per day", Statistics, stats.PerDay, Feed, total == 0 ? 0 : total / days),
            new("average urgency", Statistics, stats.AverageUrgency, Feed, Number(all, "Urgency")),
            .. await ByAsync("Status", stats.ByStatus, cancel),
            .. await ByAsync("Priority", stats.ByPriority, cancel),
            .. await ByAsync("Category", stats.ByCategory, cancel),
            .. await ByAsync("Sentiment", stats.BySentiment, cancel),
        ];
    }

    private async Task<IEnumerable<Check>> ByAsync<TKey>(
        string property, IReadOnlyDictionary<TKey, int> counts, CancellationToken cancel) where TKey : struct, Enum
    {
        var groups = new Dictionary<string, double>();
        await foreach (var row in ApplyAsync($"groupby(({property}),aggregate($count as N))", cancel))
            groups[row.GetProperty(property).GetString()!] = Number(row, "N");
        return counts.Select(c => new Check(
            $"{property.ToLowerInvariant()} {c.Key}", Statistics, c.Value, Feed, groups.GetValueOrDefault(c.Key.ToString())));
    }

    // A line for each wrong total, and one for all of them.
    private async Task<IEnumerable<Check>> OfTotalsAsync(CancellationToken cancel)
    {
        var wrong = await TotalsUpkeep.CompareAsync(_db, cancel);
        return wrong.Take(MostTotals)
            .Select(total => new Check($"total of {total.Cell}", Totals, total.Kept, "counted", total.Counted, RebuildCommand.Advice))
            .Append(new("totals that are not as counted", "expected", 0, Totals, wrong.Count));
    }

    private async Task<Check> OfTextsAsync(CancellationToken cancel)
    {
        var wrong = await TicketTextUpkeep.CountWrongAsync(_db, cancel);
        return new("tickets with another text in the search", "expected", 0, Totals, wrong, wrong == 0 ? "" : RebuildCommand.Advice);
    }

    private static List<Check> OfDashboard(TicketStats stats, Dashboard dashboard) =>
    [
        new("tickets", Statistics, stats.Total, Dashboard, dashboard.All.Total),
        new("open", Statistics, stats.Open, Dashboard, dashboard.All.Open),
        new("backlog today",
            Statistics, stats.ByStatus[Status.open] + stats.ByStatus[Status.in_progress], Dashboard, dashboard.PerDay[^1].Backlog),
        new("tickets of the period by status", Dashboard, dashboard.Figures.Created, Dashboard, dashboard.Created.ByStatus.Values.Sum()),
    ];

    private static List<Check> OfEvents(TicketStats stats, Dashboard dashboard, EventReplay replay)
    {
        var today = dashboard.PerDay[^1].Date;
        var backlog = dashboard.PerDay.ToDictionary(d => d.Date, d => replay.Backlog.Where(b => b.Key <= d.Date).Sum(b => b.Value));
        return
        [
            new("tickets", Statistics, stats.Total, Events, replay.Created.Sum(d => d.Value)),
            new("days with tickets",
                Statistics, stats.Total == 0 ? 0 : Math.Round(stats.Total / stats.PerDay), Events, replay.Created.Count),
            .. stats.ByStatus.Select(s => new Check($"status {s.Key}", Statistics, s.Value, Events, replay.ByStatus[s.Key])),
            PerDay("created in 30 days", d => d.Created, day => replay.Created.GetValueOrDefault(day)),
            PerDay("resolved in 30 days", d => d.Resolved, day => replay.Resolved.GetValueOrDefault(day)),
            PerDay("sum of the backlogs of 30 days", d => d.Backlog, day => backlog[day]),
            new("events after today", Dashboard, 0, Events, replay.Created.Where(d => d.Key > today).Sum(d => d.Value)),
            .. replay.Mismatches.Select(m => new Check(
                m.Rule, "expected", 0, Events, m.Count, m.Count == 0 ? "" : $"tickets {string.Join(", ", m.Ids)}")),
        ];

        Check PerDay(string what, Func<DayFigures, int> shown, Func<DateOnly, int> told) => new(
            what, Dashboard, dashboard.PerDay.Sum(d => (long)shown(d)), Events, dashboard.PerDay.Sum(d => (long)told(d.Date)),
            FirstDifference(dashboard.PerDay.Select(d => (d.Date, shown(d), told(d.Date)))));
    }

    private async Task<List<Check>> OfFeedAndEventsAsync(Dashboard dashboard, EventReplay replay, CancellationToken cancel)
    {
        var created = await PerDayAsync("CreatedDate", cancel);
        var resolved = await PerDayAsync("ResolvedDate", cancel);
        var sums = await OneAsync("aggregate(ResolutionMinutes with sum as Minutes,ReopenCount with sum as Reopened)", cancel);
        var period = dashboard.PerDay.Select(d => d.Date).ToList();
        return
        [
            OnDays("created on all days", Feed, created, Events, replay.Created, created.Keys.Union(replay.Created.Keys).Order()),
            OnDays("resolved on all days", Feed, resolved, Events, replay.Resolved, resolved.Keys.Union(replay.Resolved.Keys).Order()),
            OnDays("created in 30 days", Dashboard, dashboard.PerDay.ToDictionary(d => d.Date, d => d.Created), Feed, created, period),
            OnDays("resolved in 30 days", Dashboard, dashboard.PerDay.ToDictionary(d => d.Date, d => d.Resolved), Feed, resolved, period),
            new("resolution minutes of all tickets", Feed, Number(sums, "Minutes"), Events, replay.ResolutionMinutes),
        ];
    }

    private static Check OnDays(
        string what, string first, Dictionary<DateOnly, int> firstDays, string second, Dictionary<DateOnly, int> secondDays,
        IEnumerable<DateOnly> days)
    {
        var numbers = days.Select(d => (Date: d, First: firstDays.GetValueOrDefault(d), Second: secondDays.GetValueOrDefault(d))).ToList();
        return new(what, first, numbers.Sum(n => (long)n.First), second, numbers.Sum(n => (long)n.Second), FirstDifference(numbers));
    }

    private async Task<Dictionary<DateOnly, int>> PerDayAsync(string property, CancellationToken cancel)
    {
        var days = new Dictionary<DateOnly, int>();
        await foreach (var row in ApplyAsync($"filter({property} ne null)/groupby(({property}),aggregate($count as N))", cancel))
            days[DateOnly.Parse(row.GetProperty(property).GetString()!, CultureInfo.InvariantCulture)] = (int)Number(row, "N");
        return days;
    }

    private static string FirstDifference(IEnumerable<(DateOnly Date, int First, int Second)> days) =>
        days.Where(d => d.First != d.Second).Select(d => $"{d.Date:yyyy-MM-dd}: {d.First} and {d.Second}").FirstOrDefault("");

    private IAsyncEnumerable<JsonElement> ApplyAsync(string apply, CancellationToken cancel) =>
        _feed.RowsAsync(FeedSets.Tickets.Name, $"$apply={Uri.EscapeDataString(apply)}", cancel);

    private async Task<JsonElement> OneAsync(string apply, CancellationToken cancel)
    {
        await foreach (var row in ApplyAsync(apply, cancel))
            return row.Clone();
        throw new InvalidOperationException("An aggregate has one row.");
    }

    private static double Number(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;
}
