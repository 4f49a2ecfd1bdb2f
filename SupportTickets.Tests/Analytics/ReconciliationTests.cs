using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Data;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tests.Pages;
using SupportTickets.Tickets;
using SupportTickets.Views;
using Cell = (string Label, string Count);

namespace SupportTickets.Tests.Analytics;

/// <summary>One number, however it is asked for.</summary>
public sealed class ReconciliationTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task REST_dashboard_and_feed_tell_the_same_numbers(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await SeedAsync(desk, clock, 700);
        var stats = (await desk.Client.GetFromJsonAsync<JsonObject>("/api/tickets/stats/", Cancel))!;
        // The year of the seed, so its breakdowns are those of all tickets.
        var page = await new Site(desk).GetAsync("/?from=2025-11-23&to=2026-11-23");
        var all = Assert.Single(
            await ApplyAsync(desk, "aggregate($count as N,UrgencyScore with average as Urgency,CreatedDate with countdistinct as Days)"));
        var open = Assert.Single(await ApplyAsync(desk, "filter(Status eq 'open')/aggregate($count as N)"));

        var total = stats["total_tickets"]!.GetValue<int>();
        Assert.Equal(700, total);
        Assert.Equal(total, all["N"]!.GetValue<int>());
        Assert.Equal(stats["open_tickets"]!.GetValue<int>(), open["N"]!.GetValue<int>());
        Assert.Equal(stats["avg_tickets_per_day"]!.GetValue<double>(), (double)total / all["Days"]!.GetValue<int>(), 1e-9);
        Assert.Equal(stats["avg_urgency_score"]!.GetValue<double>(), all["Urgency"]!.GetValue<double>(), 1e-9);
        Assert.Equal(Whole(total), page.Text("[data-figure=total]"));
        Assert.Equal(Whole(stats["open_tickets"]!.GetValue<int>()), page.Text("[data-figure=open]"));
        Assert.Equal(Tenth(stats["avg_tickets_per_day"]!.GetValue<double>()), page.Text("[data-figure=per-day]"));
        Assert.Equal(Tenth(stats["avg_urgency_score"]!.GetValue<double>()), page.Text("[data-figure=urgency]"));

        Assert.Equal(Whole(total), page.Text("[data-figure=created]"));

        foreach (var name in (string[])["priority", "category", "sentiment", "status"])
        {
            var property = char.ToUpperInvariant(name[0]) + name[1..];
            var feed = (await ApplyAsync(desk, $"groupby(({property}),aggregate($count as N))")).ToDictionary(
                r => r[property]!.GetValue<string>(), r => r["N"]!.GetValue<int>());
            var bars = page.Texts($"[aria-labelledby=by-{name}] .bar-label")
                .Zip(page.Texts($"[aria-labelledby=by-{name}] .bar-count"))
                .Select(bar => new Cell(bar.First.ToLowerInvariant().Replace(' ', '_'), bar.Second));
            Assert.Equal(feed.Select(f => new Cell(f.Key, Whole(f.Value))).Order(), bars.Order());
            Assert.Equal(total, feed.Values.Sum());
            if (stats[$"{name}_breakdown"] is JsonObject breakdown)
                Assert.Equal(
                    feed.OrderBy(f => f.Key),
                    breakdown.Select(b => KeyValuePair.Create(b.Key, b.Value!.GetValue<int>())).OrderBy(b => b.Key));
        }
    }

    [Theory, Providers]
    public async Task The_days_of_the_dashboard_are_those_of_the_feed(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await SampleTickets.AddAsync(desk.Database, clock.GetUtcNow().UtcDateTime, days: 20, Cancel);
        var page = await new Site(desk).GetAsync("/");
        var created = (await ApplyAsync(desk, "groupby((CreatedDate),aggregate($count as N))"))
            .ToDictionary(r => r["CreatedDate"]!.GetValue<string>(), r => r["N"]!.GetValue<int>());
        var resolved = (await ApplyAsync(desk, "filter(ResolvedDate ne null)/groupby((ResolvedDate),aggregate($count as N))"))
            .ToDictionary(r => r["ResolvedDate"]!.GetValue<string>(), r => r["N"]!.GetValue<int>());

        var rows = page.Document.QuerySelectorAll("[aria-labelledby=flow-heading] tbody tr").ToList();
        Assert.Equal(30, rows.Count);
        for (var ago = 0; ago < rows.Count; ago++)
        {
            var day = clock.GetUtcNow().UtcDateTime.AddDays(-ago).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            Assert.Equal(
                (day, $"{created.GetValueOrDefault(day)} {resolved.GetValueOrDefault(day)}"),
                (day, string.Join(' ', rows[ago].QuerySelectorAll("td").Select(td => td.TextContent))));
        }
        Assert.True(resolved.Count > 10);

        var week = await new Site(desk).GetAsync("/?period=7d");
        const string days = "Date ge 2026-11-17 and";
        var inWeek = Assert.Single(await ApplyAsync(desk, $"filter(Created{days} CreatedDate le 2026-11-23)/aggregate($count as N)"));
        var done = Assert.Single(await ApplyAsync(
            desk, $"filter(Resolved{days} ResolvedDate le 2026-11-23)/aggregate($count as N,ResolutionMinutes with average as Minutes)"));
        Assert.Equal(Whole(inWeek["N"]!.GetValue<int>()), week.Text("[data-figure=created]"));
        Assert.Equal(Whole(done["N"]!.GetValue<int>()), week.Text("[data-figure=resolved]"));
        Assert.Equal(Words.Span(done["Minutes"]!.GetValue<double>()), week.Text("[data-figure=time]"));
    }

    [Theory, Providers]
    public async Task A_desk_as_it_was_worked_on_verifies(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        var (nothing, told) = await VerifyAsync(desk);
        Assert.True(nothing, string.Join('\n', told)); // nothing is equal to nothing
        await SeedAsync(desk, clock, 4500); // more than two batches
        await desk.Client.PatchAsJsonAsync("/api/tickets/7/", new { priority = "critical", status = "closed", title = "Another" }, Cancel);
        await desk.AddTicketAsync(status: Status.resolved);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada #3"), await desk.AddPersonAsync(Role.agent, "Bob"));
        foreach (var whom in new int?[] { ada.Id, bob.Id, null, ada.Id })
            Assert.True((await desk.Client.PostAsJsonAsync(
                "/odata/Tickets(8)/Assign", new Dictionary<string, int?> { ["AssigneeId"] = whom }, Cancel)).IsSuccessStatusCode);
        // A whole history, one that was just changed, at the edge of a batch, the last of the seed.
        foreach (var id in new[] { 1, 7, 2000, 4500 })
            Assert.True((await desk.Client.DeleteAsync($"/odata/Tickets({id})", Cancel)).IsSuccessStatusCode);

        var (holds, lines) = await VerifyAsync(desk);

        Assert.True(holds, string.Join('\n', lines.Where(l => !l.StartsWith("ok", StringComparison.Ordinal))));
        Assert.Contains("ok   tickets: statistics 4497, feed 4497", lines);
        Assert.Contains("ok   tickets: statistics 4497, events 4497", lines);
        Assert.Contains("ok   tickets whose status is not their last status event: expected 0, events 0", lines);
        Assert.Equal($"All {lines.Count - 1} checks hold.", lines[^1]);
    }

    [Theory, Providers]
    public async Task After_a_deletion_all_figures_are_as_if_the_ticket_had_never_been(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await SampleTickets.AddAsync(desk.Database, clock.GetUtcNow().UtcDateTime, days: 20, Cancel);
        var before = await FiguresAsync();
        var added = await desk.AddTicketAsync(priority: Priority.critical);
        await desk.Client.PatchAsJsonAsync($"/api/tickets/{added.Id}/", new { status = "closed" }, Cancel);
        await desk.Client.PatchAsJsonAsync($"/api/tickets/{added.Id}/", new { status = "open" }, Cancel);
        Assert.NotEqual(before, await FiguresAsync());
        Assert.True((await desk.Client.DeleteAsync($"/odata/Tickets({added.Id})", Cancel)).IsSuccessStatusCode);
        Assert.Equal(before, await FiguresAsync());

        async Task<string> FiguresAsync()
        {
            var page = await new Site(desk).GetAsync("/");
            var days = page.Document.QuerySelectorAll("[aria-labelledby=flow-heading] tbody tr").Select(row => row.TextContent);
            var (holds, lines) = await VerifyAsync(desk);
            Assert.True(holds);
            return string.Join('\n', [await desk.Client.GetStringAsync("/api/tickets/stats/", Cancel), .. days, .. lines]);
        }
    }

    [Theory]
    [CombinedProviders(
        "UPDATE tickets SET status = 3 - status WHERE id = 3",
        "tickets whose status is not their last status event: expected 0, events 1 (tickets 3)")]
    [CombinedProviders(
        "UPDATE tickets SET first_resolved_at = created_at WHERE id = 3",
        "tickets whose times of resolution are not their events': expected 0, events 1 (tickets 3)")]
    [CombinedProviders(
        "UPDATE tickets SET reopen_count = reopen_count + 1 WHERE id IN (3, 4)",
        "tickets whose reopenings are not their events': expected 0, events 2 (tickets 3, 4)")]
    [CombinedProviders("DELETE FROM ticket_events WHERE ticket_id = 3", "tickets: statistics 50, events 49")]
    [CombinedProviders(
        "DELETE FROM ticket_events WHERE ticket_id = 3 AND old_value IS NULL",
        "tickets without a first event at their creation: expected 0, events 1 (tickets 3)")]
    [CombinedProviders(
        "UPDATE ticket_events SET new_value = 'open' WHERE ticket_id = 3 AND field = 4 AND new_value = 'resolved'",
        "tickets with an event that does not follow from the one before: expected 0, events 1 (tickets 3)")]
    [CombinedProviders(
        "INSERT INTO ticket_events (ticket_id, at, actor, field, old_value, new_value) "
            + "SELECT 3, at, 'x', 7, '', 'Ada #1' FROM ticket_events WHERE ticket_id = 3 AND old_value IS NULL",
        "tickets with a field that is not its last event: expected 0, events 1 (tickets 3)")]
    [CombinedProviders(
        "INSERT INTO ticket_events (ticket_id, at, actor, field, old_value, new_value) "
            + "SELECT 3, at, 'x', 6, '1', '101' FROM ticket_events WHERE ticket_id = 3 AND old_value IS NULL",
        "tickets with a field that is not its last event: expected 0, events 1 (tickets 3)")]
    public async Task What_was_changed_past_the_desk_is_found(Provider provider, string sql, string line)
    {
        var desk = await desks.OfAsync(provider, async p =>
        {
            var clock = new ManualClock(ManualClock.Monday);
            var seeded = await FeedDesk.StartAsync(p, clock);
            await SeedAsync(seeded.Desk, clock, 50);
            return seeded;
        });
        await using var scope = desk.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TicketDb>();
        await using var change = await db.Database.BeginTransactionAsync(Cancel); // the verification reads in it; it is not committed
        Assert.NotEqual(0, await db.Database.ExecuteSqlRawAsync(sql, Cancel));

        var (holds, lines) = await VerifyAsync(scope.ServiceProvider);

        Assert.False(holds);
        Assert.Contains($"FAIL {line}", lines);
        Assert.Matches(@"^\d+ of \d+ checks failed\.$", lines[^1]);
    }

    private static async Task SeedAsync(Desk desk, ManualClock clock, int count)
    {
        await using var db = desk.Database.Open();
        using var output = new StringWriter();
        Assert.True(await SeedCommand.SeedAsync(
            db, new(count, 3), clock.GetUtcNow().UtcDateTime, new(output, isTerminal: false, count, clock), Cancel));
    }

    private static async Task<(bool Holds, List<string> Lines)> VerifyAsync(Desk desk)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await VerifyAsync(scope.ServiceProvider);
    }

    private static async Task<(bool Holds, List<string> Lines)> VerifyAsync(IServiceProvider services)
    {
        using var output = new StringWriter();
        var holds = await VerifyCommand.VerifyAsync(new Verification(services), output, Cancel);
        return (holds, [.. output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)]);
    }

    private static async Task<List<JsonObject>> ApplyAsync(Desk desk, string apply) =>
        [
            .. (await desk.Client.GetFromJsonAsync<JsonObject>($"/odata/Tickets?$apply={Uri.EscapeDataString(apply)}", Cancel))!["value"]!
                .AsArray()
                .Select(r => r!.AsObject()),
        ];

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Tenth(double number) => number.ToString("N1", CultureInfo.InvariantCulture);
}
