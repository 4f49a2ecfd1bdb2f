using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Straight;

/// <summary>
/// The queries that the other tests of the feed ask, those of the conformance tests among them, are answered with the bytes of the
/// library. They are read from the code of the tests, without those that are put together when a test runs. All of them in .ci/run, which
/// sets TEST_BYTE_QUERIES; else every tenth.
/// </summary>
public sealed partial class QueriesOfTestsTests
{
    private const int MaxTold = 10, Seldom = 10;

    [Theory, Providers]
    public async Task Each_is_answered_with_the_bytes_of_the_library(Provider provider)
    {
        await using var desk = await BothWays.StartAsync(provider);
        var every = Environment.GetEnvironmentVariable("TEST_BYTE_QUERIES") is null ? Seldom : 1;
        var queries = All();
        Assert.True(queries.Count > 900, $"Only {queries.Count} queries were found.");
        var differences = new ConcurrentQueue<string>();
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForAsync(0, queries.Count, two, async (number, _) =>
        {
            if (number % every != 0) return;
            var format = AskedFormat.All[number / every % AskedFormat.All.Count];
            if (differences.Count < MaxTold && await desk.DifferenceAsync(queries[number], format, times: 2) is { } difference)
                differences.Enqueue($"{queries[number]}\n  {difference}");
        });
        Assert.True(differences.IsEmpty, string.Join("\n", differences));
    }

    private static List<string> All()
    {
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(ThisFile())))!;
        var queries = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match match in Literal().Matches(File.ReadAllText(file)))
            {
                var text = Regex.Unescape(match.Groups["text"].Value);
                // The files of the sample have no content.
                if (text.Contains("Attachments(", StringComparison.Ordinal) && text.EndsWith("/$value", StringComparison.Ordinal)) continue;
                if (Whole().IsMatch(text)) queries.Add(text);
                else if (Set().IsMatch(text)) queries.Add($"/odata/{text}");
                else if (Options().IsMatch(text)) queries.Add($"/odata/Tickets?{text}");
            }
        }
        return [.. queries];
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    // No interpolated, verbatim or raw ones.
    [GeneratedRegex(@"(?<![$@""\w])""(?<text>(?:[^""\\\n]|\\[\\""nrt0])*)""(?!"")")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^/odata/\S")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(Tickets|Events|Agents|Dates|Comments|Requesters|Tags|TicketTags|Attachments)(\(\d+\))?\?")]
    private static partial Regex Set();

    [GeneratedRegex(@"^\$(filter|select|expand|orderby|apply|compute|search|top|skip|count)=")]
    private static partial Regex Options();
}
