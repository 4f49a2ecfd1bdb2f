using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace SupportTickets.Data;

/// <summary>Tells a database that is away for now from a mistake of ours.</summary>
public static class DatabaseOutage
{
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteReadOnly = 8, SqliteIoError = 10, SqliteFull = 13, SqliteCannotOpen = 14;

    /// <summary>Whether an exception, or what caused it, says that the database cannot be reached or cannot work right now.</summary>
    public static bool Is(Exception? error) => error switch
    {
        null => false,
        PostgresException postgres => IsOutage(postgres.SqlState) || Is(postgres.InnerException),
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } => true,
        NpgsqlException npgsql => npgsql.IsTransient || Is(npgsql.InnerException),
        SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked or SqliteReadOnly or SqliteIoError or SqliteFull or SqliteCannotOpen } => true,
        _ => Is(error.InnerException),
    };

    // Class 08: connection; 53: out of resources (too many connections, disk full); 57P: shutting down or starting up.
    private static bool IsOutage(string sqlState) =>
        sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("53", StringComparison.Ordinal) || sqlState.StartsWith("57P", StringComparison.Ordinal);
}
