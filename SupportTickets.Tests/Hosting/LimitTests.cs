using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Hosting;

public sealed class LimitTests
{
    private const int Limit = 4096;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_413_whether_it_says_its_size_or_not(bool kestrel)
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await StartAsync(database, kestrel);
        foreach (var path in new[] { "/stream", "/pipe" })
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(host, path, Limit, chunked: false)).StatusCode);
            // Kestrel counts the frames of the chunks, too.
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(host, path, Limit - 64, chunked: true)).StatusCode);
            var said = await PostAsync(host, path, Limit + 1, chunked: false);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, said.StatusCode);
            Assert.Contains($"at most {Limit} bytes", await said.Content.ReadAsStringAsync(Cancel));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(host, path, Limit + 1, chunked: true)).StatusCode);
        }
    }

    [Fact]
    public async Task A_form_with_too_many_fields_or_over_the_limit_is_a_4xx()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await StartAsync(database, kestrel: false);
        var many = string.Join('&', Enumerable.Range(0, 300).Select(n => $"f{n}=1"));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostFormAsync(many)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostFormAsync($"f={new string('x', Limit)}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostFormAsync($"f={new string('x', Limit - 2)}")).StatusCode);

        Task<HttpResponseMessage> PostFormAsync(string form) =>
            host.Client.PostAsync(
                "/form", new StringContent(form, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
                Cancel);
    }

    [Fact]
    public async Task A_long_query_of_the_feed_passes_and_an_endless_one_does_not()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await StartAsync(database, kestrel: true);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync($"/get?{new string('x', 60_000)}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await host.Client.GetAsync($"/get?{new string('x', 70_000)}", Cancel)).StatusCode);
    }

    private static Task<TestHost> StartAsync(TestDatabase database, bool kestrel) => TestHost.StartAsync(database.Url, app =>
    {
        app.MapGet("/get", () => "ok");
        app.MapPost("/stream", async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync());
        app.MapPost("/pipe", async (HttpRequest request) =>
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return "ok";
            }
        });
        app.MapPost("/form", async (HttpRequest request) => (await request.ReadFormAsync()).Count.ToString());
    }, kestrel, settings: [("MAX_REQUEST_BYTES", $"{Limit}")]);

    private static Task<HttpResponseMessage> PostAsync(TestHost host, string path, int size, bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[size]) };
        request.Headers.TransferEncodingChunked = chunked;
        return host.Client.SendAsync(request, Cancel);
    }
}
