using System.Net;
using System.Text.Json;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>What a desk said.</summary>
/// <param name="Status">The status; 0 for a connection that broke.</param>
/// <param name="Text">The body, or what broke.</param>
/// <param name="Json">The body where it is a whole JSON object; else null.</param>
internal sealed record Reply(int Status, string Text, JsonElement? Json);

/// <summary>Two desks with the same tickets, one on each database, whose clocks stand still.</summary>
internal sealed class Desks : IAsyncDisposable
{
    private const int MaxPages = 200;

    private readonly Desk[] _desks;

    private Desks(Desk[] desks, Dictionary<Type, IReadOnlyList<Row>> rows) => (_desks, Rows) = (desks, rows);

    /// <summary>What both have, for the interpreter.</summary>
    public Dictionary<Type, IReadOnlyList<Row>> Rows { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Desks> StartAsync()
    {
        var desks = new List<Desk>();
        foreach (var provider in Enum.GetValues<Provider>())
        {
            desks.Add(await Desk.StartAsync(provider, new ManualClock(ManualClock.Monday)));
            await SampleData.SeedAsync(desks[^1].Database, Cancel);
        }
        return new([.. desks], await SampleData.LoadAsync(desks[0].Database, Cancel));
    }

    /// <summary>What the desk on a database says to GET.</summary>
    public async Task<Reply> AskAsync(Provider provider, string url, int? pageSize = null)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            if (pageSize is not null)
                request.Headers.Add("Prefer", $"odata.maxpagesize={pageSize}");
            using var response = await _desks[(int)provider].Client.SendAsync(request, Cancel);
            var text = await response.Content.ReadAsStringAsync(Cancel);
            return new((int)response.StatusCode, text, Parse(text));
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new(0, error.ToString(), null);
        }
    }

    /// <summary>The rows of all pages, by nextLink, as they are written; and what went wrong on the way.</summary>
    public async Task<(List<string> Rows, string? Problem)> WalkAsync(Provider provider, string url, int pageSize)
    {
        var rows = new List<string>();
        for (var (next, page) = ((string?)url, 1); next is not null; page++)
        {
            var reply = await AskAsync(provider, next, pageSize);
            if (reply is not { Status: (int)HttpStatusCode.OK, Json: { } json })
                return (rows, $"page {page} is {reply.Status}: {reply.Text}");
            var value = json.GetProperty("value");
            if (value.GetArrayLength() > pageSize || page > MaxPages)
                return (rows, $"page {page} has {value.GetArrayLength()} rows");
            rows.AddRange(value.EnumerateArray().Select(row => row.GetRawText()));
            next = json.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }
        return (rows, null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var desk in _desks)
            await desk.DisposeAsync();
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
