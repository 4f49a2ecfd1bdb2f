using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Analytics;
using SupportTickets.Data;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Rest;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Search;
using SupportTickets.Tickets.Totals;

namespace SupportTickets.Tests.Tickets;

/// <summary>The totals that the database keeps are at every moment what counting gives.</summary>
public sealed class TotalsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>By the desk, by statements about many tickets at once, and by those that change nothing.</summary>
    [Theory, Providers]
    public async Task Whatever_is_written_the_totals_follow(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await using var db = desk.Database.Open();
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            await WriteAsync(desk, db, clock, random);
            if (round % 6 == 5) await AssertRightAsync(db, $"round {round}");
        }
        Assert.True(await db.Tickets.CountAsync(Cancel) > 10);
        Assert.True(await db.DayTotals.SumAsync(d => d.DoneChange, Cancel) > 0);
        await db.Tickets.ExecuteDeleteAsync(Cancel);
        await AssertRightAsync(db, "empty");
        Assert.Equal(0, await db.TicketTotals.SumAsync(t => t.Tickets, Cancel));
    }

    /// <summary>What is counted for a caller who may not see all tickets is added up as the totals are.</summary>
    [Theory, Providers]
    public async Task Days_that_are_counted_are_those_that_are_kept(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        await using var db = desk.Database.Open();
        var random = new Random(5);
        for (var round = 0; round < 25; round++) await WriteAsync(desk, db, clock, random);
        var kept = await SumsAsync(db.DayTotals);
        Assert.True(kept.Count > 3);
        Assert.Equal(kept, await SumsAsync(CountedTotals.Days(db.Tickets, db.TicketEvents)));

        static async Task<List<string>> SumsAsync(IQueryable<DayTotal> days)
        {
            var sums = await days.GroupBy(d => d.Day).Select(g => new
            {
                g.Key,
                Numbers = new[]
                {
                    g.Sum(d => d.Created), g.Sum(d => d.Resolved), (int)g.Sum(d => d.ResolutionMinutes), g.Sum(d => d.DoneChange),
                    g.Sum(d => d.StatusOpen), g.Sum(d => d.StatusClosed), g.Sum(d => d.PriorityHigh), g.Sum(d => d.CategoryBilling),
                    g.Sum(d => d.SentimentAngry),
                },
            }).ToListAsync(Cancel);
            return
            [
                .. sums.Where(s => s.Numbers.Any(n => n != 0)).OrderBy(s => s.Key)
                    .Select(s => $"{s.Key:O} {string.Join(' ', s.Numbers)}"),
            ];
        }
    }

    [Theory, Providers]
    public async Task What_is_rolled_back_is_not_counted(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        await using var db = desk.Database.Open();
        await using (var transaction = await db.Database.BeginTransactionAsync(Cancel))
        {
            db.Add(NewTicket(new Random(1), DateTime.UtcNow));
            await db.SaveChangesAsync(Cancel);
            Assert.Equal(2, await db.TicketTotals.SumAsync(t => t.Tickets, Cancel));
            await transaction.RollbackAsync(Cancel);
        }
        await AssertRightAsync(db, "rolled back");
        Assert.Equal(1, await db.TicketTotals.SumAsync(t => t.Tickets, Cancel));
    }

    /// <summary>Each answer adds up, also in the middle of the writes; at the end the totals are right.</summary>
    [Theory, Providers]
    public async Task Writers_at_once_do_not_lose_a_ticket_and_every_answer_adds_up(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(() => WriteAsync(writer), Cancel)).ToList();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(ReadAsync, Cancel)).ToList();
        await Task.WhenAll(writers);
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), answers => Assert.True(answers > 0));
        await using var db = desk.Database.Open();
        await AssertRightAsync(db, "at the end");
        Assert.Equal(8 * 8, await db.TicketTotals.SumAsync(t => t.Tickets, Cancel));

        async Task WriteAsync(int writer)
        {
            for (var i = 0; i < 10; i++)
            {
                var ticket = await desk.AddTicketAsync(priority: (Priority)(i % 4));
                var status = i % 2 == writer % 2 ? "resolved" : "in_progress";
                (await desk.Client.PatchAsJsonAsync($"/api/tickets/{ticket.Id}/", new { status }, Cancel)).EnsureSuccessStatusCode();
                if (i % 5 == 0) (await desk.Client.DeleteAsync($"/odata/Tickets({ticket.Id})", Cancel)).EnsureSuccessStatusCode();
            }
        }

        async Task<int> ReadAsync()
        {
            var answers = 0;
            do
            {
                var stats = (await desk.Client.GetFromJsonAsync<JsonObject>("/api/tickets/stats/", Cancel))!;
                var total = stats["total_tickets"]!.GetValue<int>();
                foreach (var breakdown in (string[])["priority", "category", "sentiment"])
                {
                    var sum = stats[$"{breakdown}_breakdown"]!.AsObject().Sum(part => part.Value!.GetValue<int>());
                    Assert.Equal((breakdown, total), (breakdown, sum));
                }
                await using var scope = desk.Services.CreateAsyncScope();
                var dashboard = await scope.ServiceProvider.GetRequiredService<DashboardQuery>().HandleAsync(null, Cancel);
                Assert.Equal(dashboard.All.Total, dashboard.All.ByStatus.Values.Sum());
                Assert.Equal(dashboard.Figures.Created, dashboard.Created.ByCategory.Values.Sum());
                Assert.Equal(dashboard.Unresolved, dashboard.PerDay[^1].Backlog);
                answers++;
            }
            while (!done.IsCancellationRequested);
            return answers;
        }
    }

    [Theory, Providers]
    public async Task A_wrong_total_is_named_with_both_numbers_and_the_command_that_repairs_it(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        for (var i = 0; i < 3; i++) await desk.AddTicketAsync(priority: Priority.high);
        await using var db = desk.Database.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE ticket_totals SET tickets = tickets + 4", Cancel);
        await db.Database.ExecuteSqlAsync($"UPDATE day_totals SET done_change = 2, status_open = 1", Cancel);

        var lines = await VerifyAsync(desk);

        const string advice = "(dotnet run -- rebuild puts it right)";
        Assert.Equal(
            [
                $"FAIL total of day 2026-11-23: done_change: kept 2, counted 0 {advice}",
                $"FAIL total of day 2026-11-23: status_open: kept 1, counted 3 {advice}",
                $"FAIL total of status open, priority high, category general, sentiment neutral: tickets: kept 7, counted 3 {advice}",
            ],
            lines.Where(line => line.StartsWith("FAIL total of", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line == "FAIL totals that are not as counted: expected 0, kept 3");

        await TotalsUpkeep.RebuildAsync(db, Cancel);

        Assert.DoesNotContain(await VerifyAsync(desk), line => line.StartsWith("FAIL", StringComparison.Ordinal));
    }

    [Theory, Providers]
    public async Task Texts_of_the_search_that_are_not_those_of_their_tickets_are_found_and_put_right(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        for (var i = 0; i < 3; i++) await desk.AddTicketAsync($"Zebra {i}");
        Assert.Equal(
            provider == Provider.Postgres,
            (await VerifyAsync(desk)).Contains("ok   tickets with another text in the search: expected 0, kept 0"));
        if (provider == Provider.Sqlite)
            return; // it keeps no such texts
        await using var db = desk.Database.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE ticket_texts SET searched = 'lion' WHERE ticket_id = 1", Cancel);
        await db.Database.ExecuteSqlAsync($"UPDATE ticket_texts SET ticket_id = 99 WHERE ticket_id = 2", Cancel);

        const string found = "FAIL tickets with another text in the search: expected 0, kept 3 (dotnet run -- rebuild puts it right)";
        Assert.Contains(found, await VerifyAsync(desk));

        await TicketTextUpkeep.RebuildAsync(db, Cancel);

        Assert.DoesNotContain(await VerifyAsync(desk), line => line.StartsWith("FAIL", StringComparison.Ordinal));
        Assert.Equal(3, (await desk.TitlesAsync("?search=zebra")).Length);
    }

    [Theory, Providers]
    public async Task Tickets_from_before_the_totals_are_counted_by_the_upgrade(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, migrated: false);
        await using var db = database.Open();
        await db.GetService<IMigrator>().MigrateAsync("20261127140000_FilesOfNewTickets", Cancel);
        var random = new Random(3);
        db.AddRange(Enumerable.Range(0, 50).Select(i => NewTicket(random, ManualClock.Monday.UtcDateTime.AddDays(-i / 3))));
        await db.SaveChangesAsync(Cancel);
        await db.Database.MigrateAsync(Cancel);
        await AssertRightAsync(db, "after the upgrade");
        Assert.Equal(50, await db.TicketTotals.SumAsync(t => t.Tickets, Cancel));
    }

    private static async Task WriteAsync(Desk desk, TicketDb db, ManualClock clock, Random random)
    {
        clock.Advance(TimeSpan.FromHours(random.Next(40)));
        var ids = await db.Tickets.Select(t => t.Id).ToListAsync(Cancel);
        var id = ids.Count == 0 ? 0 : ids[random.Next(ids.Count)];
        switch (random.Next(9))
        {
            case 0 or 1:
                db.AddRange(Enumerable.Range(0, random.Next(1, 6)).Select(_ => NewTicket(random, clock.GetUtcNow().UtcDateTime)));
                await db.SaveChangesAsync(Cancel);
                db.ChangeTracker.Clear();
                break;
            case 2:
                await desk.AddTicketAsync(priority: Any<Priority>(random), category: Any<Category>(random), status: Any<Status>(random));
                break;
            case 3 or 4 when id > 0:
                var status = Any<Status>(random).ToString();
                await desk.Client.PatchAsJsonAsync($"/api/tickets/{id}/", new { status, title = $"Title {random.Next(3)}" }, Cancel);
                break;
            case 5 when id > 0:
                var category = Any<Category>(random).ToString();
                await desk.Client.PatchAsJsonAsync($"/odata/Tickets({id})", new { Category = category }, Cancel);
                break;
            case 6 when id > 0 && random.Next(3) == 0:
                await desk.Client.DeleteAsync($"/odata/Tickets({id})", Cancel);
                break;
            case 7:
                var sentiment = Any<Sentiment>(random);
                await db.Tickets.Where(t => t.Id % 3 == id % 3).ExecuteUpdateAsync(
                    t => t.SetProperty(x => x.Sentiment, sentiment).SetProperty(x => x.UrgencyScore, x => (x.UrgencyScore + 7) % 101),
                    Cancel);
                break;
            case 8:
                await db.Tickets.Where(t => t.Id % 2 == 0).ExecuteUpdateAsync(t => t.SetProperty(x => x.Title, "Another"), Cancel);
                await db.Tickets.Where(t => t.Id == id).ExecuteUpdateAsync(
                    t => t.SetProperty(x => x.CreatedAt, x => x.CreatedAt.AddDays(-1)), Cancel);
                break;
        }
    }

    private static Ticket NewTicket(Random random, DateTime at)
    {
        var draft = new NewTicket("A title", "A description", Any<Category>(random), Any<Priority>(random), Status.open);
        var ticket = TicketLifeCycle.Create(draft, new(Any<Sentiment>(random), random.Next(101)), at, new Origin("x", Channel.web));
        if (random.Next(2) == 0)
        {
            var change = new TicketChange(null, null, null, null, Any<Status>(random));
            ticket.Apply(change, null, at.AddMinutes(90), new Origin("x", Channel.web));
        }
        return ticket;
    }

    private static TEnum Any<TEnum>(Random random) where TEnum : struct, Enum => Enum.GetValues<TEnum>()[random.Next(4)];

    private static async Task AssertRightAsync(TicketDb db, string when)
    {
        var wrong = await TotalsUpkeep.CompareAsync(db, Cancel);
        Assert.True(wrong.Count == 0, $"{when}: {string.Join('\n', wrong)}");
    }

    private static async Task<List<string>> VerifyAsync(Desk desk)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        using var output = new StringWriter();
        await VerifyCommand.VerifyAsync(new Verification(scope.ServiceProvider), output, Cancel);
        return [.. output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)];
    }
}
