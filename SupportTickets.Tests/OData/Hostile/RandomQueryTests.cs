using System.Net;
using System.Text.Json;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Hostile;

/// <summary>Queries that nobody wrote, many of them broken. What well-formed ones answer is tested in the folder Differential.</summary>
public sealed class RandomQueryTests
{
    private const int Queries = 1500;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Whatever_is_asked_the_answer_is_whole_or_a_refusal(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6);
        await QueryGen.Requests.ForSamplesAsync(Queries, async url =>
        {
            using var response = await SendAsync(desk, url);
            if (response is null)
                return; // no address: nothing can be sent
            var text = await response.Content.ReadAsStringAsync(Cancel);
            try
            {
                if (response.StatusCode == HttpStatusCode.OK) CheckWhole(response, text);
                else if (response.StatusCode != HttpStatusCode.NoContent) await Refusals.RefusedAsync(response, url);
            }
            catch (Exception error)
            {
                var logged = desk.Warnings.LastOrDefault(line => line.Contains("failed, trace", StringComparison.Ordinal));
                throw new InvalidOperationException(
                    $"{provider}, {(int)response.StatusCode} to {url}\n{text[..Math.Min(text.Length, 1000)]}\n{logged}", error);
            }
        }, threads: 2);
    }

    private static async Task<HttpResponseMessage?> SendAsync(FeedDesk desk, string url)
    {
        // A path with a NUL in it comes no further than the server of the tests.
        if (!Uri.TryCreate(url, UriKind.Relative, out var address) || url.Split('?')[0].Contains("%00", StringComparison.Ordinal))
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await desk.Client.SendAsync(request, Cancel);
    }

    private static void CheckWhole(HttpResponseMessage response, string text)
    {
        var type = response.Content.Headers.ContentType!.MediaType;
        if (type == "text/plain" || type == "application/xml")
            return;
        Assert.Equal("application/json", type);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        Assert.False(json.RootElement.TryGetProperty("error", out _));
        if (json.RootElement.TryGetProperty("value", out var rows) && rows.ValueKind == JsonValueKind.Array)
            Assert.All(rows.EnumerateArray(), row => Assert.Equal(JsonValueKind.Object, row.ValueKind));
    }
}
