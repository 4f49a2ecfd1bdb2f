using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SupportTickets.Data;

/// <summary>
/// Prepares each SQLite connection: registers functions, such as those of searches, and applies settings.
/// </summary>
public sealed class SqliteFunctions : DbConnectionInterceptor
{
    /// <summary>Registers the functions. A connection that is closed registers them itself each time it is opened.</summary>
    public static void Register(SqliteConnection connection)
    {
        SearchFunctions.Register(connection);
        QueryFunctions.Register(connection);
        FloatFunctions.Register(connection);
    }

    /// <summary>Applies the settings of a connection that was just opened.</summary>
    public static void Set(SqliteConnection connection)
    {
        using var pragma = connection.CreateCommand();
        // With write-ahead logging, NORMAL may lose the last commits in a power cut but never corrupts the file.
        pragma.CommandText = "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;";
        pragma.ExecuteNonQuery();
    }

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        Prepare((SqliteConnection)connection);

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Prepare((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    private static void Prepare(SqliteConnection connection)
    {
        if (connection is KeptConnection) return; // it prepared itself
        Register(connection);
        Set(connection);
    }
}
