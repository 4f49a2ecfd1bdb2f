using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Data;

public sealed class AssigneeMigrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_desk_at_work_gets_assignees_and_loses_nothing(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, migrated: false);
        await using (var db = database.Open())
        {
            await db.GetService<IMigrator>().MigrateAsync("20261124200000_People", Cancel);
            foreach (var (title, status) in new[] { ("An invoice", 0), ("A zebra", 3) })
                await db.Database.ExecuteSqlAsync($"INSERT INTO tickets (title, description, category, priority, status, sentiment, urgency_score, channel, reopen_count, version, created_at, updated_at) VALUES ({title}, 'd', 0, 0, {status}, 0, 0, 0, 0, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00')", Cancel);
            await db.Database.ExecuteSqlAsync($"INSERT INTO ticket_events (ticket_id, at, actor, channel, field, old_value, new_value) VALUES (1, '2026-01-01 00:00:00', 'x', 0, 4, NULL, 'open')", Cancel);
            foreach (var (name, role, left) in new[] { ("Vera", 0, false), ("Ada", 1, false), ("Root", 2, false), ("Gus", 1, true) })
            {
                await db.Database.ExecuteSqlAsync($"INSERT INTO people (name, role, created_at, email, normalized_email, security_stamp, access_failed_count) VALUES ({name}, {role}, '2026-01-01 00:00:00', {name}, {name}, 's', 0)", Cancel);
                if (left) await db.Database.ExecuteSqlAsync($"UPDATE people SET deactivated_at = '2026-01-02 00:00:00' WHERE name = {name}", Cancel);
            }
        }
        await using var desk = Desk.Start(database);
        Assert.Equal([("An invoice", 1), ("A zebra", 0)], (await desk.TicketsAsync()).Select(t => (t.Title, t.Events.Count)));
        await using (var db = database.Open())
        {
            Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancel));
            Assert.Equal(["Ada", "Root"], await db.Agents.Where(a => a.IsActive).OrderBy(a => a.Id).Select(a => a.Name).ToListAsync(Cancel));
            Assert.All(await db.Tickets.ToListAsync(Cancel), ticket => Assert.Null(ticket.AssigneeId));
            // Nobody goes whose tickets would be left without them, and there is no ticket of somebody who is not there.
            await db.Tickets.Where(t => t.Id == 1).ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, 2), Cancel);
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Tickets.Where(t => t.Id == 1).ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, 99), Cancel));
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlAsync($"DELETE FROM people WHERE id = 2", Cancel));
        }
        // The search is kept in step by triggers on SQLite, which a rebuilt table would have lost.
        await desk.AddTicketAsync("A second zebra");
        await using (var db = database.Open())
            Assert.Equal([2, 3], await db.Search(db.Tickets, SearchTerms.Of("zebra")).Select(t => t.Id).OrderBy(id => id).ToListAsync(Cancel));
    }
}
