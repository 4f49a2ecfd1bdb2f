using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SupportTickets.Core;

namespace SupportTickets.Data;

/// <summary>
/// Prepares each SQLite connection: registers functions, such as comparison of text in all alphabets, and applies settings.
/// </summary>
public sealed class SqliteFunctions : DbConnectionInterceptor
{
    /// <summary>Whether a text contains a term, ignoring case. SQLite's own LIKE folds only ASCII letters.</summary>
    public static bool ContainsTerm(string text, string term) =>
        CaseSpellings.Of(term).Any(spelling => text.Contains(spelling, StringComparison.OrdinalIgnoreCase));

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

    internal static void Map(ModelBuilder modelBuilder) => modelBuilder
        .HasDbFunction(typeof(SqliteFunctions).GetMethod(nameof(ContainsTerm))!)
        .HasName("contains_term");

    private static void Prepare(SqliteConnection connection)
    {
        connection.CreateFunction<string, string, bool>("contains_term", ContainsTerm, isDeterministic: true);
        QueryFunctions.Register(connection);
        FloatFunctions.Register(connection);
        using var pragma = connection.CreateCommand();
        // With write-ahead logging, NORMAL may lose the last commits in a power cut but never corrupts the file.
        pragma.CommandText = "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;";
        pragma.ExecuteNonQuery();
    }
}
