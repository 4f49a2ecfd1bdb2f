using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SupportTickets.Hosting;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Hosting;

/// <summary>Hosts, origins, schemes: what the address of a request decides.</summary>
public sealed class AddressTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("desk.example.com", true)]
    [InlineData("DESK.example.com:8443", true)]
    [InlineData("desk.example.org", false)]
    [InlineData("example.org", true)]
    [InlineData("a.b.example.net", true)]
    [InlineData("example.net", true)]
    [InlineData("badexample.net", false)]
    [InlineData("example.net.evil.com", false)]
    [InlineData("localhost", false)]
    [InlineData("[::1]", false)]
    public async Task Only_allowed_hosts_are_served_and_health_is_asked_by_any_name(string name, bool served)
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(
            database.Url, app => app.MapGet("/", () => "ok"), settings: [("ALLOWED_HOSTS", "desk.example.com, example.org, .example.net")]);

        var answer = await SendAsync(host, HttpMethod.Get, "/", ("Host", name));

        Assert.Equal(served ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, HttpMethod.Get, "/healthz", ("Host", name))).StatusCode);
    }

    [Fact]
    public async Task A_star_serves_any_host()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(
            database.Url, app => app.MapGet("/", () => "ok"), settings: [("ALLOWED_HOSTS", "*")]);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, HttpMethod.Get, "/", ("Host", "anything.example"))).StatusCode);
    }

    [Theory]
    [InlineData("", false, "https://a.example", "*")]
    [InlineData("", true, "https://a.example", null)]
    [InlineData("https://A.example/,http://b.example:81", false, "https://a.example", "https://a.example")]
    [InlineData("https://a.example,http://b.example:81", true, "http://b.example:81", "http://b.example:81")]
    [InlineData("https://a.example", false, "https://c.example", null)]
    public async Task Scripts_of_allowed_origins_may_read_answers_and_send_any_method(
        string origins, bool production, string origin, string? allowed)
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        (string, string)[] settings = [("CORS_ALLOWED_ORIGINS", origins), ("SECURE_SSL_REDIRECT", "False")];
        await using var host = await TestHost.StartAsync(
            database.Url, app => app.MapGet("/", string () => throw new InvalidOperationException()),
            settings: production ? TestHost.Production(settings) : settings);

        var answer = await SendAsync(host, HttpMethod.Get, "/", ("Origin", origin));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode); // an error must be readable too
        Assert.Equal(allowed, Header(answer, "Access-Control-Allow-Origin"));
        foreach (var method in new[] { "GET", "POST", "PATCH", "PUT", "DELETE" })
        {
            var preflight = await SendAsync(
                host, HttpMethod.Options, "/anything", ("Origin", origin), ("Access-Control-Request-Method", method),
                ("Access-Control-Request-Headers", "content-type,if-match"));
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(allowed, Header(preflight, "Access-Control-Allow-Origin"));
            Assert.Equal(allowed is null ? null : method, Header(preflight, "Access-Control-Allow-Methods"));
            Assert.Equal(allowed is null ? null : "content-type,if-match", Header(preflight, "Access-Control-Allow-Headers"));
        }
    }

    [Fact]
    public async Task Production_sends_plain_http_to_https_unless_the_proxy_says_it_was_https()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(
            database.Url,
            app =>
                app.MapGet(
                    "/where", (HttpRequest request) => $"{request.Scheme} {request.Host} {request.HttpContext.Connection.RemoteIpAddress}"),
            settings: TestHost.Production(("ALLOWED_HOSTS", "desk.example.com"), ("TRUSTED_PROXIES", "10.0.0.0/8")));

        var plain = await SendAsync(host, HttpMethod.Get, "/where?a=1", ("Host", "desk.example.com"));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, plain.StatusCode);
        Assert.Equal("https://desk.example.com/where?a=1", plain.Headers.Location!.ToString());
        Assert.Null(Header(plain, "Strict-Transport-Security"));

        var proxied = await SendAsync(
            host, HttpMethod.Get, "/where", ("Host", "desk.example.com"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-For", "9.9.9.9"));
        // The server of the tests has no connections; who comes without an address is taken for a named proxy.
        Assert.Equal("https desk.example.com 9.9.9.9", await proxied.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("max-age=31536000", Header(proxied, "Strict-Transport-Security"));

        var health = await SendAsync(host, HttpMethod.Get, "/healthz", ("Host", "10.0.0.7"));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Development_neither_redirects_nor_promises_https()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(
            database.Url, app => app.MapGet("/", () => "ok"), settings: [("ALLOWED_HOSTS", "*")]);
        var answer = await SendAsync(host, HttpMethod.Get, "/", ("Host", "desk.example.com"), ("X-Forwarded-Proto", "https"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(Header(answer, "Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("http://localhost:8000")]
    [InlineData("http://*:8123", "--PORT=8123")]
    [InlineData("http://localhost:9000", "--PORT=8123", "--urls=http://localhost:9000")]
    [InlineData(null, "--http_ports=8080")]
    [InlineData("http://*:8123", "--http_ports=8080", "--PORT=8123")]
    public void Explicit_addresses_win_over_the_port_and_the_port_over_localhost(string? expected, params string[] args)
    {
        var builder = WebApplication.CreateBuilder(["--DATABASE_URL=postgres://nowhere/desk", .. args]);
        Assert.True(builder.TryReadSettings(out var settings));
        builder.AddHosting(settings);
        Assert.Equal(expected, builder.Configuration["urls"]);
    }

    [Fact]
    public async Task Data_is_compressed_for_those_who_ask_and_pages_never()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(database.Url, app =>
        {
            app.MapGet("/json", () => Results.Content(new string('x', 5000), "application/json"));
            app.MapGet("/html", () => Results.Content(new string('x', 5000), "text/html"));
        });
        using var asked = await SendAsync(host, HttpMethod.Get, "https://localhost/json", ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", asked.Content.Headers.ContentEncoding.Single());
        Assert.Empty((await SendAsync(host, HttpMethod.Get, "https://localhost/json")).Content.Headers.ContentEncoding);
        Assert.Empty(
            (await SendAsync(host, HttpMethod.Get, "https://localhost/html", ("Accept-Encoding", "gzip"))).Content.Headers.ContentEncoding);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    private static Task<HttpResponseMessage> SendAsync(
        TestHost host, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return host.Client.SendAsync(request, Cancel);
    }
}
