using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Data;

public sealed class SchemaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_model_has_no_change_without_a_migration(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var db = database.Open();
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Theory]
    [CombinedProviders("ticket_category_valid", "category")]
    [CombinedProviders("ticket_priority_valid", "priority")]
    [CombinedProviders("ticket_status_valid", "status")]
    [CombinedProviders("ticket_sentiment_valid", "sentiment")]
    [CombinedProviders("ticket_urgency_range", "urgency_score")]
    public async Task A_value_out_of_range_is_refused_by_the_named_constraint(Provider provider, string constraint, string column)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var db = database.Open();
        string[] columns = ["category", "priority", "status", "sentiment", "urgency_score"];
        foreach (var bad in new[] { -1, 101 })
        {
            var values = string.Join(", ", columns.Select(c => c == column ? bad : 0));
            var sql =
                "INSERT INTO tickets (title, description, channel, reopen_count, version, created_at, updated_at, "
                + string.Join(", ", columns)
                + ") VALUES ('t', 'd', 0, 0, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00', "
                + values
                + ")";
            var error = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(sql, Cancel));
            Assert.Contains(constraint, error.Message);
        }
        Assert.Equal(0, await db.Tickets.CountAsync(Cancel));
    }

    [Theory]
    [CombinedProviders(true)]
    [CombinedProviders(false)]
    public async Task Instances_that_start_at_once_make_and_migrate_the_database_once(Provider provider, bool exists)
    {
        await using var database = exists ? await TestDatabase.CreateAsync(provider, migrated: false) : TestDatabase.Missing(provider);
        var desks = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Desk.Start(database))));
        foreach (var desk in desks)
            Assert.True((await desk.Client.GetAsync("/healthz", Cancel)).IsSuccessStatusCode);
        await using var db = database.Open();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancel));
        foreach (var desk in desks)
            await desk.DisposeAsync();
    }
}
