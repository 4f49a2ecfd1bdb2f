using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SupportTickets.Tests.Fixtures;

/// <summary>
/// A throw-away cluster made from a local installation of PostgreSQL, in memory where there is room. The benchmarks use this file too.
/// </summary>
internal sealed class PostgresCluster : IDisposable
{
    private readonly string _folder;
    private readonly string _bin;

    private PostgresCluster(string bin, string settings)
    {
        _bin = bin;
        _folder = Path.Combine(TestFolder.Path, $"support-tickets-pg-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
        if (Environment.UserName == "root")
            Run("chown", "postgres", _folder);
        var port = FreePort();
        RunAsPostgres(
            "initdb", "-D", $"{_folder}/data", "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        RunAsPostgres(
            "pg_ctl", "-D", $"{_folder}/data", "-l", $"{_folder}/log", "-w", "-o",
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} {settings}", "start");
        Url = $"postgres://postgres:postgres@127.0.0.1:{port}/postgres?sslmode=disable";
    }

    /// <summary>The address of its maintenance database.</summary>
    public string Url { get; }

    /// <summary>Makes and starts a cluster; null where PostgreSQL is not installed.</summary>
    /// <param name="settings">What differs from the default settings, as arguments of the server.</param>
    public static PostgresCluster? Start(string settings) => FindBinaries() is { } bin ? new(bin, settings) : null;

    /// <summary>Stops it and deletes its files.</summary>
    public void Dispose()
    {
        RunAsPostgres("pg_ctl", "-D", $"{_folder}/data", "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindBinaries()
    {
        const string packages = "/usr/lib/postgresql";
        var installed = Directory.Exists(packages) ? Directory.GetDirectories(packages).Select(d => Path.Combine(d, "bin")) : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return installed.OrderDescending().Concat(onPath)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    // The server refuses to run as root.
    private void RunAsPostgres(string program, params string[] arguments)
    {
        var path = Path.Combine(_bin, program);
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
