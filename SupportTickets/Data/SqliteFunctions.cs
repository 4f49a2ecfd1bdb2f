using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SupportTickets.Core;

namespace SupportTickets.Data;

/// <summary>What SQLite has to be taught on each connection: comparing text in all alphabets, and its settings.</summary>
public sealed class SqliteFunctions : DbConnectionInterceptor
{
    /// <summary>Whether a text contains a term without regard to case; SQLite's own LIKE folds ASCII only.</summary>
    public static bool ContainsTerm(string text, string term) =>
        CaseSpellings.Of(term).Any(spelling => text.Contains(spelling, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Teach((SqliteConnection)connection);

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Teach((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    internal static void Map(ModelBuilder modelBuilder) => modelBuilder
        .HasDbFunction(typeof(SqliteFunctions).GetMethod(nameof(ContainsTerm))!)
        .HasName("contains_term");

    private static void Teach(SqliteConnection connection)
    {
        connection.CreateFunction<string, string, bool>("contains_term", ContainsTerm, isDeterministic: true);
        QueryFunctions.Teach(connection);
        FloatFunctions.Teach(connection);
        using var pragma = connection.CreateCommand();
        // With write-ahead logging, NORMAL can lose the last commits to a power cut but never corrupts.
        pragma.CommandText = "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;";
        pragma.ExecuteNonQuery();
    }
}
