using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>What the README shows of the feed works as it stands there, and gives the same on both databases.</summary>
public sealed partial class ReadmeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_samples_are_answered_the_same_on_both_databases()
    {
        var samples = Samples();
        Assert.True(samples.Count >= 6);
        Assert.Contains(samples, sample => sample.Address == "/odata/$metadata");
        Assert.Contains(samples, sample => sample.Method == "POST");
        Assert.Contains(samples, sample => sample.Method == "PATCH");
        var answers = new Dictionary<Provider, List<string>>();
        foreach (var provider in Enum.GetValues<Provider>())
            answers[provider] = await RunAsync(provider, samples);
        Assert.Equal(answers[Provider.Sqlite], answers[Provider.Postgres]);
    }

    // Over the same tickets by the same clock, so that even the times are equal.
    private static async Task<List<string>> RunAsync(Provider provider, IEnumerable<Sample> samples)
    {
        await using var desk = await FeedDesk.StartAsync(
            provider, new ManualClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)));
        await desk.SeedAsync(60);
        var answers = new List<string>();
        foreach (var sample in samples)
        {
            using var content = sample.Body is null
                ? null
                : new StringContent(sample.Body, Encoding.UTF8, sample.Headers.Single(h => h.Name == "Content-Type").Value);
            using var response = await desk.SendAsync(
                new HttpMethod(sample.Method), sample.Address, content, [.. sample.Headers.Where(h => h.Name != "Content-Type")]);
            var body = await response.Content.ReadAsStringAsync(Cancel);
            Assert.True(response.IsSuccessStatusCode, $"{sample.Method} {sample.Address}: {(int)response.StatusCode} {body}");
            if (response.StatusCode == HttpStatusCode.OK && body.Contains("\"value\":", StringComparison.Ordinal))
                Assert.DoesNotContain("\"value\":[]", body); // shows something
            // How a database counts its changes is its own affair.
            answers.Add(
                $"{sample.Method} {sample.Address} {(int)response.StatusCode} {response.Headers.ETag} {DeltaToken().Replace(body, "")}");
        }
        return answers;
    }

    private static List<Sample> Samples()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md")).ReplaceLineEndings("\n");
        var section = ODataSection().Match(readme).Value;
        var script = string.Join('\n', ShellBlocks().Matches(section).Select(block => block.Groups[1].Value));
        var samples = Commands(script).Where(words => words[0] == "curl").Select(Sample.Read).ToList();
        Assert.Equal(CurlLines().Count(script), samples.Count);
        return [.. samples.Where(sample => sample.Address.StartsWith("/odata", StringComparison.Ordinal))];
    }

    // As a shell splits them: quotes, backslashes, continued lines, comments.
    private static IEnumerable<List<string>> Commands(string script)
    {
        foreach (var line in script.Replace("\\\n", " ").Split('\n'))
        {
            var words = Words().Matches(line).Select(word => word.Value).TakeWhile(word => !word.StartsWith('#')).Select(Unquoted).ToList();
            if (words.Count > 0)
                yield return words;
        }
    }

    private static string Unquoted(string word) => Pieces().Replace(word, piece => piece.Value switch
    {
        ['\'', .. var text, '\''] => text,
        ['"', .. var text, '"'] => Escapes().Replace(text, "$1"),
        ['\\', .. var text] => text,
        var text => text,
    });

    [GeneratedRegex(@"(?<=deltatoken=)[\w-]+")]
    private static partial Regex DeltaToken();

    [GeneratedRegex(@"(?ms)^## OData\n.*?(?=^## |\z)")]
    private static partial Regex ODataSection();

    [GeneratedRegex(@"(?ms)^```sh\n(.*?)^```")]
    private static partial Regex ShellBlocks();

    [GeneratedRegex(@"(?m)^\s*curl\b")]
    private static partial Regex CurlLines();

    [GeneratedRegex(@"(?:'[^']*'|""(?:\\.|[^""\\])*""|\\.|[^\s'""\\])+")]
    private static partial Regex Words();

    [GeneratedRegex(@"'[^']*'|""(?:\\.|[^""\\])*""|\\.")]
    private static partial Regex Pieces();

    [GeneratedRegex(@"\\([$`""\\])")]
    private static partial Regex Escapes();

    /// <summary>A request, as a line of curl says it.</summary>
    private sealed record Sample(string Method, string Address, string? Body, IReadOnlyList<(string Name, string Value)> Headers)
    {
        public static Sample Read(IReadOnlyList<string> words)
        {
            var (method, url, isGet) = ((string?)null, (string?)null, false);
            var (data, headers) = (new List<string>(), new List<(string, string)>());
            for (var i = 1; i < words.Count; i++)
            {
                switch (words[i])
                {
                    case "-s":
                        break;
                    case "-G" or "-sG":
                        isGet = true;
                        break;
                    case "-X":
                        method = words[++i];
                        break;
                    case "-d":
                        data.Add(words[++i]);
                        break;
                    case "--data-urlencode":
                        data.Add(
                            words[++i].Split('=', 2) is [var name, var value]
                                ? $"{name}={Uri.EscapeDataString(value)}"
                                : throw new FormatException(words[i]));
                        break;
                    case "-H":
                        headers.Add(
                            words[++i].Split(": ", 2) is [var header, var content]
                                ? (header, content)
                                : throw new FormatException(words[i]));
                        break;
                    case ['-', ..]:
                        throw new FormatException($"These tests do not know curl's {words[i]}.");
                    default:
                        url = words[i];
                        break;
                }
            }
            var address = url!.Replace("http://localhost:8000", "", StringComparison.Ordinal);
            var text = data.Count > 0 ? string.Join('&', data) : null;
            return isGet && text is not null
                ? new("GET", $"{address}?{text}", null, headers)
                : new(method ?? (text is null ? "GET" : "POST"), address, text, headers);
        }
    }
}
