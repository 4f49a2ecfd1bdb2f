using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
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

    private readonly string? _folder;
    private readonly string? _bin;

    public PostgresServer()
    {
        // xunit makes the fixture to have something to dispose; the server itself starts with its first use.
    }

    private PostgresServer(bool start)
    {
        _ = start;
        if (Environment.GetEnvironmentVariable("TEST_DATABASE_URL") is { Length: > 0 } url)
        {
            Url = url.TrimEnd('/');
            return;
        }
        _bin = FindBinaries();
        if (_bin is null)
            return;
        _folder = Path.Combine(TestFolder.Path, $"support-tickets-pg-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
        if (Environment.UserName == "root")
            Run("chown", "postgres", _folder);
        var port = FreePort();
        RunAsPostgres(
            "initdb", "-D", $"{_folder}/data", "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        RunAsPostgres(
            "pg_ctl", "-D", $"{_folder}/data", "-l", $"{_folder}/log", "-w", "-o",
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} {Settings}", "start");
        Url = $"postgres://postgres:postgres@127.0.0.1:{port}/postgres?sslmode=disable";
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
        if (Shared is { IsValueCreated: true, Value: { _folder: { } folder } server })
        {
            server.RunAsPostgres("pg_ctl", "-D", $"{folder}/data", "-m", "immediate", "stop");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? FindBinaries()
    {
        const string packages = "/usr/lib/postgresql";
        var installed = Directory.Exists(packages) ? Directory.GetDirectories(packages).Select(d => Path.Combine(d, "bin")) : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return installed.OrderDescending().Concat(onPath)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The server refuses to run as root.
    private void RunAsPostgres(string program, params string[] arguments)
    {
        var path = Path.Combine(_bin!, program);
        if (Environment.UserName == "root") Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Run(path, arguments);
    }

    // Output goes nowhere: a server that inherited a pipe would keep it open for ever.
    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in (string[])["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
