using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SupportTickets.Access.Log;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Hosting;

/// <summary>What a proxy says of a request: scheme and address from those whom TRUSTED_PROXIES names, nothing else from anybody.</summary>
public sealed partial class ForwardedTests
{
    private const string Proxy = "10.1.2.3", Stranger = "192.0.2.1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Proxy, "https", "https")]
    [InlineData(Proxy, "HTTPS", "https")]
    [InlineData(Proxy, "http", "http")]
    [InlineData(Proxy, "https, http", "https")]
    [InlineData(Proxy, "javascript", "http")]
    [InlineData(Proxy, "https, javascript", "http")]
    [InlineData(Proxy, "javascript, https", "http")]
    [InlineData(Proxy, "ftp", "http")]
    [InlineData(Proxy, "https://evil.example/", "http")]
    [InlineData(Proxy, "https:", "http")]
    [InlineData(Proxy, "", "http")]
    [InlineData(Stranger, "https", "http")]
    [InlineData(Stranger, "javascript", "http")]
    public async Task The_scheme_in_every_link_is_http_or_https_and_only_a_named_proxy_says_which(
        string connection, string forwarded, string scheme)
    {
        await using var desk = await StartAsync(("TRUSTED_PROXIES", "10.0.0.0/8"));
        using var client = desk.ClientFrom(connection);
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-Proto", forwarded);
        Assert.All(await LinksAsync(client), link => Assert.StartsWith($"{scheme}://localhost/", link));
    }

    [Theory]
    [InlineData("https")]
    [InlineData("javascript")]
    public async Task Without_a_named_proxy_nobody_says_which(string forwarded)
    {
        await using var desk = await StartAsync();
        foreach (var connection in (string[])[Proxy, Stranger, "127.0.0.1"])
        {
            using var client = desk.ClientFrom(connection);
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", forwarded);
            Assert.All(await LinksAsync(client), link => Assert.StartsWith("http://localhost/", link));
        }
    }

    [Fact]
    public async Task No_other_header_changes_host_path_scheme_or_method_whoever_sends_it()
    {
        (string Name, string Value)[] claims =
        [
            ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Server", "evil.example"), ("X-Forwarded-Port", "666"),
            ("X-Forwarded-Prefix", "/evil"), ("X-Forwarded-PathBase", "/evil"), ("Forwarded", "for=9.9.9.9;host=evil.example;proto=https"),
            ("X-Forwarded-Scheme", "https"), ("X-Forwarded-Ssl", "on"), ("X-Url-Scheme", "https"), ("Front-End-Https", "on"),
            ("X-Original-Host", "evil.example"), ("X-Original-Proto", "https"), ("X-Host", "evil.example"), ("X-Original-URL", "/evil"),
            ("X-Rewrite-URL", "/evil"), ("X-Original-PathBase", "/evil"),
            ("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method", "DELETE"), ("X-Method-Override", "DELETE"),
        ];
        await using var desk = await StartAsync(("TRUSTED_PROXIES", "10.0.0.0/8"));
        using var plain = desk.ClientFrom(Proxy);
        var expected = await LinksAsync(plain);
        foreach (var connection in (string[])[Proxy, Stranger])
        {
            foreach (var (name, value) in claims)
            {
                using var client = desk.ClientFrom(connection);
                client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
                var links = (await LinksAsync(client)).Select(link => Number().Replace(link, "(1)"));
                Assert.Equal((name, string.Join(' ', expected)), (name, string.Join(' ', links)));
                await using var db = desk.Database.Open();
                db.Tickets.RemoveRange(db.Tickets.Where(t => t.Id > 1));
                await db.SaveChangesAsync(Cancel);
            }
        }
    }

