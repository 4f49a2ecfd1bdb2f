using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Rest;

/// <summary>Requests to the REST routes of a desk.</summary>
internal static class RestCalls
{
    public const string Valid = """{"title":"A title","description":"A description","category":"general","priority":"low"}""";

    public static Task<HttpResponseMessage> SendAsync(
        this Desk desk, string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return desk.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> GetAsync(this Desk desk, string path) => desk.SendAsync("GET", path);

    /// <summary>The text of an answer that must have this status.</summary>
    public static async Task<string> TextAsync(this Task<HttpResponseMessage> sending, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        return text;
    }

    /// <summary>The titles of a list, in its order.</summary>
    public static async Task<string[]> TitlesAsync(this Desk desk, string query)
    {
        using var list = JsonDocument.Parse(await desk.GetAsync($"/api/tickets/{query}").TextAsync());
        return [.. list.RootElement.EnumerateArray().Select(ticket => ticket.GetProperty("title").GetString()!)];
    }

    public static HttpContent Json(string body, string type = "application/json") => Bytes(Encoding.UTF8.GetBytes(body), type);

    public static HttpContent Form(string body) => Json(body, "application/x-www-form-urlencoded");

    public static HttpContent Bytes(byte[] body, string type = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }
}
