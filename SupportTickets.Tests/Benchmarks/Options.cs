using System.Globalization;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>The arguments of a run.</summary>
/// <param name="Desk">The folder of the published desk.</param>
/// <param name="Tickets">The sizes to measure, one after the other.</param>
/// <param name="IsPostgres">PostgreSQL; else SQLite.</param>
/// <param name="Seconds">How long one program is measured before it is the other's turn.</param>
/// <param name="Rounds">How often each has its turn.</param>
/// <param name="Only">The beginnings of the names of the lines to measure; empty for all.</param>
/// <param name="IdleSeconds">How long after the start the resident memory is read again.</param>
/// <param name="Keep">Whether the seeded database stays, and is copied by the next run.</param>
/// <param name="Check">Whether ratios are compared with expected.json.</param>
/// <param name="Results">The folder of the results.</param>
internal sealed record Options(
    string Desk, IReadOnlyList<int> Tickets, bool IsPostgres, int Seconds, int Rounds, IReadOnlyList<string> Only, int IdleSeconds,
    bool Keep, bool Check, string Results)
{
    private const string Usage = """
        run [--tickets N[,N...]] [--database postgres|sqlite] [--seconds S] [--rounds R] [--only NAME[,NAME...]] [--idle S]
            [--keep] [--check] [--desk FOLDER] [--results FOLDER]
        run report [--results FOLDER] [--into FILE]
        """;

    /// <summary>Whether a line is to be measured.</summary>
    public bool Takes(string line) => Only.Count == 0 || Only.Any(name => line.StartsWith(name, StringComparison.Ordinal));

    /// <summary>Where databases are kept and copied.</summary>
    public static string Folder => Path.Combine(TestFolder.Path, "support-tickets-benchmarks");

    /// <summary>Reads the arguments; null, and the usage on the error output, when they are wrong.</summary>
    public static Options? Parse(string[] args)
    {
        var values = new Dictionary<string, string>
        {
            ["--tickets"] = "100000",
            ["--database"] = "postgres",
            ["--seconds"] = "3",
            ["--rounds"] = "2",
            ["--only"] = "",
            ["--idle"] = "20",
            ["--desk"] = "artifacts/benchmarks/desk",
            ["--results"] = "artifacts/benchmarks",
        };
        var flags = new HashSet<string>();
        for (var at = 0; at < args.Length; at++)
        {
            if (args[at] is "--keep" or "--check") flags.Add(args[at]);
            else if (values.ContainsKey(args[at]) && at + 1 < args.Length) values[args[at]] = args[++at];
            else return Wrong();
        }
        if (values["--database"] is not ("postgres" or "sqlite"))
            return Wrong();
        try
        {
            return new(
                Path.GetFullPath(values["--desk"]),
                [.. Words("--tickets").Select(Number)],
                values["--database"] == "postgres",
                Number(values["--seconds"]),
                Number(values["--rounds"]),
                [.. Words("--only")],
                Number(values["--idle"]),
                flags.Contains("--keep"),
                flags.Contains("--check"),
                Path.GetFullPath(values["--results"]));
        }
        catch (FormatException)
        {
            return Wrong();
        }

        IEnumerable<string> Words(string name) => values[name].Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static Options? Wrong()
    {
        Console.Error.WriteLine(Usage);
        return null;
    }
}
