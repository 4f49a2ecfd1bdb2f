using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace SupportTickets.Data;

/// <summary>Tells a database that is temporarily unavailable from a bug.</summary>
public static class DatabaseOutage
{
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteReadOnly = 8, SqliteIoError = 10, SqliteCorrupt = 11, SqliteFull = 13,
        SqliteCannotOpen = 14, SqliteProtocol = 15, SqliteNotADatabase = 26;

    private static readonly int[] SqliteOutages =
        [SqliteBusy, SqliteLocked, SqliteReadOnly, SqliteIoError, SqliteFull, SqliteCannotOpen, SqliteProtocol];

    /// <summary>Whether an exception, or an inner one, means that the database cannot be reached or cannot work right now.</summary>
    public static bool Is(Exception? error) => error switch
    {
        null => false,
        _ when StatementTimeout.Is(error) => false,
        _ when IsDamaged(error) => true,
        PostgresException postgres => IsOutage(postgres.SqlState),
        NpgsqlOperationInProgressException => false, // two queries at once on one connection: a bug
        NpgsqlException => true, // not an error of the server: no connection, or a broken one
        SqliteException sqlite when SqliteOutages.Contains(sqlite.SqliteErrorCode) => true,
        _ => Is(error.InnerException),
    };

    /// <summary>Whether an exception, or an inner one, means that the stored data is damaged, which does not pass by itself.</summary>
    public static bool IsDamage(Exception? error) => error is not null && (IsDamaged(error) || IsDamage(error.InnerException));

    /// <summary>The message of the database or its driver on one line, for the log.</summary>
    public static string Reason(Exception error)
    {
        var said = error;
        while (said is not DbException && said.InnerException is { } inner) said = inner;
        return said.Message.Split('\n')[0].TrimEnd();
    }

    private static bool IsDamaged(Exception error) => error
        is SqliteException { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase }
        or PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted };

    // Class 08: no connection; 28: the credentials are refused, which may be changing just now; 53: out of resources (too many
    // connections, disk full); 58: disk failure; 57P: shutting down or starting up; 3D000: the database does not exist; 25006:
    // read-only, like a standby until it takes over.
    private static bool IsOutage(string state) =>
        state[..2] is "08" or "28" or "53" or "58" || state.StartsWith("57P", StringComparison.Ordinal)
        || state is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ReadOnlySqlTransaction;
}
