using System.ComponentModel;
using System.Text;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>Measures the lines of the table, the desk and its floors by turns.</summary>
internal sealed class Run(Options options, Database database, Server desk, Server bare, int tickets)
{
    private const int Clients = 16;

    // What takes longer alone is asked by few callers that wait for their answers: wrk would leave many unfinished.
    private const double SlowMilliseconds = 20;
    private const int ClientsOfSlow = 2;

    private const double Faster = 1.1;
    private const int LongestWarmUp = 15; // turns

    /// <summary>Measures with one number of tickets and saves the results.</summary>
    /// <returns>The results, and the lines that were measured now.</returns>
    public static async Task<(Results Results, IReadOnlyList<string> Measured)> AllAsync(Options options, int tickets)
    {
        await using var database = await Database.OpenAsync(options, tickets);
        var results = await Results.OpenAsync(options, tickets, database);
        var measured = new List<string>();
        if (options.Takes("seed") && database.SeedSeconds is { } seconds)
            Add("seed", new("Seed", "s", seconds, null, "floor: the same rows by `pg_dump` into `psql`", "not slower"));
        if (options.Takes("dump") && results.Amounts.TryGetValue("seed", out var seed))
            Add("seed", seed with { Floor = await database.RestoreAsync() });

        await using var desk = await Server.DeskAsync(options.Desk, database);
        await using var bare = await Server.BareAsync(database);
        var lines = Lines.Of(options.IsPostgres, tickets).Where(line => options.Takes(line.Name)).ToList();
        var run = new Run(options, database, desk, bare, tickets);
        if (options.Takes("memory-start"))
            Add("memory-start", run.Memory("Resident memory after the start"));
        if (options.Takes("memory-idle"))
        {
            await Task.Delay(TimeSpan.FromSeconds(options.IdleSeconds));
            Add("memory-idle", run.Memory($"Resident memory {options.IdleSeconds} s later"));
        }
        await run.PlantAsync();
        if (lines.Count > 0 || options.Takes("pull")) await run.WarmUpAsync();
        if (options.Takes("pull"))
        {
            var (time, memory) = await new FullPull(desk, bare, database).MeasureAsync();
            Add("pull", time);
            Add("pull-memory", memory);
        }
        foreach (var line in lines)
        {
            var result = await run.MeasureAsync(line);
            // Once more, because something else may have used the machine.
            if (options.Check && Expected.IsTooSlow(options.IsPostgres, line.Name, result.Ratio)) result = await run.MeasureAsync(line);
            results.Lines[line.Name] = result;
            measured.Add(line.Name);
            Console.Error.WriteLine(Report.Progress(line, result));
            results.Save(options.Results);
        }
        results.Save(options.Results);
        return (results, measured);

        void Add(string name, Amount amount)
        {
            results.Amounts[name] = amount;
            measured.Add(name);
            Console.Error.WriteLine($"{name}: {amount.Desk:0.0} {amount.Unit}, floor {amount.Floor:0.0}");
        }
    }

    private Amount Memory(string title) => new(title, "MB", desk.Memory(), bare.Memory(), "floor: the bare endpoint", "150");

    // One ticket in the middle gets the rare word.
    private async Task PlantAsync()
    {
        using var body = new StringContent($$"""{"title":"{{Lines.RareTitle}}"}""", Encoding.UTF8, "application/json");
        using var answer = await desk.Client.PatchAsync($"/api/tickets/{tickets / 2}/", body);
        answer.EnsureSuccessStatusCode();
    }

    // What all answers need. With one client, because the runtime compiles beside the requests and needs a core for that: with sixteen,
    // a process on two cores is still slow after ten seconds.
    private async Task WarmUpAsync()
    {
        foreach (var address in (string[])[$"{desk.Address}/odata/Tickets?$top=50", $"{bare.Address}/id/50"])
            await FastestAsync(turns: 4, () => Load.WrkAsync(address, 1, 1, "get", tickets));
    }

    // Until some turns bring no gain.
    private static async Task FastestAsync(int turns, Func<Task<Work>> work)
    {
        var best = 0.0;
        for (var (turn, without) = (0, 0); turn < LongestWarmUp && without < turns; turn++)
        {
            var done = await work();
            without = done.Count / done.Seconds > best * Faster ? 0 : without + 1;
            best = Math.Max(best, done.Count / done.Seconds);
        }
    }

    private async Task<LineResult> MeasureAsync(Line line)
    {
        Task<Work> AskAsync(int callers, int seconds) =>
            Load.WrkAsync(desk.Address + line.Path, callers, seconds, line.Kind, tickets);

        await FastestAsync(turns: 1, () => AskAsync(1, 1));
        double? alone = line.Kind == "get" ? await Load.AloneAsync(desk.Client, line.Path) : null;
        var isSlow = alone > SlowMilliseconds;
        var clients = isSlow ? ClientsOfSlow : Clients;
        var ours = new Turns(
            (callers, seconds) => isSlow ? Load.SlowAsync(desk.Client, line.Path, callers, seconds) : AskAsync(callers, seconds),
            () => desk.Cpu, database);
        var floor = line.Bare is { } path
            ? new Turns(
                (callers, seconds) => Load.WrkAsync(bare.Address + path, callers, seconds, "get", tickets), () => bare.Cpu, database)
            : null;
        // A check compares with one floor, and saves the time for the other.
        var sql = options.Check && floor is not null ? null
            : new Turns((callers, seconds) => database.RepeatAsync(line.Sql, callers, seconds), () => TimeSpan.Zero, database);

        if (floor is not null) await FastestAsync(turns: 1, () => floor.WorkAsync(1, 1));
        for (var round = 0; round < options.Rounds; round++)
        {
            await ours.TakeAsync(clients, options.Seconds);
            if (floor is not null) await floor.TakeAsync(clients, options.Seconds);
            try
            {
                if (sql is not null) await sql.TakeAsync(clients, options.Seconds);
            }
            catch (Exception error) when (error is InvalidOperationException or Win32Exception)
            {
                Console.Error.WriteLine($"{line.Name} as SQL: {error.Message}");
                sql = null;
            }
        }
        return new(clients, alone, ours.Result, floor?.Result, sql?.Result);
    }

    private sealed class Turns(Func<int, int, Task<Work>> work, Func<TimeSpan> cpu, Database database)
    {
        private readonly List<Work> _done = [];
        private TimeSpan _app;
        private TimeSpan? _db = TimeSpan.Zero;

        public Side Result
        {
            get
            {
                var count = _done.Sum(w => w.Count);
                return new(
                    count / _done.Sum(w => w.Seconds), _done.Average(w => w.P50), _done.Average(w => w.P99),
                    _app.TotalMilliseconds / count, _db?.TotalMilliseconds / count);
            }
        }

        public Task<Work> WorkAsync(int clients, int seconds) => work(clients, seconds);

        public async Task TakeAsync(int clients, int seconds)
        {
            var (app, db) = (cpu(), database.Cpu);
            var done = await work(clients, seconds);
            (_app, _db) = (_app + (cpu() - app), _db + (database.Cpu - db));
            if (done.Errors > 0 || done.Count == 0)
                throw new InvalidOperationException($"{done.Count} requests were answered, {done.Errors} failed.");
            _done.Add(done);
        }
    }
}
