using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SupportTickets.Configuration;
using SupportTickets.Data;

namespace SupportTickets.Tests.Fixtures;

/// <summary>An empty, migrated database of a test's own, copied from one that went through the real migrations once.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly Dictionary<Provider, string> Templates = [];

    private TestDatabase(Provider provider, string name) => (Provider, Name) = (provider, name);

    public Provider Provider { get; }

    /// <summary>What DATABASE_URL is set to.</summary>
    public string Url => UrlOf(Provider, Name);

    public DatabaseSettings Settings => DatabaseSettings.Read(name => name == "DATABASE_URL" ? Url : null, requireTls: false);

    private string Name { get; }

    /// <summary>A database that is not there yet.</summary>
    public static TestDatabase Missing(Provider provider)
    {
        var database = new TestDatabase(provider, $"desk_{Guid.NewGuid():N}");
        _ = database.Url; // skips first of all where there is no server
        return database;
    }

    public static async Task<TestDatabase> CreateAsync(Provider provider, bool migrated = true)
    {
        var database = Missing(provider);
        var template = migrated ? await TemplateAsync(provider) : null;
        if (provider == Provider.Postgres)
        {
            // PostgreSQL copies one template at a time; copying its files takes a quarter of the work of logging their pages.
            await Gate.WaitAsync();
            try
            {
                await PostgresServer.ExecuteAsync($"CREATE DATABASE {database.Name} TEMPLATE {template ?? "template0"} STRATEGY FILE_COPY");
            }
            finally
            {
                Gate.Release();
            }
        }
        else if (template is not null)
        {
            File.Copy(FileOf(template), FileOf(database.Name));
        }
        else
        {
            await File.Create(FileOf(database.Name)).DisposeAsync(); // empty, as the server's is
        }
        return database;
    }

    /// <summary>A context outside the application, to look at or break what is stored.</summary>
    public TicketDb Open()
    {
        if (Provider == Provider.Postgres)
        {
            var postgres = new DbContextOptionsBuilder<PostgresTicketDb>();
            DataFeature.Configure(postgres, Settings);
            return new PostgresTicketDb(postgres.Options);
        }
        var sqlite = new DbContextOptionsBuilder<SqliteTicketDb>();
        DataFeature.Configure(sqlite, Settings);
        return new SqliteTicketDb(sqlite.Options);
    }

    /// <summary>
    /// Deletes all that tests stored. The next ticket, its first event, comment and tag and the next person have the id 1 again.
    /// </summary>
    public async Task EmptyAsync()
    {
        await using var db = Open();
        var tables = db.Model.GetEntityTypes().Select(entity => entity.GetTableName()).OfType<string>().Distinct();
        // The totals come last, because triggers of SQLite change them with each ticket that is deleted. Those of PostgreSQL do not run.
        string[] kept = Provider == Provider.Postgres ? ["ticket_texts", "ticket_totals", "day_totals"] : ["ticket_totals", "day_totals"];
        tables = [.. tables.Where(table => table != "data_protection_keys"), .. kept];
        var delete = string.Concat(tables.Select(table => $"DELETE FROM {table};"));
        string[] restarted = ["tickets", "ticket_events", "people", "requesters", "comments", "tags", "ticket_tags", "attachments"];
        // Whatever points at what is deleted is deleted too, so neither of the databases has to look for it.
        await db.Database.ExecuteSqlRawAsync(Provider == Provider.Postgres
            ? $"""
                SET session_replication_role = replica; {delete} SET session_replication_role = DEFAULT;
                {string.Concat(restarted.Select(table => $"ALTER SEQUENCE {table}_id_seq RESTART;"))}
                """
            : $"""
                PRAGMA foreign_keys = OFF; {delete} PRAGMA foreign_keys = ON;
                DELETE FROM sqlite_sequence WHERE name IN ({string.Join(',', restarted.Select(table => $"'{table}'"))});
                """);
    }

    public async ValueTask DisposeAsync()
    {
        if (Provider == Provider.Postgres)
        {
            await using (var connection = new NpgsqlConnection(Settings.ConnectionString))
                NpgsqlConnection.ClearPool(connection);
            await PostgresServer.ExecuteAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
            return;
        }
        await using (var connection = new SqliteConnection(Settings.ConnectionString))
            SqliteConnection.ClearPool(connection);
        foreach (var file in Directory.GetFiles(TestFolder.Path, $"{Name}.db*"))
            File.Delete(file);
    }

    private static async Task<string> TemplateAsync(Provider provider)
    {
        await Gate.WaitAsync();
        try
        {
            if (Templates.TryGetValue(provider, out var known))
                return known;
            var template = new TestDatabase(provider, $"desk_template_{Environment.ProcessId}_{Guid.NewGuid():N}");
            await MigrateAsync(template);
            if (provider == Provider.Postgres)
            {
                await using var connection = new NpgsqlConnection(template.Settings.ConnectionString);
                NpgsqlConnection.ClearPool(connection);
            }
            else
            {
                await using var connection = new SqliteConnection(template.Settings.ConnectionString);
                await connection.OpenAsync();
                await using var checkpoint = connection.CreateCommand();
                checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)"; // the copy takes the main file only
                await checkpoint.ExecuteNonQueryAsync();
            }
            if (provider == Provider.Sqlite) PostgresServer.AtTheEnd.Add(() => template.DisposeAsync().AsTask());
            return Templates[provider] = template.Name;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task MigrateAsync(TestDatabase database)
    {
        await using var services = new ServiceCollection().AddData(database.Settings).AddSingleton(TimeProvider.System)
            .AddSingleton<ILogger<DatabaseMigrator>>(NullLogger<DatabaseMigrator>.Instance).BuildServiceProvider();
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
    }

    private static string UrlOf(Provider provider, string name) =>
        provider == Provider.Postgres ? PostgresServer.DatabaseUrl(name) : $"sqlite:///{FileOf(name)}";

    private static string FileOf(string name) => Path.Combine(TestFolder.Path, $"{name}.db");
}
