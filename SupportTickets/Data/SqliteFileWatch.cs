using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;
using SupportTickets.Configuration;

namespace SupportTickets.Data;

/// <summary>
/// Checks that the file of an SQLite database is still the one that the desk opened at start, and undamaged. SQLite itself goes on
/// with a file that was deleted, moved or replaced, and everything written to it from then on is lost with the process. So the desk
/// stops using such a file, and confirms a write only if the file was still in its place afterwards. The reasons:
/// docs/decisions/0023-sqlite-file.md.
/// </summary>
internal sealed class SqliteFileWatch(DatabaseSettings settings, KeptConnections kept)
    : DbConnectionInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor, ISaveChangesInterceptor, IDisposable
{
    private const int Error = 1, ReadOnly = 8, Corrupt = 11, NotADatabase = 26; // SQLITE_ERROR and so on
    private const int ReadOnlyFileMoved = 1032; // SQLITE_READONLY_DBMOVED

    /// <summary>The smallest page, and so the smallest database.</summary>
    private const int MinBytes = 512;

    // Not pooled: two of these connections stay open, and the others must see the file and no cached pages.
    private readonly string _connectionString =
        new SqliteConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ConnectionString;

    private volatile SqliteConnection? _held; // runs no statements, so that checking the file never waits
    private SqliteConnection? _upkeep;
    private string _path = "", _log = "";
    private bool _hasLog;
    private volatile bool _damaged;

    /// <summary>What is known to be wrong with the file; null when nothing is. Costs two look-ups in the file system.</summary>
    public SqliteException? Problem
    {
        get
        {
            if (_held?.Handle is not { } held)
                return null;
            return HasMoved(held) || (_hasLog && !File.Exists(_log)) ? Moved() : _damaged ? Damaged() : null;
        }
    }

    /// <summary>Whether the file was found damaged and has not passed an integrity check since.</summary>
    public bool IsDamaged => _damaged;

    /// <summary>The size of the write-ahead log in bytes.</summary>
    public long LogBytes => _hasLog && new FileInfo(_log) is { Exists: true } log ? log.Length : 0;

    /// <summary>Opens the file and keeps it open until the process ends.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public void Hold()
    {
        if (_held is not null)
            return;
        var held = Open();
        try
        {
            Run(held, "SELECT count(*) FROM sqlite_schema"); // creates the write-ahead log, if the file uses one
            _upkeep = Open();
        }
        catch
        {
            held.Dispose();
            throw;
        }
        (_path, _log) = (held.DataSource, held.DataSource + "-wal");
        _hasLog = File.Exists(_log);
        _held = held;
    }

    /// <summary>Checks more closely, past all caches: the size of the file, its schema, one ticket.</summary>
    /// <returns>As <see cref="Problem"/>.</returns>
    public SqliteException? Look()
    {
        if (_held is null || Problem is { } known)
            return Problem;
        try
        {
            _damaged |= new FileInfo(_path) is { Exists: true, Length: < MinBytes };
            using var fresh = Open();
            Run(fresh, "SELECT count(*) FROM sqlite_schema");
            Run(fresh, "SELECT id FROM tickets LIMIT 1");
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Error or Corrupt or NotADatabase)
        {
            _damaged = true;
        }
        catch (SqliteException)
        {
            // Busy, or just moved: the next use of the file reports it.
        }
        return Problem;
    }

    /// <summary>
    /// Takes note of an exception of a request. If it means that the file is damaged, all requests stop, so that nothing is
    /// written to it.
    /// </summary>
    public void Note(Exception error) => _damaged |= DatabaseOutage.IsDamage(error);

    /// <summary>Checks the whole file, to see whether it was repaired. This takes seconds per gigabyte.</summary>
    /// <param name="cancel">Stops it.</param>
    public void LookAtAll(CancellationToken cancel)
    {
        try
        {
            using var fresh = Open();
            using var stop = cancel.Register(() => raw.sqlite3_interrupt(fresh.Handle));
            if (Run(fresh, "PRAGMA integrity_check(1)") is not "ok")
                return;
            ClearPool(); // pooled connections may have cached pages of the damaged file
            _damaged = false;
        }
        catch (SqliteException)
        {
            // It is still damaged.
        }
    }

    /// <summary>
    /// Truncates the write-ahead log, unless a reader still needs it. Only a writer may have to wait, during the last step.
    /// </summary>
    public void ShrinkLog()
    {
        if (_upkeep is null || Problem is not null)
            return;
        try
        {
            Run(_upkeep, "PRAGMA wal_checkpoint(PASSIVE)"); // most of the work, while others write
            Run(_upkeep, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // The next run tries again.
        }
    }

    /// <summary>Copies the write-ahead log into the file and closes it.</summary>
    public void Dispose()
    {
        ShrinkLog();
        var moved = _held?.Handle is { } held && HasMoved(held);
        ClearPool();
        _upkeep?.Dispose();
        _held?.Dispose();
        if (moved) SetLogAside();
    }

    // Another file is in its place now: at the next start SQLite would take our log for that file's own, and mix the two.
    private void SetLogAside()
    {
        try
        {
            if (File.Exists(_path) && File.Exists(_log)) File.Move(_log, _log + ".orphan", overwrite: true);
        }
        catch (IOException)
        {
            // Whoever replaced the file is still working on it.
        }
    }

    /// <inheritdoc />
    public override InterceptionResult ConnectionOpening(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Check();
        return result;
    }

    /// <inheritdoc />
    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Check();
        return new(result);
    }

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        CheckOwn((SqliteConnection)connection);

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        CheckOwn((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Check();

    /// <inheritdoc />
    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Check();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        Check();
        return result;
    }

    /// <inheritdoc />
    public ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Check();
        return new(result);
    }

    /// <inheritdoc />
    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Check();
        return result;
    }

    /// <inheritdoc />
    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Check();
        return new(result);
    }

    private void Check()
    {
        if (Problem is { } problem) throw problem;
    }

    // The connection was opened while another file was in place for a moment. It must not be used again from the pool.
    private void CheckOwn(SqliteConnection connection)
    {
        if (_held is null || !HasMoved(connection.Handle!)) return;
        SqliteConnection.ClearPool(connection);
        if (connection is KeptConnection own) own.CloseFile();
        else connection.Close();
        throw Moved();
    }

    private void ClearPool()
    {
        kept.Clear(); // first: what it closes goes back to the driver's pool
        using var pooled = new SqliteConnection(settings.ConnectionString);
        SqliteConnection.ClearPool(pooled);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static object? Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 1);
        return command.ExecuteScalar();
    }

    private SqliteException Moved() => new(
        $"{_path} was deleted, moved or replaced, or its -wal file was, while the desk runs. "
        + "Put the same files back and it goes on, or stop it and start it again to go on with what is there.",
        ReadOnly, ReadOnlyFileMoved);

    private SqliteException Damaged() => new($"{_path} is damaged. Stop the desk and put a backup in its place.", Corrupt, Corrupt);

    private static bool HasMoved(sqlite3 connection)
    {
        const int hasMoved = 20; // SQLITE_FCNTL_HAS_MOVED; where the system cannot tell, the answer stays 0
        _ = FileControl(connection, database: 0, hasMoved, out var moved);
        return moved != 0;
    }

    // The driver's packages do not expose this function.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(sqlite3 connection, nint database, int operation, out int value);
}
