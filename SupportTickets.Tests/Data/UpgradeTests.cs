using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
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

    /// <summary>While an upgrade goes on, instances of both versions run over the new schema.</summary>
    [Theory, Providers]
    public async Task What_the_version_before_reads_and_writes_is_still_there_after_each_migration(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var db = database.Open();
        var migrations = db.GetService<IMigrationsAssembly>();
        var breaking = new List<string>();
        var seen = 0;
        foreach (var (id, type) in migrations.Migrations)
        {
            foreach (var operation in migrations.CreateMigration(type, db.Database.ProviderName!).UpOperations)
            {
                seen++;
                var needed = operation is ColumnOperation { IsNullable: false, DefaultValue: null, DefaultValueSql: null, ComputedColumnSql: null };
                if (needed || operation is DropColumnOperation or DropTableOperation or RenameColumnOperation or RenameTableOperation)
                    breaking.Add($"{id} {operation.GetType().Name}");
            }
        }
        Assert.Empty(breaking);
        Assert.True(seen > 50, $"Only {seen} operations were found.");
    }
}