    [Fact]
    public async Task Plain_http_is_redirected_unless_a_named_proxy_says_that_it_was_https()
    {
        await using var desk = await StartAsync([.. TestHost.Production(("ALLOWED_HOSTS", "*"), ("TRUSTED_PROXIES", "10.0.0.0/8"))]);
        foreach (var (connection, forwarded, status) in ((string, string, HttpStatusCode)[])
        [
            (Proxy, "https", HttpStatusCode.OK), (Proxy, "http", HttpStatusCode.TemporaryRedirect),
            (Stranger, "https", HttpStatusCode.TemporaryRedirect), (Proxy, "wss", HttpStatusCode.TemporaryRedirect),
        ])
        {
            using var client = desk.ClientFrom(connection);
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", forwarded);
            using var answer = await client.GetAsync("/tickets?search=%C3%A9", Cancel);
            Assert.Equal((connection, forwarded, status), (connection, forwarded, answer.StatusCode));
            if (status is HttpStatusCode.TemporaryRedirect)
                Assert.Equal("https://localhost/tickets?search=%C3%A9", answer.Headers.Location?.AbsoluteUri);
        }
    }

    [Theory]
    [InlineData("unknown", "https", "https", Proxy)]
    [InlineData("_hidden", "https", "https", Proxy)]
    [InlineData("9.9.9.1, x", "https", "https", Proxy)]
    [InlineData("9.9.9.1, unknown", "http, https", "https", Proxy)]
    [InlineData("9.9.9.1, unknown", "https, http", "http", Proxy)]
    [InlineData("unknown, 9.9.9.1", "https", "https", "9.9.9.1")]
    [InlineData("x, 10.0.0.9", "https, http", "https", "10.0.0.9")]
    [InlineData("x, 10.0.0.9", "https, http, http", "http", "10.0.0.9")]
    [InlineData("9.9.9.1, 10.0.0.9", "https", "https", "9.9.9.1")]
    public async Task A_client_that_the_proxy_names_by_no_address_leaves_the_scheme_and_counts_as_the_proxy(
        string clients, string schemes, string scheme, string address)
    {
        await using var desk = await StartAsync([.. TestHost.Production(("ALLOWED_HOSTS", "*"), ("TRUSTED_PROXIES", "10.0.0.0/8"))]);
        using var client = desk.ClientFrom(Proxy);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", clients);
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", schemes);
        using var answer = await client.GetAsync("/sign-in", Cancel);
        Assert.Equal(scheme == "https" ? HttpStatusCode.OK : HttpStatusCode.TemporaryRedirect, answer.StatusCode);
        if (scheme != "https") return;
        var cookies = answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        using var wrong = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([
                new("email", "nobody@example.com"), new("password", "not the password"),
                new("__RequestVerificationToken", Mark().Match(page).Groups[1].Value)]),
        };
        wrong.Headers.Add("Cookie", string.Join("; ", cookies));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(wrong, Cancel)).StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal(address, Assert.Single(db.AccessLog).Address?.ToString());
    }

    private static Task<Desk> StartAsync(params (string, string)[] settings) =>
        Desk.StartAsync(Provider.Sqlite, services: services => services.AddTestAddresses(), settings: settings);

    // Of the faces that give out whole addresses.
    private static async Task<List<string>> LinksAsync(HttpClient client)
    {
        var root = JsonNode.Parse(await client.GetStringAsync("/api/", Cancel))!;
        var set = JsonNode.Parse(await client.GetStringAsync("/odata/Tickets?$top=0", Cancel))!;
        const string ticket = """{"Title":"T","Description":"D","Category":"billing","Priority":"low"}""";
        using var created = await client.PostAsync("/odata/Tickets", new StringContent(ticket, null, "application/json"), Cancel);
        var connect = (await new Pages.Site(null!, client).GetAsync("/connect")).Document.Body!.TextContent;
        return
        [
            (string)root["tickets"]!, (string)set["@odata.context"]!, created.Headers.Location!.OriginalString,
            .. Link().Matches(connect).Select(m => m.Value).Distinct(),
        ];
    }

    [GeneratedRegex(@"[a-z]+://localhost/odata[^\s'""]*")]
    private static partial Regex Link();

    [GeneratedRegex(@"__RequestVerificationToken"" type=""hidden"" value=""([^""]+)""")]
    private static partial Regex Mark();

    [GeneratedRegex(@"(?<=Tickets)\(\d+\)")]
    private static partial Regex Number();
}
