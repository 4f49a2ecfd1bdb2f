using System.Net;
using System.Text.Json.Nodes;

namespace SupportTickets.Tests.OData.Hostile;

/// <summary>What every answer to a hostile request must be.</summary>
internal static class Refusals
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>GET, which must be refused: 4xx or 501, in OData's format.</summary>
    public static async Task<JsonObject> RefusesAsync(this FeedDesk desk, string url, params (string Name, string Value)[] headers)
    {
        using var response = await desk.SendAsync(HttpMethod.Get, url, (HttpContent?)null, headers);
        return await RefusedAsync(response, url);
    }

    /// <summary>Holds an answer to it.</summary>
    public static async Task<JsonObject> RefusedAsync(HttpResponseMessage response, string request)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True((int)response.StatusCode is (>= 400 and < 500) or 501, $"{(int)response.StatusCode} to {request}: {text}");
        return await FeedDesk.ErrorAsync(response, response.StatusCode);
    }

    /// <summary>GET, which must be a whole answer or a refusal.</summary>
    public static async Task<HttpStatusCode> BearsAsync(this FeedDesk desk, string url, params (string Name, string Value)[] headers)
    {
        using var response = await desk.SendAsync(HttpMethod.Get, url, (HttpContent?)null, headers);
        if (response.IsSuccessStatusCode) Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel)));
        else await RefusedAsync(response, url);
        return response.StatusCode;
    }
}
