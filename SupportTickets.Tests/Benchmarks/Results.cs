using System.Runtime.InteropServices;
using System.Text.Json;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>What one program did.</summary>
/// <param name="PerSecond">Requests or statements in a second.</param>
/// <param name="P50">Half of the requests took at most this long, in ms.</param>
/// <param name="P99">All but a hundredth took at most this long.</param>
/// <param name="App">The processor time of the program for each request, in ms; 0 for statements.</param>
/// <param name="Db">That of the database server; null where it has no process of its own.</param>
internal sealed record Side(double PerSecond, double P50, double P99, double App, double? Db);

/// <summary>The result of a line of requests per second.</summary>
/// <param name="Clients">How many asked at the same time.</param>
/// <param name="Alone">How long a request takes when nobody else asks, in ms; null for writes.</param>
/// <param name="Desk">The desk.</param>
/// <param name="Bare">The bare endpoint, if it was compared with it.</param>
/// <param name="Sql">The same as SQL; null when the tool could not run it.</param>
internal sealed record LineResult(int Clients, double? Alone, Side Desk, Side? Bare, Side? Sql)
{
    /// <summary>The desk's requests per second for each of the bare endpoint's, else for each statement.</summary>
    public double Ratio => Desk.PerSecond / (Bare ?? Sql ?? Desk).PerSecond;
}

/// <summary>The result of a line of seconds or megabytes.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Unit">s or MB.</param>
/// <param name="Desk">The desk.</param>
/// <param name="Floor">What it is compared with; null when there was nothing.</param>
/// <param name="Note">What the floor is, and what else was seen.</param>
/// <param name="Wanted">What was to be reached with 1,000,000 tickets.</param>
internal sealed record Amount(string Title, string Unit, double Desk, double? Floor, string Note, string Wanted)
{
    /// <summary>The floor for each unit of the desk, so that more is better, as with requests per second.</summary>
    public double Ratio => (Floor ?? Desk) / Desk;
}

/// <summary>The results with one database and number of tickets. A later run replaces the lines that it measures.</summary>
internal sealed class Results
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public string Date { get; set; } = "";
    public string Database { get; set; } = "";
    public string Machine { get; set; } = "";
    public bool IsPostgres { get; set; }
    public int Tickets { get; set; }
    public Dictionary<string, LineResult> Lines { get; set; } = [];
    public Dictionary<string, Amount> Amounts { get; set; } = [];

    /// <summary>All that are in a folder, PostgreSQL first, then by size.</summary>
    public static IReadOnlyList<Results> All(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.json").Select(Read).OrderByDescending(r => r.IsPostgres).ThenBy(r => r.Tickets)];

    /// <summary>Those of earlier runs with this database and size, or empty ones, with what is known of this run.</summary>
    public static async Task<Results> OpenAsync(Options options, int tickets, Database database)
    {
        var file = FileOf(options.Results, options.IsPostgres, tickets);
        var results = File.Exists(file) ? Read(file) : new Results { IsPostgres = options.IsPostgres, Tickets = tickets };
        results.Date = $"{DateTime.UtcNow:yyyy-MM-dd}";
        results.Database = await database.VersionAsync();
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        results.Machine = $"{Environment.ProcessorCount} cores ({model?.Split(':')[1].Trim() ?? "unknown"}), "
            + $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, {RuntimeInformation.FrameworkDescription}";
        return results;
    }

    /// <summary>Writes them into the folder.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(FileOf(folder, IsPostgres, Tickets), JsonSerializer.Serialize(this, Json));
    }

    private static Results Read(string file) => JsonSerializer.Deserialize<Results>(File.ReadAllText(file))!;

    private static string FileOf(string folder, bool isPostgres, int tickets) =>
        Path.Combine(folder, $"{(isPostgres ? "postgres" : "sqlite")}-{tickets}.json");
}
