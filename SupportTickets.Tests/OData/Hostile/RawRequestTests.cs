using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Hostile;

/// <summary>What no client library sends, byte by byte, to the real server.</summary>
public sealed class RawRequestTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Odd_addresses_are_errors_in_ODatas_format(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, kestrel: true);
        await desk.SeedAsync(1);
        foreach (var path in new[]
        {
            "/odata//", "/odata//Tickets", "/odata/Tickets//", "/odata/Tickets%2F1", "/odata/Tickets/%2F", "/odata/Tickets(1)//Title",
            "/odata/(", "/odata/)", "/odata/Tickets(", "/odata/Tickets()x", "/odata/Tickets(1", "/odata/Tickets(1))",
            "/odata/Tickets(')", "/odata/Tickets('')", "/odata/Tickets('1')", "/odata/Tickets(1,2)",
            "/odata/Tickets(Id=)", "/odata/Tickets(Id=1,Id=1)", "/odata/Tickets(Nope=1)", "/odata/Tickets(1.5)",
            "/odata/Tickets(1e2)", "/odata/Tickets(0x1)", "/odata/Tickets(null)", "/odata/Tickets(true)",
            "/odata/Tickets(-2147483649)", "/odata/Tickets(99999999999999999999999)", $"/odata/Tickets({new string('9', 3000)})",
            $"/odata/Tickets('{new string('x', 3000)}')", $"/odata/{new string('(', 3000)}",
            $"/odata/Tickets{string.Concat(Enumerable.Repeat("/Events", 500))}", "/odata/Tickets(@a)", "/odata/Tickets({\"Id\":1})",
            "/odata/Tickets(2026-01-01)", "/odata/Tickets(00000000-0000-0000-0000-000000000000)", "/odata/Events('x')",
            "/odata/%24metadata/x", "/odata/$metadata/$count", "/odata/$entity", "/odata/$all",
            "/odata/$crossjoin(Tickets,Events)", "/odata/$it", "/odata/$root/Tickets", "/odata/$nope", "/odata/$batch/x",
            "/odata/Tickets/$value", "/odata/Tickets/$ref/$ref", "/odata/Tickets/$count/$count", "/odata/Tickets(1)/Title/$count",
            "/odata/Tickets(1)/Title/x", "/odata/Tickets/$query", "/odata/Tickets/SupportTickets.TicketEvent",
            "/odata/Tickets/Edm.String", "/odata/Tickets/$filter(@a)", "/odata/Tickets/$each",
            "/odata/Tickets/%FF", "/odata/%FF%FE", "/odata/Tickets('%C3%28')", "/odata/Tickets('%ED%A0%80')",
            "/odata/*", "/odata/Tickets;a=1", "/odata/Tickets%20", "/odata/Tickets%0d%0aX:1",
            "/odata/%u0041", "/odata/Tickets%", "/odata/Tickets%2", "/odata/..%2fapi", "/odata/%2e%2e%2f",
            "/odata/Tickets\\1", "/odata/Tickets?$filter=%zz", "/odata/Tickets?$filter=Title eq '%ff'",
        })
        {
            var answer = await GetAsync(desk, path.Replace(" ", "%20", StringComparison.Ordinal));
            Assert.True(answer.Status is (>= 400 and < 500) or 501, $"{answer.Status} to {path}");
            answer.IsError(path);
        }
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_an_error_in_ODatas_format_up_to_what_the_server_reads_of_a_line()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite, kestrel: true);
        foreach (var length in new[] { 9000, 20_000, 60_000 })
        {
            var answer = await GetAsync(desk, $"/odata/Tickets?$filter={new string('x', length)}");
            Assert.Equal(414, answer.Status);
            Assert.Equal("uri_too_long", answer.IsError("long")["code"]!.GetValue<string>());
        }
        // All of an address in three bytes a character is read.
        var url = $"/odata/Tickets?$filter=Title%20eq%20%27{string.Concat(Enumerable.Repeat("%E2%82%AC", 2600))}%27";
        Assert.Equal(200, (await GetAsync(desk, url)).Status);
        Assert.Equal(414, (await GetAsync(desk, $"/odata/Tickets?{new string('x', 70_000)}")).Status);
    }

    [Theory, Providers]
    public async Task Absurd_headers_are_met_or_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, kestrel: true);
        await desk.SeedAsync(2);
        foreach (var header in new[]
        {
            "Prefer: ", "Prefer: ;,;=,=", "Prefer: maxpagesize=-1", "Prefer: maxpagesize=99999999999999", "Prefer: maxpagesize=0",
            "Prefer: maxpagesize=\"", "Prefer: odata.maxpagesize=1;odata.maxpagesize=2", "Prefer: omit-values=everything",
            "Prefer: return=", $"Prefer: {new string('x', 20_000)}", $"Prefer: {string.Join(',', Enumerable.Repeat("a=b", 5000))}",
            "Prefer: respond-async, wait=99999999999", "Accept: */*;q=0", "Accept: application/json;q=2", "Accept: ;;;",
            "Accept: application/json;odata.metadata=nope", "Accept: application/json;odata.metadata=\"full",
            "Accept: image/png", $"Accept: {string.Join(',', Enumerable.Repeat("application/json;q=0.1", 800))}",
            "Accept: application/json;IEEE754Compatible=maybe",
            "Accept-Charset: utf-7", "OData-MaxVersion: ", "OData-MaxVersion: 3.0", "OData-MaxVersion: -4",
            "OData-MaxVersion: 4e9", "OData-MaxVersion: 99999999999999999999999999999999", "OData-MaxVersion: four",
            "OData-MaxVersion: 4.0, 4.01", "OData-Version: 5", "OData-Version: x", "OData-Version: 4.0;x",
            "If-Match: x", "If-Match: \"", "If-Match: W/", "If-Match: \"a\",,\"b\" x", "If-None-Match: x",
            "If-None-Match: \"", "If-None-Match: W/\"1", "If-Modified-Since: yesterday", "Range: bytes=0-1",
            "Content-Type: nope", "Transfer-Encoding: identity", "Expect: 200-ok", "X-HTTP-Method-Override: DELETE",
            "OData-Isolation: snapshot", "Accept-Language: *;;q", "Cookie: =;=;", "Authorization: x",
        })
        {
            foreach (var path in new[] { "/odata/Tickets(1)", "/odata/Tickets", "/odata/$metadata", "/odata/Tickets/$count" })
            {
                var answer = await SendAsync(desk, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n\r\n");
                Assert.True(answer.Status is (>= 200 and < 500) or 501, $"{answer.Status} to {path} with {header}");
                if (answer.Status >= 400 && answer.Body.Length > 0) answer.IsError(header);
                else if (answer.Status >= 400) Assert.Contains(header.Split(':')[0], new[] { "Transfer-Encoding" }); // the server's own
            }
        }
        foreach (var condition in new[] { "x", "\"", "W/", "\"a\" \"b\"", "\"1\";\"2\"", "W/\"1\", x", new string('"', 999), "''" })
        {
            var answer = await SendAsync(
                desk,
                "PATCH /odata/Tickets(1) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + $"Content-Length: 2\r\nIf-Match: {condition}\r\n\r\n{{}}");
            Assert.True(answer.Status is 400 or 412, $"{answer.Status} to If-Match: {condition}");
            answer.IsError(condition);
        }
    }

    [Theory, Providers]
    public async Task Wrong_methods_are_405_or_501_with_what_is_allowed(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, kestrel: true);
        await desk.SeedAsync(1);
        foreach (var method in new[] { "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "FOO", "M-SEARCH", "MERGE", new string('X', 500) })
        {
            foreach (var path in new[]
            {
                "/odata",
                "/odata/Tickets",
                "/odata/Tickets(1)",
                "/odata/$metadata",
                "/odata/Tickets/$count",
                "/odata/$batch",
            })
            {
                var answer = await SendAsync(desk, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                Assert.True(answer.Status is (>= 400 and < 500) or 501, $"{answer.Status} to {method} {path}");
                if (answer.Body.Length > 0) answer.IsError($"{method} {path}");
                else Assert.Equal("CONNECT", method); // the server's own: CONNECT names a host, no path
            }
        }
    }

    [Fact]
    public async Task What_is_no_HTTP_is_refused_by_the_server_and_the_next_request_is_served()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite, kestrel: true);
        foreach (var request in new[]
        {
            "\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET /odata/Tickets\r\n\r\n",
            "GET /odata/Tickets HTTP/9.9\r\nHost: localhost\r\n\r\n", "GET /odata/Tickets\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /odata/Tickets%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /odata/Tickets HTTP/1.1\r\n\r\n",
            "GET /odata/Tickets HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n",
            "GET /odata/Tickets HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
            $"GET /odata/Tickets HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 40_000)}\r\n\r\n",
            $"GET /odata/Tickets HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 200).Select(n => $"h{n}: x\r\n"))}\r\n",
            "POST /odata/Tickets HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "POST /odata/Tickets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST /odata/Tickets HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n",
        })
        {
            var answer = await SendAsync(desk, request);
            Assert.InRange(answer.Status, 400, 505);
            Assert.NotEqual(500, answer.Status);
            Assert.Equal(200, (await GetAsync(desk, "/odata/Tickets")).Status);
        }
        var latin = await SendAsync(
            desk,
            [
                .. "GET /odata/Tickets?$filter=Title%20eq%20'"u8,
                0xFF,
                0xFE,
                .. "' HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8,
            ]);
        Assert.Equal(400, latin.Status);
    }

    private static Task<Answer> GetAsync(FeedDesk desk, string target) =>
        SendAsync(desk, $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    private static Task<Answer> SendAsync(FeedDesk desk, string request) => SendAsync(desk, Encoding.Latin1.GetBytes(request));

    private static async Task<Answer> SendAsync(FeedDesk desk, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, desk.Address.Port, Cancel);
        await using var stream = client.GetStream();
        await stream.WriteAsync(request, Cancel);
        using var bytes = new MemoryStream();
        try
        {
            await stream.CopyToAsync(bytes, Cancel);
        }
        catch (IOException) when (bytes.Length > 0)
        {
            // The server did not read all of what it refused.
        }
        var text = Encoding.UTF8.GetString(bytes.ToArray());
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"No answer to {Encoding.Latin1.GetString(request)[..Math.Min(100, request.Length)]}");
        return new(int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }

    private sealed record Answer(int Status, string Head, string Body)
    {
        public JsonObject IsError(string request)
        {
            Assert.True(
                Body.StartsWith("{\"error\":{\"code\":\"", StringComparison.Ordinal) && Body.EndsWith("}}", StringComparison.Ordinal),
                $"{request}: {Head}\n{Body}");
            Assert.Contains("Content-Type: application/json", Head);
            Assert.Contains("OData-Version: 4.0", Head);
            Assert.DoesNotContain("   at ", Body);
            return JsonNode.Parse(Body)!["error"]!.AsObject();
        }
    }
}
