using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SupportTickets.Data;

/// <summary>Tells a change that met another one from a mistake of ours: reading again and trying again helps.</summary>
public static class DatabaseConflict
{
    private const int SqlitePrimaryKey = 1555, SqliteUnique = 2067, SqliteForeignKey = 787;

    /// <summary>
    /// Whether the database ended a transaction because it and another waited for each other; from the start it may go through.
    /// </summary>
    public static bool IsDeadlock(Exception? error) => error switch
    {
        null => false,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => true,
        _ => IsDeadlock(error.InnerException),
    };

    /// <summary>Whether the row, or the one it belongs to, was changed or deleted meanwhile, or one with the same key was added.</summary>
    public static bool Is(DbUpdateException error) => error is DbUpdateConcurrencyException || error.InnerException
        is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation }
        or SqliteException { SqliteExtendedErrorCode: SqlitePrimaryKey or SqliteUnique or SqliteForeignKey };
}
