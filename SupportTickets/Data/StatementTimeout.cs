using Microsoft.Data.Sqlite;
using Npgsql;

namespace SupportTickets.Data;

/// <summary>Tells a statement that was stopped because it took too long (STATEMENT_TIMEOUT_SECONDS) from a database that is away.</summary>
public static class StatementTimeout
{
    internal const int SqliteInterrupt = 9;

    /// <summary>Whether an exception, or what caused it, says so. A statement that its caller gave up does not count.</summary>
    public static bool Is(Exception? error) => error switch
    {
        null or OperationCanceledException => false,
        SqliteException { SqliteErrorCode: SqliteInterrupt } => true,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => true, // by the server's own statement_timeout
        // What the driver says of a command; a connection that cannot be had in time reads otherwise.
        NpgsqlException { InnerException: TimeoutException { Message: "Timeout during reading attempt" } } => true,
        _ => Is(error.InnerException),
    };
}
