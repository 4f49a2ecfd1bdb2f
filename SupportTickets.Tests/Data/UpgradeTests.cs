using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tests.Data;

/// <summary>Migrations that run over what is there.</summary>
public sealed class UpgradeTests
{
    // Each migration with a hash of its SQL. A new one is added at the end; no line is changed or taken away. An update of EF may
    // write the same SQL another way: that alone is a reason to take over new hashes.
    private static readonly Dictionary<Provider, string[]> Landed = new()
    {
        [Provider.Sqlite] =
        [
            "20261126130000_Initial a16f2823273cf299", "20261127060000_Conversation 0508297ab562063d",
            "20261127120000_CommentKeys 514a1d328a74bcef",
            "20261127130000_FoldedSearch 08dfd505d48acb41",
            "20261127140000_FilesOfNewTickets 951fd4fa3eb1100b",
            "20261127213000_Totals 324dcbd8fef12f49", "20261128083000_UrgentByStatus 4aede00eebea5191",
        ],
        [Provider.Postgres] =
        [
            "20261126130000_Initial 944506cecba4af69", "20261127060000_Conversation ea1938e692d28c55",
            "20261127120000_CommentKeys efb1309b161b21fb",
            "20261127130000_FoldedSearch 04b773b73d8c00dd",
            "20261127140000_FilesOfNewTickets 09fe4a98b546c4fb",
            "20261127213000_Totals 3c10d16e2c84735a",
            "20261128060000_SearchTexts 287b830d564fe040", "20261128061000_CheaperWrites 5241b6de3426c111",
            "20261128083000_UrgentByStatus f5b3837ffa816e8b",
        ],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task What_a_desk_of_the_first_release_holds_is_still_there_after_the_upgrade(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, migrated: false);
        await using (var db = database.Open())
        {
            await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().First(), Cancel);
            await FillAsync(db);
        }
        await using var desk = Desk.Start(database);
        Assert.Equal(
            [("An invoice", 1, 2), ("A zebra", 0, null)],
            (await desk.TicketsAsync()).Select(t => (t.Title, t.Events.Count, t.AssigneeId)));
        await using (var db = database.Open())
        {
            Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancel));
            var agents = await db.Agents.Where(a => a.IsActive).OrderBy(a => a.Id).Select(a => a.Name).ToListAsync(Cancel);
            Assert.Equal(["Ada", "Root"], agents);
            Assert.Equal(
                ["Ada 2026-02-03", "Gus ", "Root ", "Vera "],
                (await db.People.OrderBy(p => p.Name).ToListAsync(Cancel)).Select(p => $"{p.Name} {p.SignedInAt:yyyy-MM-dd}"));
            Assert.Equal(Role.admin, (await db.People.SingleAsync(p => p.Name == "Root", Cancel)).Role);
            Assert.Equal("Ada", (await db.AccessLog.SingleAsync(Cancel)).Actor);
            // Nobody goes whose tickets would be left without them, and there is no ticket of somebody who is not there.
            var invoice = db.Tickets.Where(t => t.Title == "An invoice");
            await Assert.ThrowsAnyAsync<DbException>(() => invoice.ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, 99), Cancel));
            await Assert.ThrowsAnyAsync<DbException>(() => db.Database.ExecuteSqlAsync($"DELETE FROM people WHERE id = 2", Cancel));
        }
        // Triggers keep the search in step on SQLite; a table that is built anew loses its triggers.
        await desk.AddTicketAsync("A second zebra");
        await using (var db = database.Open())
        {
            var found = db.Search(db.Tickets, SearchTerms.Of("zebra")).Select(t => t.Id).OrderBy(id => id);
            Assert.Equal([2, 3], await found.ToListAsync(Cancel));
        }
    }

    /// <summary>SQLite's table of files is changed where it is.</summary>
    [Theory, Providers]
    public async Task Files_from_before_the_files_of_new_tickets_are_still_there_and_go_with_their_ticket(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, migrated: false);
        await using (var db = database.Open())
        {
            await db.GetService<IMigrator>().MigrateAsync("20261127060000_Conversation", Cancel);
            await FillAsync(db);
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO attachments (ticket_id, is_internal, name, media_type, size, hash, created_at)
                VALUES (1, {false}, 'a.txt', 'text/plain', 1, {new byte[32]}, '2026-01-01 00:00:00')
                """, Cancel);
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO attachment_pieces (attachment_id, number, content) VALUES (1, 0, {"a"u8.ToArray()})", Cancel);
        }
        await using var desk = Desk.Start(database);
        Assert.Equal("a", await desk.Client.GetStringAsync("/attachments/1", Cancel));
        Assert.Equal(HttpStatusCode.NoContent, (await desk.Client.DeleteAsync("/odata/Tickets(1)", Cancel)).StatusCode);
        await using (var db = database.Open())
        {
            Assert.Equal(0, await db.AttachmentPieces.IgnoreQueryFilters().CountAsync(Cancel));
            if (provider != Provider.Sqlite)
                return;
            var check = db.Database.SqlQueryRaw<string>("SELECT integrity_check AS \"Value\" FROM pragma_integrity_check");
            Assert.Equal(["ok"], await check.ToListAsync(Cancel));
        }
    }

    [Theory, Providers]
    public async Task The_time_of_a_first_reply_that_was_deleted_before_the_upgrade_is_set_right(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, migrated: false);
        await using var db = database.Open();
        await db.GetService<IMigrator>().MigrateAsync("20261127060000_Conversation", Cancel);
        await FillAsync(db);
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO comments (id, ticket_id, body, is_internal, is_from_requester, author, channel, created_at, version)
            VALUES (2, 1, 'note', {0}, {1}, 'x', 0, '2026-01-02 00:00:00', 1), (3, 1, 'left', {1}, {1}, 'x', 0, '2026-01-03 00:00:00', 1);
            INSERT INTO ticket_events (ticket_id, at, actor, channel, field, old_value, new_value, comment_id)
            VALUES (1, '2026-01-04 00:00:00', 'x', 0, 9, 'reply', '', 1), (2, '2026-01-04 00:00:00', 'x', 0, 9, 'note', '', 4);
            UPDATE tickets SET first_reply_at = '2026-01-01 00:00:00';
            """, [true, false], Cancel);
        await db.Database.MigrateAsync(Cancel);
        Assert.Equal(
            [(2, new DateTime(2026, 1, 3)), (1, new DateTime(2026, 1, 1))],
            (await db.Tickets.OrderBy(t => t.Id).ToListAsync(Cancel)).Select(t => (t.Version, t.FirstReplyAt!.Value)));
    }

    [Theory, Providers]
    public async Task A_database_of_a_build_before_the_first_release_is_refused_and_left_as_it_is(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var db = database.Open();
        await MarkAsOlderAsync(db);
        var log = new TestHost.Logged();
        await using var desk = Desk.Start(database, services: services => services.AddSingleton<ILoggerProvider>(log));

        foreach (var path in (string[])["/healthz", "/api/tickets/", "/odata/Tickets", "/tickets"])
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await desk.Client.GetAsync(path, Cancel)).StatusCode);
        var line = Assert.Single(log.At(LogLevel.Error));
        Assert.StartsWith("The database refuses to be migrated, trying again in 30 s: It was made by a build before the first ", line);
        Assert.Equal(["20261123000000_Initial"], await db.Database.GetAppliedMigrationsAsync(Cancel));
        Assert.Equal((0, 0), (await db.Tickets.CountAsync(Cancel), await db.DataProtectionKeys.CountAsync(Cancel)));
    }

    /// <summary>While an upgrade goes on, instances of both versions run over the new schema.</summary>
    [Theory, Providers]
    public async Task An_older_instance_can_start_over_the_schema_of_a_newer_one(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var db = database.Open();
        await db.Database.ExecuteSqlRawAsync("""INSERT INTO schema_migrations VALUES ('99991231000000_Later', '99.0.0')""", Cancel);
        await using var desk = Desk.Start(database);
        Assert.Equal(HttpStatusCode.OK, (await desk.Client.GetAsync("/healthz", Cancel)).StatusCode);
    }

    /// <summary>What it reads and writes is there for as long as both run.</summary>
    [Theory, Providers]
    public async Task What_the_version_before_reads_and_writes_is_still_there_after_each_migration(Provider provider)
    {
        await using var db = Context(provider);
        var migrations = db.GetService<IMigrationsAssembly>();
        var breaking = new List<string>();
        var seen = 0;
        foreach (var (id, type) in migrations.Migrations)
        {
            foreach (var operation in migrations.CreateMigration(type, db.Database.ProviderName!).UpOperations)
            {
                seen++;
                var needed = operation is ColumnOperation
                { IsNullable: false, DefaultValue: null, DefaultValueSql: null, ComputedColumnSql: null };
                if (needed || operation is DropColumnOperation or DropTableOperation or RenameColumnOperation or RenameTableOperation)
                    breaking.Add($"{id} {operation.GetType().Name}");
            }
        }
        Assert.Empty(breaking);
        Assert.True(seen > 50, $"Only {seen} operations were found.");
    }

    [Theory, Providers]
    public async Task A_migration_that_has_landed_is_neither_changed_nor_taken_away(Provider provider)
    {
        await using var db = Context(provider);
        var migrator = db.GetService<IMigrator>();
        var before = Migration.InitialDatabase;
        var there = new List<string>();
        foreach (var id in db.Database.GetMigrations())
        {
            var sql = migrator.GenerateScript(before, id, MigrationsSqlGenerationOptions.NoTransactions).ReplaceLineEndings("\n");
            // The version of EF that applies it is in the row of the history.
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(sql.Replace($"'{ProductInfo.GetVersion()}'", "", StringComparison.Ordinal)));
            there.Add($"{id} {Convert.ToHexStringLower(hash)[..16]}");
            before = id;
        }
        Assert.Equal(Landed[provider], there);
    }

    [Theory, Providers]
    public async Task The_snapshot_is_the_model_of_the_last_migration(Provider provider)
    {
        await using var db = Context(provider);
        var migrations = db.GetService<IMigrationsAssembly>();
        var last = migrations.CreateMigration(migrations.Migrations.Last().Value, db.Database.ProviderName!).TargetModel;
        var differ = db.GetService<IMigrationsModelDiffer>();
        Assert.Empty(differ.GetDifferences(Relational(migrations.ModelSnapshot!.Model), Relational(last)));

        IRelationalModel Relational(IModel model)
        {
            var complete = model is IMutableModel open ? open.FinalizeModel() : model;
            return db.GetService<IModelRuntimeInitializer>().Initialize(complete).GetRelationalModel();
        }
    }

    // No database is asked, so both are compared on every machine.
    private static TicketDb Context(Provider provider) =>
        provider == Provider.Postgres ? new PostgresDesignTime().CreateDbContext([]) : new SqliteDesignTime().CreateDbContext([]);

    private static Task<int> MarkAsOlderAsync(TicketDb db) =>
        db.Database.ExecuteSqlRawAsync(
            """
            DELETE FROM schema_migrations WHERE "MigrationId" > '20261126130000_Initial';
            UPDATE schema_migrations SET "MigrationId" = '20261123000000_Initial'
            """, Cancel);

    private static async Task FillAsync(TicketDb db)
    {
        foreach (var (name, role, left) in new[] { ("Vera", 0, false), ("Ada", 1, false), ("Root", 2, false), ("Gus", 1, true) })
        {
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO people (name, role, created_at, email, normalized_email, security_stamp, access_failed_count)
                VALUES ({name}, {role}, '2026-01-01 00:00:00', {name}, {name}, 's', 0)
                """, Cancel);
            if (left)
                await db.Database.ExecuteSqlAsync($"UPDATE people SET deactivated_at = '2026-01-02 00:00:00' WHERE name = {name}", Cancel);
        }
        foreach (var (title, status, assignee) in new (string, int, int?)[] { ("An invoice", 0, 2), ("A zebra", 3, null) })
        {
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO tickets (title, description, category, priority, status, sentiment, urgency_score, channel, reopen_count,
                    version, created_at, updated_at, assignee_id)
                VALUES ({title}, 'd', 0, 0, {status}, 0, 0, 0, 0, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00', {assignee})
                """, Cancel);
        }
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO ticket_events (ticket_id, at, actor, channel, field, old_value, new_value)
            VALUES (1, '2026-01-01 00:00:00', 'x', 0, 4, NULL, 'open');
            UPDATE people SET signed_in_at = '2026-02-03 00:00:00' WHERE name = 'Ada';
            INSERT INTO access_log (at, actor, act, person_id, about) VALUES ('2026-02-03 00:00:00', 'Ada', 0, 2, 'x');
            """, Cancel);
    }
}
