using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Rest;

/// <summary>
/// Replays what was recorded from the older system (rest-cases.jsonl) in its order against one empty desk and compares
/// status, media type, JSON body and the headers a case names. Ids and creation times are replaced by the case that made the ticket.
/// </summary>
public sealed partial class RestContractTests
{
    private const int RecordedCases = 445;

    [Theory, Providers]
    public async Task Every_recorded_case_is_answered_as_recorded(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, kestrel: true);
        await ReplayAsync(desk, shapesOnly: false);
    }

    [Theory, Providers]
    public async Task With_the_built_in_model_status_codes_and_shapes_are_the_recorded_ones(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, kestrel: true, settings: ("TRIAGE", "builtin"));
        await ReplayAsync(desk, shapesOnly: true);
    }

    private static async Task ReplayAsync(Desk desk, bool shapesOnly)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var replay = new Replay(client, desk.Address.GetLeftPart(UriPartial.Authority), shapesOnly);

        var lines = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "Rest", "rest-cases.jsonl"), TestContext.Current.CancellationToken);
        foreach (var line in lines)
            await replay.RunAsync(line);

        Assert.Equal(RecordedCases, lines.Length);
        Assert.True(
            replay.Failures.Count == 0, $"{replay.Failures.Count} of {lines.Length} cases failed:\n{string.Join('\n', replay.Failures)}");
    }

    private sealed partial class Replay(HttpClient client, string address, bool shapesOnly)
    {
        private readonly Dictionary<string, string> _saved = [];
        private readonly Dictionary<long, string> _mine = [], _theirs = [];

        public List<string> Failures { get; } = [];

        public async Task RunAsync(string line)
        {
            using var document = JsonDocument.Parse(line);
            var recorded = document.RootElement;
            var name = recorded.GetProperty("case").GetString()!;
            using var request = Request(recorded.GetProperty("request"));
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var raw = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            using var answer = IsJson(response) && raw.Length > 0 ? JsonDocument.Parse(raw) : null;

            Remember(name, recorded, (int)response.StatusCode, answer?.RootElement);
            var differences = Compare(recorded, response, answer?.RootElement).ToList();
            if (differences.Count > 0)
                Failures.Add($"{name}: {request.Method} {request.RequestUri}\n    {string.Join("\n    ", differences)}");
        }

        private HttpRequestMessage Request(JsonElement recorded)
        {
            var path = Placeholder()
                .Replace(recorded.GetProperty("path").GetString()!, match => _saved.GetValueOrDefault(match.Groups[1].Value, "0"));
            var uri = new Uri(address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            var request = new HttpRequestMessage(new HttpMethod(recorded.GetProperty("method").GetString()!), uri);
            if (recorded.TryGetProperty("body", out var body))
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.GetString()!));
            foreach (var header in recorded.GetProperty("headers").EnumerateObject())
            {
                if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
                    Assert.True(
                        request.Content?.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()) is true, header.Name);
            }
            return request;
        }

        private void Remember(string name, JsonElement recorded, int status, JsonElement? answer)
        {
            if (status == 201 && answer is { } created && Id(created) is { } mine)
            {
                _mine[mine] = name;
                if (recorded.TryGetProperty("save", out var save) && save.GetString() is { } key)
                    _saved[key] = $"{mine}";
            }
            if (recorded.GetProperty("status").GetInt32() == 201 && recorded.TryGetProperty("body", out var body) && Id(body) is { } theirs)
                _theirs[theirs] = name;
        }

        private IEnumerable<string> Compare(JsonElement recorded, HttpResponseMessage response, JsonElement? answer)
        {
            var skipped = recorded.TryGetProperty("not_compared", out var list)
                ? list.EnumerateArray().Select(e => e.GetString()!).ToHashSet()
                : [];
            var status = recorded.GetProperty("status").GetInt32();
            if (!skipped.Contains("status") && (int)response.StatusCode != status)
                yield return $"status {(int)response.StatusCode}, expected {status}";

            var hasBody = recorded.TryGetProperty("body", out var body);
            var type = recorded.TryGetProperty("content_type", out var value) ? value.GetString() : null;
            if (hasBody
                && !string.IsNullOrEmpty(type)
                && !skipped.Contains("content-type")
                && response.Content.Headers.ContentType?.MediaType != type)
                yield return $"content type {response.Content.Headers.ContentType}, expected {type}";

            if (recorded.TryGetProperty("headers", out var headers))
            {
                foreach (var header in headers.EnumerateObject().Where(h => h.Name != "location" && !skipped.Contains(h.Name)))
                {
                    var got = response.Headers.TryGetValues(header.Name, out var values) ? string.Join(", ", values) : null;
                    if (got != header.Value.GetString())
                        yield return $"{header.Name}: {got}, expected {header.Value}";
                }
            }
            if (!hasBody || skipped.Contains("body"))
                yield break;
            if (shapesOnly)
            {
                var (shape, wanted) = (answer is { } some ? Shape(some) : "nothing", Shape(body));
                if (shape != wanted) yield return $"shape {shape}\n    expected {wanted}";
                yield break;
            }
            var (left, right) = (answer is { } json ? Normal(json, _mine) : "nothing", Normal(body, _theirs).Replace("{base}", address));
            if (left != right)
                yield return $"body {left}\n    expected {right}";
        }

        /// <summary>JSON with its keys sorted, its numbers spelled alike, and what differs from run to run replaced.</summary>
        private static string Normal(JsonElement value, Dictionary<long, string> names, string? key = null) => value.ValueKind switch
        {
            JsonValueKind.Object => $"{{{string.Join(",", value.EnumerateObject()
                .OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => $"{p.Name}:{Normal(p.Value, names, p.Name)}"))}}}",
            JsonValueKind.Array => $"[{string.Join(",", value.EnumerateArray().Select(item => Normal(item, names, key)))}]",
            JsonValueKind.Number when key == "id" => names.GetValueOrDefault(value.GetInt64(), $"unknown id {value}"),
            JsonValueKind.Number => value.GetDouble().ToString("R"),
            JsonValueKind.String when key == "created_at" => Time().IsMatch(value.GetString()!) ? "a time" : $"not a time: {value}",
            JsonValueKind.String => $"\"{value.GetString()}\"",
            _ => value.GetRawText(),
        };

        /// <summary>The names and types of JSON. A list has the shape of its first item: what is found may differ.</summary>
        private static string Shape(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => $"{{{string.Join(",", value.EnumerateObject()
                .OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => $"{p.Name}:{Shape(p.Value)}"))}}}",
            JsonValueKind.Array => value.GetArrayLength() == 0 ? "[]" : $"[{Shape(value[0])}]",
            var kind => kind.ToString(),
        };

        private static bool IsJson(HttpResponseMessage response) =>
            response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true;

        private static long? Id(JsonElement body) =>
            body.ValueKind == JsonValueKind.Object && body.TryGetProperty("id", out var id) ? id.GetInt64() : null;

        [GeneratedRegex(@"\{(\w+)\}")]
        private static partial Regex Placeholder();

        [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$")]
        private static partial Regex Time();
    }
}
