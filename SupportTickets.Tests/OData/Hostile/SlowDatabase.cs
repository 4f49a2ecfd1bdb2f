using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Hostile;

/// <summary>A database whose statements are slow where a test says so: it rewrites their SQL.</summary>
internal sealed class SlowDatabase(Provider provider) : DbCommandInterceptor, IDbConnectionInterceptor
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What becomes of each statement; null leaves them alone.</summary>
    public Func<string, string>? Rewrite { get; set; }

    /// <summary>A statement that was rewritten is about to be run.</summary>
    public Task Started => _started.Task;

    /// <summary>The driver came back from it without rows.</summary>
    public Task Ended => _ended.Task;

    /// <summary>SQL that takes far longer than the limits of the tests, and is true in the end.</summary>
    /// <remarks>SQLite asks whether to stop after some thousand steps of its own, so some are between two pauses.</remarks>
    public string Long => provider == Provider.Postgres
        ? "pg_sleep(20) IS NOT NULL"
        : "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + CASE WHEN i % 2000 = 0 THEN pause(0.05) ELSE 1 END FROM n "
            + "LIMIT 800000) SELECT count(*) FROM n) > 0";

    /// <summary>SQL that takes its time with each row. On SQLite it also has some work to do, during which it can be stopped.</summary>
    public string Pause(double seconds, string column) => provider == Provider.Postgres
        ? string.Create(CultureInfo.InvariantCulture, $"(pg_sleep({seconds} + 0 * {column}) IS NOT NULL)")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"(pause({seconds} + 0 * {column}) AND (WITH RECURSIVE n(i) AS (SELECT {column} UNION ALL SELECT i + 1 FROM n LIMIT 20000) "
                + $"SELECT count(*) FROM n) > 0)");

    /// <summary>Makes all statements that read tickets or their totals slow, before they see the first.</summary>
    public static string SlowTickets(string sql, string slow) => new[] { "tickets", "ticket_totals" }.Aggregate(sql, (text, table) => text
        .Replace($"FROM {table} AS t", $"FROM (SELECT * FROM {table} WHERE {slow}) AS t", StringComparison.Ordinal)
        .Replace(
            $"FROM \"{table}\" AS \"t\"", $"FROM (SELECT * FROM \"{table}\" WHERE {slow}) AS \"t\"", StringComparison.Ordinal));

    /// <summary>A statement that takes its time first.</summary>
    public string SlowStart(double seconds, string sql) => $"SELECT {Pause(seconds, "1")};\n{sql}";

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if (Rewrite?.Invoke(result.CommandText) is { } sql && sql != result.CommandText)
        {
            result.CommandText = sql;
            _started.TrySetResult();
        }
        return result;
    }

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default) => End();

    public override Task CommandCanceledAsync(
        DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default) => End();

    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Teach(connection);

    public Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Teach(connection);
        return Task.CompletedTask;
    }

    private static void Teach(DbConnection connection) => (connection as SqliteConnection)?.CreateFunction("pause", (double seconds) =>
    {
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        return true;
    });

    private Task End()
    {
        _ended.TrySetResult();
        return Task.CompletedTask;
    }
}
