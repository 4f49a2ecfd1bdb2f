using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tests.OData.Deltas;

/// <summary>On PostgreSQL ids are given out in one order and committed in another.</summary>
public sealed class OverlapTests
{
    private static readonly Origin Somebody = new("somebody", Channel.web);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_with_a_lower_id_that_commits_after_the_mark_is_not_lost()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Postgres);
        await desk.SeedAsync(4);
        await using var slow = desk.Database.Open();
        await using var fast = desk.Database.Open();
        await using var transaction = await slow.Database.BeginTransactionAsync(Cancel);
        var late = await ChangeAsync(slow, 1, "Late");
        var lateDeletion = await DeleteAsync(desk, slow, 2);
        var early = await ChangeAsync(fast, 3, "Early");
        var earlyDeletion = await DeleteAsync(desk, fast, 4);
        Assert.True(late < early && lateDeletion < earlyDeletion);
        var copies = new[] { "", "$filter=Title ne 'Late'" }.Select(query => new Copy(desk, query)).ToList();
        foreach (var copy in copies)
            await copy.PullAsync(); // takes its mark while the slow one is still at it
        Assert.Equal([1, 2, 3], copies[0].Ids);
        await transaction.CommitAsync(Cancel);

        foreach (var copy in copies)
        {
            await copy.FollowAsync();
            Assert.Equal(await copy.FreshAsync(), copy.Rows);
        }
        Assert.Equal(["1", "2 deleted"], copies[0].Told); // and nothing that was told before
        Assert.Equal(["1 changed", "2 deleted"], copies[1].Told);
    }

    [Fact]
    public async Task A_change_that_commits_between_two_pages_of_changes_is_not_lost()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Postgres);
        await desk.SeedAsync(4);
        var copy = new Copy(desk, pageSize: 1);
        await copy.PullAsync();
        await using var slow = desk.Database.Open();
        await using var fast = desk.Database.Open();
        await using var transaction = await slow.Database.BeginTransactionAsync(Cancel);
        await ChangeAsync(slow, 1, "Late");
        await ChangeAsync(fast, 2, "Early");
        await ChangeAsync(fast, 3, "Early");
        var page = 0;
        await copy.FollowAsync(async () =>
        {
            if (page++ == 0) await transaction.CommitAsync(Cancel);
        });
        Assert.Equal(["2", "3"], copy.Told);
        await copy.FollowAsync();
        Assert.Equal(["1"], copy.Told);
        Assert.Equal(await copy.FreshAsync(), copy.Rows);
    }

    [Fact]
    public async Task After_a_move_to_a_server_that_counts_transactions_anew_links_go_on_and_old_rows_are_not_told_again()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Postgres);
        await desk.SeedAsync(5);
        var copy = new Copy(desk);
        await copy.PullAsync();
        await using var db = desk.Database.Open();
        // As a dump from a server that is far ahead leaves them.
        await db.Database.ExecuteSqlRawAsync("UPDATE ticket_events SET transaction_id = (id + 1000000000000)::text::xid8", Cancel);
        await ChangeAsync(db, 2, "Here");
        await copy.FollowAsync();
        Assert.Equal(["2"], copy.Told);
        await copy.FollowAsync();
        Assert.Empty(copy.Told);

        var link = copy.Link!;
        await ChangeAsync(db, 3, "Here");
        // A mark from there that saw events 1 and 2.
        var ahead = DeltaTests.Forged(desk, link, "s", mark => mark["Next"] = 1_000_000_000_003);
        var told = (await desk.GetAsync(ahead))["value"]!.AsArray().Select(row => row!["Id"]!.GetValue<int>());
        Assert.Contains(3, told);
        Assert.DoesNotContain(1, told);
    }

    [Fact]
    public async Task Every_event_and_deletion_tells_its_transaction()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Postgres);
        await desk.SeedAsync(3);
        await using var db = desk.Database.Open();
        await ChangeAsync(db, 1, "A");
        await DeleteAsync(desk, db, 2);
        var events = await db.TicketEvents.OrderBy(e => e.Id).Select(e => EF.Property<ulong>(e, "TransactionId")).ToListAsync(Cancel);
        Assert.All(events.SkipLast(1), id => Assert.Equal(events[0], id)); // seeded in one
        Assert.True(events[0] > 0 && events[^1] > events[0]);
        Assert.True(await db.TicketDeletions.Select(d => EF.Property<ulong>(d, "TransactionId")).SingleAsync(Cancel) > events[^1]);
    }

    private static async Task<long> ChangeAsync(TicketDb db, int id, string title)
    {
        var ticket = await db.Tickets.SingleAsync(t => t.Id == id, Cancel);
        ticket.Apply(new TicketChange(title, null, null, null, null), null, ManualClock.Monday.UtcDateTime, Somebody);
        await db.SaveChangesAsync(Cancel);
        return ticket.Events.Max(e => e.Id);
    }

    private static async Task<long> DeleteAsync(FeedDesk desk, TicketDb db, int id)
    {
        Assert.Null((await new DeleteTicket(db, desk.Services.GetRequiredService<IScoring>(), TimeProvider.System).HandleAsync(
            id, null, Somebody, Cancel)).Problem);
        return await db.TicketDeletions.Where(d => d.TicketId == id).Select(d => d.Id).SingleAsync(Cancel);
    }
}
