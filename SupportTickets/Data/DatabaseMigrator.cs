using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using SupportTickets.Configuration;

namespace SupportTickets.Data;

/// <summary>
/// Brings the schema up to date at start, one instance at a time. A database that is down does not stop the process: the migration
/// is tried again until it succeeds, and requests get 503 meanwhile.
/// </summary>
internal sealed class DatabaseMigrator(
    IServiceScopeFactory scopes, IServiceProvider services, DatabaseSettings settings, TimeProvider clock, ILogger<DatabaseMigrator> log,
    SqliteFileWatch? file = null, KeptConnections? kept = null)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromSeconds(30);

    // Longer than it takes to connect or to be refused. The start does not wait for a long migration of another instance.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _ready;

    /// <summary>Whether the schema is up to date, so that requests can be served.</summary>
    public bool IsReady => _ready;

    /// <summary>Lets the first try end before the server listens, so that the first request finds the database ready.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        try
        {
            await _tried.Task.WaitAsync(StartPatience, clock, cancellationToken);
        }
        catch (TimeoutException) when (!_tried.Task.IsCompleted)
        {
            // Requests get 503 until the first try ends.
        }
    }

    /// <summary>Applies the missing migrations.</summary>
    /// <returns>Their names, oldest first; empty when the schema was up to date.</returns>
    /// <exception cref="DbException">The database cannot be reached, or refuses the migration.</exception>
    /// <exception cref="UnsupportedDatabaseException">A build before the first release made the database. It was not changed.</exception>
    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancel) => MigrateAsync([], cancel);

    private async Task<IReadOnlyList<string>> MigrateAsync(IEnumerable<IAfterMigration> work, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TicketDb>();
        db.Database.SetCommandTimeout(0); // no limit: an index on a large table may take long
        await using var only = settings.IsPostgres ? await LockPostgresAsync(db, cancel) : await LockSqliteAsync(db, cancel);
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancel)).ToList();
        if (applied.Count > 0 && !applied.Contains(known[0])) throw new UnsupportedDatabaseException();
        var missing = known.Except(applied).ToList();
        if (missing.Count > 0)
        {
            try
            {
                await db.Database.MigrateAsync(cancel);
            }
            finally
            {
                kept?.Clear(); // a migration that fails may leave its connection without the check of foreign keys
            }
        }
        file?.Hold();
        foreach (var step in work)
            await step.RunAsync(cancel);
        _ready = true;
        return missing;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await TryAsync(stoppingToken) is { } pause)
            {
                _tried.TrySetResult();
                await Task.Delay(pause, clock, stoppingToken);
            }
            _tried.TrySetResult();
        }
        catch (Exception error)
        {
            _tried.TrySetException(error);
            throw;
        }
    }

    // The time until the next attempt; null when none is needed.
    private async Task<TimeSpan?> TryAsync(CancellationToken cancel)
    {
        try
        {
            // Resolved here and not in the constructor, because some of these services ask whether the schema is ready.
            var applied = await MigrateAsync(services.GetServices<IAfterMigration>(), cancel);
            if (applied.Count > 0) log.LogInformation("Migrated the database: {Migrations}", string.Join(", ", applied));
            return null;
        }
        catch (Exception error) when (DatabaseOutage.Is(error) && !DatabaseOutage.IsDamage(error))
        {
            log.LogError("The database cannot be reached, trying again in {Seconds} s: {Reason}",
                Pause.TotalSeconds, DatabaseOutage.Reason(error));
            return Pause;
        }
        catch (Exception error) when (error is DbException or { InnerException: DbException })
        {
            // An administrator has to act, for example grant a right. Afterwards this process need not be restarted.
            log.LogError("The database refuses to be migrated, trying again in {Seconds} s: {Reason}",
                PauseAfterRefusal.TotalSeconds, DatabaseOutage.Reason(error));
            return PauseAfterRefusal;
        }
    }

    private async Task<IAsyncDisposable> LockPostgresAsync(TicketDb db, CancellationToken cancel)
    {
        var only = new PostgresLock(settings.ConnectionString);
        try
        {
            await OpenAsync(only.Connection, db, cancel);
            await only.TakeAsync(cancel);
            return only;
        }
        catch
        {
            await only.DisposeAsync();
            throw;
        }
    }

    private static async Task OpenAsync(NpgsqlConnection connection, TicketDb db, CancellationToken cancel)
    {
        try
        {
            await connection.OpenAsync(cancel);
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.InvalidCatalogName)
        {
            await CreateAsync(db, cancel);
            await connection.OpenAsync(cancel);
        }
    }

    private static async Task CreateAsync(TicketDb db, CancellationToken cancel)
    {
        try
        {
            await db.GetService<IRelationalDatabaseCreator>().CreateAsync(cancel);
        }
        catch (PostgresException error)
            when (error.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another instance was faster.
        }
    }

    // A file lock that the system releases when this process dies. EF's own lock on SQLite is a row, which would remain then and
    // stop every later start. Nobody else can hold it while this process has the file lock, so the row is deleted.
    private async Task<IAsyncDisposable> LockSqliteAsync(TicketDb db, CancellationToken cancel)
    {
        var path = Path.GetFullPath(db.Database.GetDbConnection().DataSource);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var only = await FileLock.TakeAsync(path + ".lock", cancel);
        try
        {
            await SqliteFile.MakeAsync(settings.ConnectionString, cancel);
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancel);
            return only;
        }
        catch
        {
            await only.DisposeAsync();
            throw;
        }
    }
}
