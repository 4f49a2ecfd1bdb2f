using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Data;

/// <summary>Migrations that run over what is there.</summary>
public sealed class UpgradeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task People_keep_when_they_last_signed_in_as_the_log_knows_it(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, migrated: false);
        await using var db = database.Open();
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync("20261124200000_People", Cancel);
        foreach (var name in (string[])["ada", "bob"])
        {
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO people (name, role, created_at, email, normalized_email, security_stamp, access_failed_count)
                VALUES ({name}, 2, '2026-01-01 00:00:00', {name + "@example.com"}, {name.ToUpperInvariant() + "@EXAMPLE.COM"}, 's', 0)
                """, Cancel);
        }
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO access_log (at, actor, act, person_id, about)
            SELECT '2026-02-01 00:00:00', 'x', 0, id, 'x' FROM people WHERE name = 'ada';
            INSERT INTO access_log (at, actor, act, person_id, about)
            SELECT '2026-02-03 00:00:00', 'x', 0, id, 'x' FROM people WHERE name = 'ada';
            INSERT INTO access_log (at, actor, act, person_id, about)
            SELECT '2026-02-05 00:00:00', 'x', 1, id, 'x' FROM people WHERE name = 'ada';
            """, Cancel);
        await migrator.MigrateAsync(null, Cancel);
        Assert.Equal(["ada 2026-02-03", "bob "], (await db.People.OrderBy(p => p.Name).ToListAsync(Cancel)).Select(p => $"{p.Name} {p.SignedInAt:yyyy-MM-dd}"));
        Assert.Equal((3, 0), (await db.AccessLog.CountAsync(Cancel), await db.Invitations.CountAsync(Cancel)));
        Assert.Equal(Role.admin, (await db.People.FirstAsync(Cancel)).Role);
    }
}
