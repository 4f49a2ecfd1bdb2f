using System.Collections.Concurrent;
using System.Globalization;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>
/// Random queries, sent to both databases over the same data and answered by a plain interpreter too. TEST_SEED chooses
/// others, TEST_QUERIES how many: 300 unless it is set, 5,000 in <c>.ci/run</c>.
/// </summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const int Usual = 300, MaxTries = 150;

    private static readonly int Seed = Number("TEST_SEED", 1), MaxTold = Number("TEST_FAILURES", 10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_databases_and_the_interpreter_answer_every_query_alike()
    {
        await using var desks = await Desks.StartAsync();
        var judge = new Judge(desks);
        var failures = new ConcurrentDictionary<string, (int Number, Failure Failure)>();
        var count = Number("TEST_QUERIES", Usual);
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Cancel };
        await Parallel.ForAsync(0, count, two, async (number, _) =>
        {
            var query = QueryMaker.Make(Seed, number);
            if (failures.Count < MaxTold && await judge.JudgeAsync(query) is { } failure)
                failures.TryAdd(number.ToString(CultureInfo.InvariantCulture), (number, failure));
        });
        output.WriteLine($"{count} queries of TEST_SEED={Seed}, {judge.Statuses}");
        var told = new Dictionary<string, string>();
        foreach (var (number, failure) in failures.Values.OrderBy(f => f.Number))
        {
            var smallest = await SmallestAsync(judge, failure);
            var origin = $"(query {number} of TEST_SEED={Seed}: {failure.Query.Text})";
            var text = smallest.Query.Text;
            told.TryAdd(text, $"{smallest.Kind}: {text}\n  {smallest.Query.Url}\n{smallest.Details}\n  {origin}");
        }
        Assert.True(told.Count == 0, string.Join("\n\n", told.Values));
    }

    [Fact]
    public async Task Every_difference_that_is_known_is_named_in_the_documentation()
    {
        var conformance = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "odata-conformance.md"), Cancel);
        var text = string.Join(' ', conformance.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(KnownDifferences.All, known => Assert.Contains(known.Clause, text, StringComparison.Ordinal));
    }

    // Takes parts away as long as it fails in the same way.
    private static async Task<Failure> SmallestAsync(Judge judge, Failure failure)
    {
        for (var tries = 0; tries < MaxTries;)
        {
            var before = failure;
            foreach (var query in failure.Query.Smaller().Where(query => query.Text.Length < failure.Query.Text.Length))
            {
                if (++tries > MaxTries)
                    break;
                try
                {
                    if (await judge.JudgeAsync(query) is { } smaller && smaller.Kind == failure.Kind)
                    {
                        failure = smaller;
                        break;
                    }
                }
                catch (KeyNotFoundException)
                {
                    // It names what is not there any more.
                }
            }
            if (failure == before)
                break;
        }
        return failure;
    }

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : usual;
}
