using System.Globalization;
using System.Text;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>Results as Markdown.</summary>
internal static class Report
{
    private const string Begin = "<!-- measured -->", End = "<!-- end of measured -->";

    private const string Head = "| what | clients | alone, ms | requests/s | p50, ms | p99, ms | CPU, ms"
        + " | bare/s | CPU, ms | of bare | SQL/s | CPU, ms | of SQL | wanted |\n"
        + "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n";

    /// <summary>A line on the way.</summary>
    public static string Progress(Line line, LineResult result) =>
        $"{line.Name}: {Number(result.Desk.PerSecond)}/s, CPU {Cpu(result.Desk)} ms; "
        + $"bare {Number(result.Bare?.PerSecond)}/s, CPU {Cpu(result.Bare)} ms; SQL {Number(result.Sql?.PerSecond)}/s; {result.Ratio:0.00}";

    /// <summary>The table of one database and number of tickets.</summary>
    public static string Table(Results results)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"### {results.Database}, {results.Tickets:N0} tickets\n\n{results.Date}, {results.Machine}.\n\n"));
        if (results.Lines.Count > 0) text.Append(Head);
        foreach (var line in Lines.Of(results.IsPostgres, results.Tickets))
        {
            if (!results.Lines.TryGetValue(line.Name, out var result)) continue;
            var (desk, bare, sql) = (result.Desk, result.Bare, result.Sql);
            text.AppendJoin(" | ", [
                $"| {line.Title}", $"{result.Clients}", Number(result.Alone), Number(desk.PerSecond), Number(desk.P50), Number(desk.P99),
                Cpu(desk), Number(bare?.PerSecond), Cpu(bare), Ratio(desk, bare),
                Number(sql?.PerSecond), Number(sql?.Db), Ratio(desk, sql), $"{line.Wanted} |\n",
            ]);
        }
        if (results.Amounts.Count > 0)
            text.Append("\n| what | desk | floor | floor / desk | notes | wanted |\n|---|--:|--:|--:|---|---|\n");
        foreach (var amount in results.Amounts.Values)
        {
            text.AppendJoin(" | ", [
                $"| {amount.Title}", $"{Number(amount.Desk)} {amount.Unit}", Number(amount.Floor),
                amount.Floor is null ? "–" : Number(amount.Ratio), amount.Floor is null ? "" : amount.Note, $"{amount.Wanted} |\n",
            ]);
        }
        return text.ToString();
    }

    /// <summary>All tables, and how each figure grows with the rows.</summary>
    public static string All(IReadOnlyList<Results> all)
    {
        var text = new StringBuilder().AppendJoin('\n', all.Select(Table));
        foreach (var sizes in all.GroupBy(r => r.IsPostgres).Select(g => g.ToList()).Where(sizes => sizes.Count > 1))
            text.Append(Growth(sizes));
        return text.ToString();
    }

    /// <summary>Puts the tables between the two marks of a file.</summary>
    public static void Into(string file, string tables)
    {
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new InvalidOperationException($"{file} has no {Begin} and {End}.");
        File.WriteAllText(file, $"{text[..begin]}{Begin}\n\n{tables}\n{text[end..]}");
    }

    private static string Growth(List<Results> sizes)
    {
        var text = new StringBuilder();
        var database = sizes[0].IsPostgres ? "PostgreSQL" : "SQLite";
        text.Append(Invariant($"\n### Growth with the rows, {database}\n\n"));
        text.Append("CPU for each request, desk and database together, in ms; for the amounts, seconds or MB.\n\n| what | ");
        text.AppendJoin(" | ", sizes.Select(s => Invariant($"{s.Tickets:N0}"))).Append(" | growth |\n|---|");
        text.Insert(text.Length, "--:|", sizes.Count + 1).Append('\n');
        foreach (var line in Lines.Of(true, 1))
            Row(line.Title, s => s.Lines.TryGetValue(line.Name, out var result) ? result.Desk.App + (result.Desk.Db ?? 0) : null);
        foreach (var name in sizes.SelectMany(s => s.Amounts.Keys).Distinct())
            Row(sizes.First(s => s.Amounts.ContainsKey(name)).Amounts[name].Title, s => s.Amounts.GetValueOrDefault(name)?.Desk);
        return text.ToString();

        void Row(string title, Func<Results, double?> figure)
        {
            var figures = sizes.ConvertAll(s => figure(s));
            if (figures.TrueForAll(f => f is null)) return;
            text.AppendJoin(" | ", [$"| {title}", .. figures.Select(Number), $"{Number(figures[^1] / figures[0])} |\n"]);
        }
    }

    private static string Cpu(Side? side) =>
        side is null ? "–" : side.Db is null ? Number(side.App) : $"{Number(side.App)} + {Number(side.Db)}";

    private static string Ratio(Side desk, Side? floor) => floor is null ? "–" : Number(desk.PerSecond / floor.PerSecond);

    // Three digits are more than such a figure is sure of.
    private static string Number(double? number) => number switch
    {
        null => "–",
        >= 100 => Invariant($"{number:N0}"),
        >= 10 => Invariant($"{number:0.0}"),
        >= 0.1 => Invariant($"{number:0.00}"),
        _ => Invariant($"{number:0.000}"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
