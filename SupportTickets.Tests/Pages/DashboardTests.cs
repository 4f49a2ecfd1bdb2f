using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Analytics;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

public sealed class DashboardTests
{
    private static readonly Origin Agent = new("maria", Channel.web);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Every_number_bar_and_point_leads_to_a_list_of_as_many_tickets(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await SampleTickets.AddAsync(desk.Database, clock.GetUtcNow().UtcDateTime, days: 40, Cancel);
        await using (var db = desk.Database.Open())
        {
            db.Tickets.AddRange(Lives(clock.GetUtcNow().UtcDateTime.Date));
            await db.SaveChangesAsync(Cancel);
        }
        foreach (var id in (int[])[5, 120, 200]) // one that was reopened is among them
            Assert.True((await desk.Client.DeleteAsync($"/odata/Tickets({id})", Cancel)).IsSuccessStatusCode);
        Assert.Contains((await desk.TicketsAsync()), t => t.ReopenCount > 1);
        var site = new Site(desk);
        var lists = new Dictionary<string, string>();
        var compared = 0;

        foreach (var address in (string[])["/", "/?period=7d", "/?period=365d", "/?from=2026-10-20&to=2026-11-12"])
        {
            var page = await site.GetAsync(address);
            foreach (var (number, url) in Numbers(page))
            {
                if (!lists.TryGetValue(url, out var count)) lists[url] = count = Count(await desk.Client.GetStringAsync(url, Cancel));
                Assert.Equal((address, url, number), (address, url, count));
                compared++;
            }
            // Whatever else leads to a list has a number that was compared, or is one of these.
            var others = page.Document
                .QuerySelectorAll("[data-live] a[href^='/tickets?'], [data-live] a[href='/tickets']")
                .Select(a => a.GetAttribute("href")!)
                .Except(lists.Keys);
            Assert.Equal(
                ["/tickets?open=true&sort=-urgency", "/tickets?open=true&sort=created", "/tickets?sort=-urgency"],
                others.Order(StringComparer.Ordinal));
        }
        Assert.True(compared > 500, $"Only {compared} numbers were compared.");
        Assert.True(lists.Values.Distinct().Count() > 20);
    }

    [Fact]
    public async Task Sentiment_and_urgency_are_shown_where_somebody_gives_or_gave_them()
    {
        await using var off = await Desk.StartAsync(Provider.Sqlite);
        await off.AddTicketAsync();
        Assert.Equal((0, 0, 0), Shown(await new Site(off).GetAsync("/")));
        await using (var db = off.Database.Open())
        {
            (await db.Tickets.SingleAsync(Cancel)).UrgencyScore = 51;
            await db.SaveChangesAsync(Cancel);
        }
        await using var scored = Desk.Start(off.Database);
        Assert.Equal((1, 1, 1), Shown(await new Site(scored).GetAsync("/")));

        await using var builtIn = await Desk.StartAsync(Provider.Sqlite, settings: ("TRIAGE", "builtin"));
        await builtIn.AddTicketAsync();
        Assert.Equal((1, 1, 1), Shown(await new Site(builtIn).GetAsync("/")));

        static (int, int, int) Shown(Answer page) => (
            page.Document.QuerySelectorAll("[aria-labelledby=by-sentiment]").Length, page.Document.QuerySelectorAll("#urgent").Length,
            page.Document.QuerySelectorAll("[data-figure=urgency]").Length);
    }

