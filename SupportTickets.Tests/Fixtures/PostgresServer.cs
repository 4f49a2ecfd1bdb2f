using System.Collections.Concurrent;
using Npgsql;
using SupportTickets.Configuration;

[assembly: AssemblyFixture(typeof(SupportTickets.Tests.Fixtures.PostgresServer))]

namespace SupportTickets.Tests.Fixtures;

/// <summary>
/// The PostgreSQL of this run: the server of TEST_DATABASE_URL, else a throw-away cluster made from a local
/// installation, else none, and then each test that needs it is skipped by name.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    // What is in it ends with the run, so nothing is kept safe and nothing is tidied up. Its statements are too short to be worth
    // compiling. Two sessions that wait for each other, as some tests let them, are noticed early.
    private const string Settings = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off -c shared_buffers=48MB"
        + " -c max_connections=300 -c autovacuum=off -c deadlock_timeout=100ms";

    private static readonly Lazy<PostgresServer> Shared = new(() => new PostgresServer(start: true));

    private readonly PostgresCluster? _cluster;

    public PostgresServer()
    {
        // xunit makes the fixture to have something to dispose; the server itself starts with its first use.
    }

    private PostgresServer(bool start)
    {
        _ = start;
        Url = Environment.GetEnvironmentVariable("TEST_DATABASE_URL") is { Length: > 0 } url
            ? url.TrimEnd('/')
            : (_cluster = PostgresCluster.Start(Settings))?.Url;
    }

    /// <summary>The maintenance database, or null where there is no server.</summary>
    private string? Url { get; }

    /// <summary>The address of a database on the server; skips the calling test where there is none.</summary>
    public static string DatabaseUrl(string name)
    {
        Assert.SkipWhen(Shared.Value.Url is null, "No PostgreSQL: set TEST_DATABASE_URL or install the server's binaries.");
        return new UriBuilder(Shared.Value.Url!) { Path = name }.Uri.ToString();
    }

    private static string MaintenanceAddress =>
        DatabaseSettings.Read(name => name == "DATABASE_URL" ? DatabaseUrl("postgres") : null, requireTls: false).ConnectionString;

    /// <summary>Runs a statement in the maintenance database.</summary>
    public static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(MaintenanceAddress);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What has to be done at the end of the run, before the server stops.</summary>
    public static ConcurrentBag<Func<Task>> AtTheEnd { get; } = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var end in AtTheEnd) await end();
        if (Shared.IsValueCreated) Shared.Value._cluster?.Dispose();
    }

    internal static int FreePort() => PostgresCluster.FreePort();
}
