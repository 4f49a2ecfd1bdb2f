using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SupportTickets.Data;

/// <summary>Recognizes a write that failed because of a concurrent one. Unlike a bug, it is mended by reading and trying again.</summary>
public static class DatabaseConflict
{
    private const int SqlitePrimaryKey = 1555, SqliteUnique = 2067, SqliteForeignKey = 787;

    /// <summary>
    /// Whether the database aborted a transaction to end a deadlock or serialization conflict. Run again from its start, it may succeed.
    /// </summary>
    public static bool IsDeadlock(Exception? error) => error switch
    {
        null => false,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => true,
        _ => IsDeadlock(error.InnerException),
    };

    /// <summary>Whether the row, or its parent, was changed or deleted meanwhile, or one with the same key was added.</summary>
    public static bool Is(DbUpdateException error) => error is DbUpdateConcurrencyException || error.InnerException
        is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation }
        or SqliteException { SqliteExtendedErrorCode: SqlitePrimaryKey or SqliteUnique or SqliteForeignKey };
}