    [Theory, Providers]
    public async Task Its_numbers_are_those_of_the_statistics(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await SampleTickets.AddAsync(desk.Database, clock.GetUtcNow().UtcDateTime, days: 12, Cancel);
        var page = await new Site(desk).GetAsync("/");
        await using var scope = desk.Services.CreateAsyncScope();
        var stats = await scope.ServiceProvider.GetRequiredService<StatsQuery>().HandleAsync(Cancel);

        Assert.Equal(stats.Total.ToString("N0", CultureInfo.InvariantCulture), page.Text("[data-figure=total]"));
        Assert.Equal(stats.Open.ToString("N0", CultureInfo.InvariantCulture), page.Text("[data-figure=open]"));
        Assert.Equal(stats.PerDay.ToString("N1", CultureInfo.InvariantCulture), page.Text("[data-figure=per-day]"));
        Assert.Equal(stats.AverageUrgency.ToString("N1", CultureInfo.InvariantCulture), page.Text("[data-figure=urgency]"));
        foreach (var breakdown in (string[])["by-status", "by-priority", "by-category", "by-sentiment"])
            Assert.Equal((breakdown, stats.Total), (breakdown, Sum(page, breakdown)));
        Assert.Equal(stats.ByStatus[Status.open] + stats.ByStatus[Status.in_progress], Sum(page, "by-age"));
    }

