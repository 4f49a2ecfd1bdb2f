using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace SupportTickets.Data;

/// <summary>
/// Brings the schema up to date at start, one instance at a time. A database that is down does not stop the process:
/// it is tried again until it is there, and requests are answered with 503 meanwhile.
/// </summary>
public sealed class DatabaseMigrator(IServiceScopeFactory scopes, DatabaseSettings settings, TimeProvider clock, ILogger<DatabaseMigrator> log) : BackgroundService
{
    // Any number will do, as long as all instances take the same.
    private const long PostgresLock = 7_418_529_630;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Whether the schema is up to date, so that requests can be served.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Tries once before the server listens, so that the first request finds the database ready.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Applies the missing migrations.</summary>
    /// <exception cref="DbException">The database is out of reach, or refuses.</exception>
    public async Task MigrateAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TicketDb>();
        await using var only = settings.IsPostgres ? await LockPostgresAsync(db, cancel) : await LockSqliteAsync(db, cancel);
        await db.Database.MigrateAsync(cancel);
        IsReady = true;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!IsReady && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(RetryAfter, clock, stoppingToken);
            await TryAsync(stoppingToken);
        }
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            await MigrateAsync(cancel);
        }
        catch (DbException error) when (DatabaseOutage.Is(error))
        {
            log.LogError("The database cannot be reached, trying again in {Seconds} s: {Reason}", RetryAfter.TotalSeconds, error.Message);
        }
    }

    // A session lock that PostgreSQL drops when this process dies.
    private async Task<IAsyncDisposable> LockPostgresAsync(TicketDb db, CancellationToken cancel)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancel))
        {
            try
            {
                await creator.CreateAsync(cancel);
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another instance was faster.
            }
        }
        // Not pooled: closing it must end the session, and with it the lock.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({PostgresLock})", connection);
        await command.ExecuteNonQueryAsync(cancel);
        return connection;
    }

    // A file lock that the system drops when this process dies. EF's own lock is a row that stays behind then and would
    // stop every later start; under the file lock nobody else can hold it, so it goes.
    private static async Task<IAsyncDisposable> LockSqliteAsync(TicketDb db, CancellationToken cancel)
    {
        var path = Path.GetFullPath(db.Database.GetDbConnection().DataSource);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = await FileLock.TakeAsync(path + ".lock", cancel);
        if (File.Exists(path))
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancel);
        return file;
    }
}
