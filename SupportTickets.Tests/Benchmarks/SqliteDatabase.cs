using System.Diagnostics;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>A file of SQLite. The floor of its statements is the program sqlite3, which has one caller.</summary>
internal sealed class SqliteDatabase(int tickets, bool keep) : Database
{
    private static readonly string CopyFile = Path.Combine(Options.Folder, $"{Copy}.db");

    private readonly string _seeded = Path.Combine(Options.Folder, $"benchmark-{tickets}.db");

    public override async Task<string> VersionAsync() => "SQLite; sqlite3 " + (await Tool.RunAsync("sqlite3", "--version")).Split(' ')[0];

    public override TimeSpan? Cpu => null;

    public override async Task<Work> RepeatAsync(string sql, int clients, int seconds)
    {
        var once = await OnceAsync(sql);
        var count = Math.Max(1, (int)(seconds / Math.Max(once, 0.0001)));
        // The first guess has the start of the program in it, so what is fast is measured again with more.
        for (; ; count *= 4)
        {
            var took = await RunAsync(string.Concat(Enumerable.Repeat(sql + ";\n", count)));
            if (took > seconds / 2.0 || count > 1_000_000) return new(count, took, 0, 0, 0);
        }
    }

    public override Task<double> OnceAsync(string sql) => RunAsync(sql);

    public override Task<double?> RestoreAsync() => Task.FromResult<double?>(null);

    public override ValueTask DisposeAsync()
    {
        Delete(CopyFile);
        if (!keep) Delete(_seeded);
        return ValueTask.CompletedTask;
    }

    protected override async Task PrepareAsync(string desk, int tickets)
    {
        Directory.CreateDirectory(Options.Folder);
        Url = $"sqlite:///{_seeded}";
        if (!File.Exists(_seeded)) await SeedAsync(desk, tickets);
        Delete(CopyFile);
        File.Copy(_seeded, CopyFile);
        Url = $"sqlite:///{CopyFile}";
    }

    private static async Task<double> RunAsync(string script)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, ".timeout 10000\n" + script); // the desk writes too, now and then
            var watch = Stopwatch.StartNew();
            await Tool.RunAsync("sh", "-c", $"sqlite3 -bail '{CopyFile}' < '{file}' > /dev/null");
            return watch.Elapsed.TotalSeconds;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Delete(string file)
    {
        foreach (var part in (string[])["", "-wal", "-shm", ".lock"]) File.Delete(file + part);
    }
}
