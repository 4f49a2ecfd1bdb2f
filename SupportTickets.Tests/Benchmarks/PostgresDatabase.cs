using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using SupportTickets.Configuration;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>PostgreSQL: the server of TEST_DATABASE_URL, else a throw-away cluster.</summary>
internal sealed partial class PostgresDatabase : Database
{
    private const int TicksPerSecond = 100; // of /proc/PID/stat

    private PostgresCluster? _cluster;
    private readonly bool _isOwn;
    private readonly string _server;
    private readonly string _seeded;
    private readonly bool _keep;
    private int? _postmaster;

    public PostgresDatabase(int tickets, bool keep)
    {
        if (Environment.GetEnvironmentVariable("TEST_DATABASE_URL") is { Length: > 0 } url) _server = url;
        else
        {
            _cluster = PostgresCluster.Start("-c shared_buffers=1GB -c max_wal_size=4GB")
                ?? throw new InvalidOperationException("No PostgreSQL: set TEST_DATABASE_URL or install the server's binaries.");
            (_isOwn, _server) = (true, _cluster.Url);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => StopCluster(); // after Ctrl+C
        }
        (_seeded, _keep) = ($"benchmark_{tickets}", keep && !_isOwn);
    }

    public override async Task<string> VersionAsync() => "PostgreSQL " + await ScalarAsync<string>("SHOW server_version");

    public override TimeSpan? Cpu
    {
        get
        {
            if (_postmaster is not { } postmaster) return null;
            long ticks = 0;
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                if (!int.TryParse(Path.GetFileName(folder), out var pid) || Stat(pid) is not { } stat) continue;
                // The postmaster also counts the sessions that have ended.
                if (pid == postmaster) ticks += stat[11] + stat[12] + stat[13] + stat[14];
                else if (stat[1] == postmaster) ticks += stat[11] + stat[12];
            }
            return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
        }
    }

    public override async Task<Work> RepeatAsync(string sql, int clients, int seconds)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, sql + ";\n");
            var text = await Tool.RunAsync(
                "pgbench", "-n", "-M", "prepared", "-c", $"{clients}", "-j", "1", "-T", $"{seconds}", "-f", file, Url);
            var count = double.Parse(Processed().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
            var rate = double.Parse(Rate().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
            var latency = double.Parse(Latency().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
            return new((long)count, count / rate, latency, 0, 0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public override async Task<double> OnceAsync(string sql)
    {
        var watch = Stopwatch.StartNew();
        await Tool.RunAsync("psql", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-c", $"COPY ({sql}) TO STDOUT", Url);
        return watch.Elapsed.TotalSeconds;
    }

    public override async Task<double?> RestoreAsync()
    {
        const string name = "benchmark_restored";
        await RecreateAsync(name, "template0");
        var watch = Stopwatch.StartNew();
        await Tool.RunAsync("sh", "-c", $"pg_dump '{UrlOf(_seeded)}' | psql -q -v ON_ERROR_STOP=1 -o /dev/null '{UrlOf(name)}'");
        var seconds = watch.Elapsed.TotalSeconds;
        await AdministerAsync($"DROP DATABASE {name} WITH (FORCE)");
        return seconds;
    }

    public override async ValueTask DisposeAsync()
    {
        StopCluster(); // and with it all databases
        if (_isOwn) return;
        await AdministerAsync($"DROP DATABASE IF EXISTS {Copy} WITH (FORCE)");
        if (!_keep) await AdministerAsync($"DROP DATABASE IF EXISTS {_seeded} WITH (FORCE)");
    }

    protected override async Task PrepareAsync(string desk, int tickets)
    {
        Url = UrlOf("postgres");
        var isThere = await ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{_seeded}')");
        if (!isThere)
        {
            await RecreateAsync(_seeded, "template0");
            Url = UrlOf(_seeded);
            await SeedAsync(desk, tickets);
            // What an index can answer alone, and which plan is best, should not depend on when the server tidies up.
            await ExecuteAsync(Url, "VACUUM (ANALYZE)");
        }
        await RecreateAsync(Copy, $"{_seeded} STRATEGY FILE_COPY");
        Url = UrlOf(Copy);
        _postmaster = await PostmasterAsync();
    }

    private void StopCluster() => Interlocked.Exchange(ref _cluster, null)?.Dispose();

    // The fields of /proc/PID/stat behind the name: 1 is the parent, 11 to 14 are its own and its ended children's processor time.
    private static long[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Take(15).Select(f => long.TryParse(f, out var n) ? n : 0)];
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }

    // Null where the server is on another machine.
    private async Task<int?> PostmasterAsync()
    {
        await using var connection = await OpenAsync(Url);
        var session = connection.ProcessID;
        return Stat(session) is { } stat && File.ReadAllText($"/proc/{session}/comm").StartsWith("postgres", StringComparison.Ordinal)
            ? (int)stat[1] : null;
    }

    private async Task RecreateAsync(string name, string template)
    {
        await AdministerAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await AdministerAsync($"CREATE DATABASE {name} TEMPLATE {template}");
    }

    private Task AdministerAsync(string sql) => ExecuteAsync(UrlOf("postgres"), sql);

    private static async Task ExecuteAsync(string url, string sql)
    {
        await using var connection = await OpenAsync(url);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await OpenAsync(Url);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string url)
    {
        var settings = DatabaseSettings.Read(name => name == "DATABASE_URL" ? url : null, requireTls: false);
        var connection = new NpgsqlConnection(settings.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private string UrlOf(string name) => new UriBuilder(_server) { Path = name }.Uri.ToString();

    [GeneratedRegex(@"actually processed: (\d+)")]
    private static partial Regex Processed();

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"latency average = ([\d.]+)")]
    private static partial Regex Latency();
}