    [Theory, Providers]
    public async Task Its_days_count_what_was_created_and_resolved_and_what_was_left(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await using (var db = desk.Database.Open())
        {
            db.Tickets.AddRange(Lives(clock.GetUtcNow().UtcDateTime.Date));
            await db.SaveChangesAsync(Cancel);
        }
        var site = new Site(desk);
        var page = await site.GetAsync("/");

        var flow = Table(page, "flow");
        var backlog = Table(page, "backlog");
        Assert.Equal(30, flow.Count);
        var expected = new Dictionary<int, (string Flow, string Backlog)>
        {
            [0] = ("1 0", "2"),
            [1] = ("0 0", "1"),
            [2] = ("0 1", "1"), // done again: counted here, not where it was done before
            [3] = ("0 0", "2"),
            [4] = ("1 1", "2"),
            [5] = ("0 0", "2"),
            [6] = ("0 0", "1"),
            [7] = ("0 1", "1"), // two were done, one of them was reopened
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
        Assert.Equal(["4", "3", "2", "3.0 d"], page.Texts(".figures strong"));
        Assert.Equal(["+3", "+3", "+1", "none before"], page.Texts(".figure-change").Select(t => t.Replace(" on the 30 days before", "")));
        Assert.Equal(["1", "0", "0", "0", "1"], page.Texts("[aria-labelledby=by-age] .bar-count"));

        var past = await site.GetAsync("/?from=2026-11-14&to=2026-11-16"); // 9 to 7 days ago
        Assert.Equal(["0 1", "0 0", "2 0"], Table(past, "flow"));
        Assert.Equal(["1", "3", "3"], Table(past, "backlog"));
        Assert.Equal(["2", "1", "1", "2.0 d"], past.Texts(".figures strong"));
        Assert.Equal("14–16 Nov 2026, UTC. Changes are on the 3 days before.", past.Text(".span"));
    }

    [Theory, Providers]
    public async Task A_long_period_is_shown_by_week_with_the_same_sums(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await SampleTickets.AddAsync(desk.Database, clock.GetUtcNow().UtcDateTime, days: 30, Cancel);
        var site = new Site(desk);
        foreach (var (address, points, unit) in ((string, int, string)[])
        [
            ("/?period=90d", 90, "Day"), ("/?period=365d", 53, "Week"), ("/?from=2024-11-23", 105, "Week"),
            ("/?from=2026-11-23", 1, "Day"),
        ])
        {
            var page = await site.GetAsync(address);
            var rows = Table(page, "flow");
            Assert.Equal((address, points, $"{unit} (UTC)"), (address, rows.Count, page.Texts("[aria-labelledby=flow-heading] th")[0]));
            Assert.Equal(page.Texts(".figures strong")[0], rows.Sum(r => int.Parse(r.Split(' ')[0])).ToString());
            Assert.Equal(page.Texts(".figures strong")[1], rows.Sum(r => int.Parse(r.Split(' ')[1])).ToString());
            Assert.Equal(page.Texts(".figures strong")[2], Table(page, "backlog")[0]);
            // Each point is drawn: a link for each value.
            Assert.Equal((address, 3 * points), (address, page.Document.QuerySelectorAll(".drawing a").Length));
        }
        var year = await site.GetAsync("/?period=365d");
        Assert.Equal("24 Nov 2025", year.Texts("[aria-labelledby=flow-heading] tbody th")[^1]);
        Assert.Equal(["17–23 Nov 2026", "10–16 Nov 2026", "3–9 Nov 2026"], year.Texts("[aria-labelledby=flow-heading] tbody th").Take(3));
    }

    [Fact]
    public async Task The_period_is_in_the_address_and_one_that_cannot_be_meant_is_explained()
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock);
        var site = new Site(desk);
        await desk.AddTicketAsync();
        foreach (var (address, current, days) in ((string, string[], string)[])
        [
            ("/", ["30 days"], "25 Oct – 23 Nov 2026"),
            ("/?period=7d", ["7 days"], "17–23 Nov 2026"),
            ("/?period=365d", ["365 days"], "24 Nov 2025 – 23 Nov 2026"),
            ("/?period=7d&from=2026-11-01", [], "1–23 Nov 2026"),
            ("/?from=2026-11-09&to=2026-11-09", [], "9 Nov 2026"),
            ("/?from=&to=", ["30 days"], "25 Oct – 23 Nov 2026"),
        ])
        {
            var page = await site.GetAsync(address);
            Assert.Equal((address, HttpStatusCode.OK), (address, page.Status));
            Assert.Equal(current, page.Texts(".periods [aria-current]"));
            Assert.StartsWith($"{days}, UTC.", page.Text(".span"));
        }
        var chosen = await site.PressAsync(await site.GetAsync("/"), ".other-dates button", ("from", "2026-11-02"), ("to", "2026-11-08"));
        Assert.StartsWith("2–8 Nov 2026, UTC.", chosen.Text(".span"));
        foreach (var (query, text) in ((string, string)[])
        [
            ("period=8d", "There is no such period. Choose one of those above, or enter two dates."),
            ("from=x", "Enter the first day of the period as a date from 2000 on, like 2026-11-01."),
            ("to=2026-11-01", "Enter the first day"),
            ("from=1999-12-31", "Enter the first day"),
            ("from=2026-11-01&to=2026-13-01", "Enter the last day of the period as a date"),
            ("from=2026-11-01&to=2026-11-24", "Choose a last day that is not after today (UTC)."),
            ("from=2026-11-09&to=2026-11-08", "Choose a first day that is not after the last."),
            ("from=2024-11-22", "Choose a period of at most two years (731 days)."),
            ("period=%3Cscript%3E", "There is no such period."),
            ("from=%00&to=%00", "Enter the first day"),
        ])
        {
            var page = await site.GetAsync($"/?{query}");
            Assert.Equal((query, HttpStatusCode.BadRequest), (query, page.Status));
            Assert.StartsWith(text, page.Text(".problem li"));
            Assert.StartsWith("25 Oct – 23 Nov 2026, UTC.", page.Text(".span"));
        }
    }

    [Fact]
    public async Task It_shows_the_oldest_and_the_most_urgent_unresolved_tickets_and_says_so_when_there_is_none()
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock);
        var site = new Site(desk);
        await desk.AddTicketAsync(status: Status.closed);
        Assert.Contains("Nothing is unresolved.", (await site.GetAsync("/")).Texts(".waiting p"));

        await using (var db = desk.Database.Open())
        {
            foreach (var (title, age, urgency, status) in ((string, int, int, Status)[])
                [("old", 9, 10, Status.open), ("older but done", 20, 99, Status.closed), ("pressing", 1, 98, Status.in_progress)])
                db.Tickets.Add(TicketLifeCycle.Create(
                    new NewTicket(title, "d", Category.general, Priority.low, status), new Score(Sentiment.calm, urgency),
                    clock.GetUtcNow().UtcDateTime.AddDays(-age), Agent));
            await db.SaveChangesAsync(Cancel);
        }
        var page = await site.GetAsync("/");
        Assert.Equal(["old", "pressing"], page.Texts("[aria-labelledby=oldest] ol a"));
        Assert.Equal(["pressing", "old"], page.Texts("[aria-labelledby=urgent] ol a"));
        Assert.Equal(["9 d", "1 d"], page.Texts("[aria-labelledby=oldest] time"));
    }

    [Fact]
    public async Task An_empty_desk_says_what_to_do_next_to_those_who_may_do_it()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var page = await new Site(desk).GetAsync("/");
        Assert.Contains("Create the first ticket", page.Text(".empty"));
        Assert.Empty(page.Document.QuerySelectorAll(".figures, .chart"));
        var viewer = await (await desk.SignedInAsync(Role.viewer)).GetStringAsync("/", Cancel);
        Assert.Contains("No tickets yet", viewer);
        Assert.DoesNotContain("Create the first ticket", viewer);
    }

    // Resolved, reopened and resolved again; resolved once and then closed; done on arrival; still open; from before the
    // period; and, further back than the days that tests look at closely, reopened twice and now in progress.
    private static IEnumerable<Ticket> Lives(DateTime today) =>
    [
        Life(today.AddDays(-9), (today.AddDays(-7), Status.resolved), (today.AddDays(-5), Status.open), (today.AddDays(-2), Status.closed)),
        Life(
            today.AddDays(-9),
            (today.AddDays(-8), Status.in_progress), (today.AddDays(-7), Status.resolved), (today.AddDays(-1), Status.closed)),
        TicketLifeCycle.Create(
            new NewTicket("t", "d", Category.general, Priority.low, Status.closed), Score.Fallback, today.AddDays(-4), Agent),
        Life(today.AddHours(1)),
        Life(
            today.AddDays(-40),
            (today.AddDays(-38), Status.resolved), (today.AddDays(-36), Status.open),
            (today.AddDays(-34), Status.closed), (today.AddDays(-33), Status.in_progress)),
    ];

    private static Ticket Life(DateTime created, params (DateTime At, Status To)[] moves)
    {
        var ticket = TicketLifeCycle.Create(
            new NewTicket("t", "d", Category.general, Priority.low, Status.open), Score.Fallback, created, Agent);
        foreach (var (at, to) in moves)
            ticket.Apply(TicketChange.None with { Status = to }, null, at, Agent);
        return ticket;
    }

    // What the page says, and where it leads.
    private static IEnumerable<(string Number, string Url)> Numbers(Answer page)
    {
        foreach (var (selector, number) in ((string, string)[])
        [
            (".figures a:has([data-figure=created])", "strong"),
            (".figures a:has([data-figure=resolved])", "strong"),
            (".figures a:has([data-figure=backlog])", "strong"),
            (".all-time a:has([data-figure=total])", "span"),
            (".all-time a:has([data-figure=open])", "span"),
            (".section-head a:has([data-figure])", "span"),
            (".bars a", ".bar-count"),
            (".numbers td a", ""),
        ])
        {
            var links = page.Document.QuerySelectorAll(selector);
            Assert.NotEmpty(links);
            foreach (var link in links)
                yield return ((number.Length == 0 ? link : link.QuerySelector(number)!).TextContent, link.GetAttribute("href")!);
        }
        foreach (var point in page.Document.QuerySelectorAll(".drawing a"))
            yield return (
                Regex.Match(point.TextContent, @": ([\d,]+) (created|resolved|unresolved)$").Groups[1].Value, point.GetAttribute("href")!);
    }

    // Not read as a document: that is most of the work with some hundred lists.
    private static string Count(string list)
    {
        var text = Regex.Match(list, "<p class=\"count\">([^<]+)</p>").Groups[1].Value;
        return text is "0 tickets" ? "0" : text.Split(" of ")[1];
    }

    private static int Sum(Answer page, string breakdown) => page.Texts($"[aria-labelledby={breakdown}] .bar-count").Sum(int.Parse);

    // Newest first, so that the index is the days ago.
    private static List<string> Table(Answer page, string chart) =>
        [
            .. page.Document
                .QuerySelectorAll($"[aria-labelledby={chart}-heading] tbody tr")
                .Select(row => string.Join(' ', row.QuerySelectorAll("td").Select(td => td.TextContent))),
        ];
}
