using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Analytics;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Triage;

namespace SupportTickets.Tests.Pages;

public sealed class DashboardTests
{
    private static readonly Origin Agent = new("maria", Channel.web);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Its_numbers_are_those_of_the_statistics_and_lead_to_lists_of_as_many_tickets(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await SampleTickets.AddAsync(desk.Database, clock.GetUtcNow().UtcDateTime, days: 12, Cancel);
        var site = new Site(desk);
        var page = await site.GetAsync("/");
        await using var scope = desk.Services.CreateAsyncScope();
        var stats = await scope.ServiceProvider.GetRequiredService<StatsQuery>().HandleAsync(Cancel);

        Assert.Equal(stats.Total.ToString("N0", CultureInfo.InvariantCulture), page.Text("[data-figure=total]"));
        Assert.Equal(stats.Open.ToString("N0", CultureInfo.InvariantCulture), page.Text("[data-figure=open]"));
        Assert.Equal(stats.PerDay.ToString("N1", CultureInfo.InvariantCulture), page.Text("[data-figure=per-day]"));
        Assert.Equal(stats.AverageUrgency.ToString("N1", CultureInfo.InvariantCulture), page.Text("[data-figure=urgency]"));
        Assert.Equal(stats.Total, Counts(page, "by-status"));
        Assert.Equal(stats.Total, Counts(page, "by-priority"));
        Assert.Equal(stats.Total, Counts(page, "by-category"));
        Assert.Equal(stats.Total, Counts(page, "by-sentiment"));
        foreach (var bar in page.Document.QuerySelectorAll(".bars a"))
        {
            var list = await site.GetAsync(bar.GetAttribute("href")!);
            Assert.EndsWith($" of {bar.QuerySelector(".bar-count")!.TextContent}", list.Text(".count").Replace("0 tickets", "- of 0"));
        }
        Assert.Equal(["/tickets", "/tickets?status=open", "/tickets", "/tickets?sort=-urgency"], page.Document.QuerySelectorAll(".figures a").Select(a => a.GetAttribute("href")!));
    }

    [Theory, Providers]
    public async Task Its_days_count_what_was_created_and_resolved_and_what_was_left(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        var today = clock.GetUtcNow().UtcDateTime.Date;
        await using (var db = desk.Database.Open())
        {
            // Resolved, reopened and resolved again; resolved once and then closed; done on arrival; still open; from before the period.
            db.Tickets.Add(Life(today.AddDays(-9), (today.AddDays(-7), Status.resolved), (today.AddDays(-5), Status.open), (today.AddDays(-2), Status.closed)));
            db.Tickets.Add(Life(today.AddDays(-9), (today.AddDays(-8), Status.in_progress), (today.AddDays(-7), Status.resolved), (today.AddDays(-1), Status.closed)));
            db.Tickets.Add(TicketLifeCycle.Create(new NewTicket("t", "d", Category.general, Priority.low, Status.closed), Score.Fallback, today.AddDays(-4), Agent));
            db.Tickets.Add(Life(today.AddHours(1)));
            db.Tickets.Add(Life(today.AddDays(-40)));
            await db.SaveChangesAsync(Cancel);
        }
        var page = await new Site(desk).GetAsync("/");

        var flow = Table(page, "flow");
        var backlog = Table(page, "backlog");
        Assert.Equal(30, flow.Count);
        var expected = new Dictionary<int, (string Flow, string Backlog)>
        {
            [0] = ("1 0", "2"),
            [1] = ("0 0", "1"),
            [2] = ("0 1", "1"),
            [3] = ("0 0", "2"),
            [4] = ("1 1", "2"),
            [5] = ("0 0", "2"),
            [6] = ("0 0", "1"),
            [7] = ("0 2", "1"),
            [8] = ("0 0", "3"),
            [9] = ("2 0", "3"),
            [10] = ("0 0", "1"),
            [29] = ("0 0", "1"),
        };
        foreach (var (ago, (ofFlow, ofBacklog)) in expected)
        {
            Assert.Equal((ago, ofFlow), (ago, flow[ago]));
            Assert.Equal((ago, ofBacklog), (ago, backlog[ago]));
        }
        Assert.Equal(["4 in 30 days, +3 on the 30 before", "+1 in 30 days", "1.3 in 30 days, +0.3 on the 30 before", "50.0 in 30 days, no change on the 30 before"], page.Texts(".figure-change"));
    }

    [Fact]
    public async Task It_shows_the_oldest_and_the_most_urgent_open_tickets_and_says_so_when_there_is_none()
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock);
        var site = new Site(desk);
        Assert.Contains("Nothing is open.", (await site.GetAsync("/")).Texts(".waiting p"));

        await using (var db = desk.Database.Open())
        {
            foreach (var (title, age, urgency, status) in ((string, int, int, Status)[])[("old", 9, 10, Status.open), ("older but done", 20, 99, Status.closed), ("pressing", 1, 98, Status.open)])
                db.Tickets.Add(TicketLifeCycle.Create(new NewTicket(title, "d", Category.general, Priority.low, status), new Score(Sentiment.calm, urgency), clock.GetUtcNow().UtcDateTime.AddDays(-age), Agent));
            await db.SaveChangesAsync(Cancel);
        }
        var page = await site.GetAsync("/");
        Assert.Equal(["old", "pressing"], page.Texts("[aria-labelledby=oldest] ol a"));
        Assert.Equal(["pressing", "old"], page.Texts("[aria-labelledby=urgent] ol a"));
        Assert.Equal(["9 d", "1 d"], page.Texts("[aria-labelledby=oldest] time"));
    }

    private static Ticket Life(DateTime created, params (DateTime At, Status To)[] moves)
    {
        var ticket = TicketLifeCycle.Create(new NewTicket("t", "d", Category.general, Priority.low, Status.open), Score.Fallback, created, Agent);
        foreach (var (at, to) in moves) ticket.Apply(TicketChange.None with { Status = to }, null, at, Agent);
        return ticket;
    }

    private static int Counts(Answer page, string breakdown) => page.Texts($"[aria-labelledby={breakdown}] .bar-count").Sum(int.Parse);

    // Newest first, so that the index is the days ago.
    private static List<string> Table(Answer page, string chart) =>
        [.. page.Document.QuerySelectorAll($"[aria-labelledby={chart}-heading] tbody tr").Select(row => string.Join(' ', row.QuerySelectorAll("td").Select(td => td.TextContent)))];
}
