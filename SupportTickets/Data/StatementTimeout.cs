using Microsoft.Data.Sqlite;
using Npgsql;

namespace SupportTickets.Data;

/// <summary>
/// Tells a statement that was cancelled because it took too long (STATEMENT_TIMEOUT_SECONDS) from a database that is unavailable.
/// </summary>
public static class StatementTimeout
{
    internal const int SqliteInterrupt = 9;

    /// <summary>Whether an exception, or an inner one, means a statement timeout. Cancellation by the caller does not count.</summary>
    public static bool Is(Exception? error) => error switch
    {
        null or OperationCanceledException => false,
        SqliteException { SqliteErrorCode: SqliteInterrupt } => true,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => true, // by the server's own statement_timeout
        // The driver's message for a command. The message for a connection that was not available in time is different.
        NpgsqlException { InnerException: TimeoutException { Message: "Timeout during reading attempt" } } => true,
        _ => Is(error.InnerException),
    };
}
