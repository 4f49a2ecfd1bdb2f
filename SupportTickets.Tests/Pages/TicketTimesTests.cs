using System.Net;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>
/// The filters of the list that are about times. That they count as the dashboard does is in <see cref="DashboardTests"/>.
/// </summary>
public sealed class TicketTimesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Each_takes_in_its_edges_and_is_a_chip_that_can_be_removed(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        var midnight = clock.GetUtcNow().UtcDateTime.Date;
        await AddAsync("at midnight", midnight, null);
        await AddAsync("right before", midnight.AddMicroseconds(-1), midnight.AddMicroseconds(-1));
        await AddAsync("a week ago, done at midnight", clock.GetUtcNow().UtcDateTime.AddDays(-7), midnight);
        await AddAsync("yesterday, to the moment", clock.GetUtcNow().UtcDateTime.AddDays(-1), null);
        var site = new Site(desk);
        foreach (var (query, chip, titles) in ((string, string, string[])[])
        [
            ("created=2026-11-23", "Created 23 Nov 2026, UTC×", ["at midnight"]),
            (
                "created=2026-11-22..2026-11-23", "Created 22–23 Nov 2026, UTC×",
                ["at midnight", "right before", "yesterday, to the moment"]),
            ("resolved=2026-11-23", "Resolved 23 Nov 2026, UTC×", ["a week ago, done at midnight"]),
            ("resolved=2025-12-31..2026-11-22", "Resolved 31 Dec 2025 – 22 Nov 2026, UTC×", ["right before"]),
            ("open=true", "Unresolved×", ["at midnight", "yesterday, to the moment"]),
            (
                "backlog=2026-11-22", "Unresolved at the end of 22 Nov 2026, UTC×",
                ["yesterday, to the moment", "a week ago, done at midnight"]),
            ("age=0-1", "Age: under 1 day×", ["at midnight", "right before"]),
            ("age=1-3", "Age: 1 to 3 days×", ["yesterday, to the moment"]),
            ("age=7-", "Age: 7 days and more×", ["a week ago, done at midnight"]),
        ])
        {
            var list = await site.GetAsync($"/tickets?{query}&priority=low");
            Assert.Equal((query, HttpStatusCode.OK), (query, list.Status));
            Assert.Equal((query, string.Join("; ", titles)), (query, string.Join("; ", list.Texts("tbody .col-title a"))));
            Assert.Equal(["Priority: low×", chip, "2 filters, clear"], list.Texts(".chips li"));
            Assert.Equal("/tickets?priority=low", list.Document.QuerySelectorAll(".chip")[1].GetAttribute("href"));
            // The form that filters further keeps it.
            var further = await site.PressAsync(list, ".filters button", ("status", "in_progress"));
            Assert.Contains(chip, further.Texts(".chips li"));
            Assert.Empty(further.Texts("tbody .col-title a"));
        }

        async Task AddAsync(string title, DateTime at, DateTime? done)
        {
            await using var db = desk.Database.Open();
            var ticket = TicketLifeCycle.Create(
                new NewTicket(title, "d", Category.general, Priority.low, Status.open), Score.Fallback, at, Origin.Triage);
            if (done is { } then)
                ticket.Apply(TicketChange.None with { Status = Status.resolved }, null, then, Origin.Triage);
            db.Tickets.Add(ticket);
            await db.SaveChangesAsync(Cancel);
        }
    }

    [Fact]
    public async Task What_cannot_be_meant_is_explained()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        foreach (var (query, text) in ((string, string)[])
        [
            ("created=x", "The filter “created” takes a day like 2026-11-01"),
            ("created=2026-11-02..2026-11-01", "The filter “created”"),
            ("created=2026-11-01..", "The filter “created”"),
            ("created=2026-11-01..2026-11-02..2026-11-03", "The filter “created”"),
            ("resolved=9999-12-31", "The filter “resolved”"),
            ("backlog=2026-02-30", "The filter “backlog” takes a day"),
            ("backlog=2026-11-01..2026-11-02", "The filter “backlog”"),
            ("age=3", "The filter “age” takes days like 3-7"),
            ("age=7-3", "The filter “age”"),
            ("age=-3", "The filter “age”"),
            ("age=0-99999999999", "The filter “age”"),
            ("open=yes", "The filter “open” takes true"),
            ("created=%00", "The filter “created”"),
        ])
        {
            var page = await site.GetAsync($"/tickets?{query}");
            Assert.Equal((query, HttpStatusCode.BadRequest), (query, page.Status));
            Assert.StartsWith(text, page.Text(".problem li"));
        }
    }
}
