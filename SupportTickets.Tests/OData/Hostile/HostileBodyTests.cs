using System.Net;
using System.Text;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Hostile;

public sealed class HostileBodyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Bodies_that_are_none_are_refused_and_nothing_is_stored(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var before = await desk.Client.GetStringAsync("/odata/Tickets", Cancel);
        var deep = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));
        string[] bodies =
        [
            "",
            " ",
            "null",
            "5",
            "\"x\"",
            "[]",
            "[{}]",
            "{",
            "}",
            "{]",
            "{\"Title\"}",
            "{\"Title\":}",
            "{Title:1}",
            "{'Title':'x'}",
            "{\"Title\":\"x\",}",
            "{\"Title\":\"x\"}{}",
            "{\"Title\":\"x\"} x",
            "// x",
            "{\"Title\":\"\\x\"}",
            "{\"Title\":\"\\u12\"}",
            "{\"Title\":\"a\nb\"}",
            "{\"Title\":NaN}",
            "{\"Title\":01}",
            "undefined",
            "<a/>",
            "Title=x",
            $"{{\"Title\":{deep}}}",
            $"{{\"Nope\":{deep}}}",
            string.Concat(Enumerable.Repeat("{\"a\":", 5000)),
            $"{{\"Title\":{new string('9', 100_000)}}}",
            "{\"Title\":1e999999}",
            $"{{\"{new string('x', 100_000)}\":1}}",
            "{\"Title\":\"a\",\"Title\":\"b\"}",
            "{\"Title\":\"a\",\"T\\u0069tle\":\"b\"}",
            "{\"title\":\"a\"}",
            "{\"Events\":[]}",
            "{\"Events@odata.bind\":[\"Events(1)\"]}",
            "{\"Nope\":1}",
            "{\"\":1}",
            "{\"\\u0000\":1}",
            "{\"\\ud800\":1}",
            "{\"Title\":\"\\u0000\"}",
            "{\"Title\":\"\\ud800\"}",
            "{\"Title\":\"\\udc00\\ud800\"}",
            "{\"Title\":null}",
            "{\"Title\":{}}",
            "{\"Title\":[]}",
            "{\"Title\":true}",
            "{\"Title\":\"\"}",
            "{\"Title\":\" \"}",
            $"{{\"Title\":\"{new string('x', 201)}\"}}",
            "{\"Status\":\"77\"}",
            "{\"Status\":\"billing,technical\"}",
            "{\"Status\":\"open,closed\"}",
            "{\"Status\":1}",
            "{\"Status\":\"Open\"}",
            "{\"Status\":\" open\"}",
            "{\"Status\":null}",
            "{\"Priority\":\"-1\"}",
            "{\"Category\":\"\\u0000\"}",
        ];
        foreach (var body in bodies)
        {
            foreach (var (method, url) in new[] { (HttpMethod.Post, "/odata/Tickets"), (HttpMethod.Patch, "/odata/Tickets(1)") })
            {
                using var response = await desk.SendAsync(method, url, body);
                await Refusals.RefusedAsync(response, $"{method} {body[..Math.Min(80, body.Length)]}");
            }
        }
        foreach (var bytes in new byte[][]
        {
            [0xFF],
            [0xFE, 0xFF, 0, (byte)'{', 0, (byte)'}'],
            [.. "{\"Title\":\""u8, 0xC3, 0x28, .. "\"}"u8],
            [.. "{\"Title\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
            [.. "{\""u8, 0xFF, .. "\":1}"u8],
            [0],
            [.. "{}"u8, 0],
            [0x1F, 0x8B, 8, 0],
        })
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var response = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", content);
            await Refusals.RefusedAsync(response, Convert.ToHexString(bytes));
        }
        foreach (var type in new[]
        {
            "text/plain",
            "application/xml",
            "application/json; charset=utf-16",
            "application/json; charset=\"",
            "x",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "application/json, text/plain",
        })
        {
            using var content = new ByteArrayContent("{}"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var response = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", content);
            Assert.Equal("unsupported_media_type", (await Refusals.RefusedAsync(response, type))["code"]!.GetValue<string>());
        }
        Assert.Equal(before, await desk.Client.GetStringAsync("/odata/Tickets", Cancel));
    }

    [Theory, Providers]
    public async Task Query_bodies_are_held_to_the_same_as_addresses(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var body in new[]
        {
            $"$filter={new string('x', 100_000)}", "$filter=Title eq '%FF'", "$filter=Title eq '%00'",
            "$filter=\0", "$nope=1", "$filter=Id eq 1&$filter=Id eq 2", new string('&', 200_000) + "$top=x",
            string.Join('&', Enumerable.Range(0, 200_000).Select(n => $"p{n}")),
            string.Concat(Enumerable.Repeat("@p", 5000))
                + "&$filter=" + string.Concat(Enumerable.Repeat("@p ", 3000)) + "&@p='" + new string('x', 5000) + "'",
        })
        {
            using var response = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets/$query", new StringContent(body));
            await Refusals.RefusedAsync(response, body[..Math.Min(60, body.Length)]);
        }
        using var bytes = new ByteArrayContent([(byte)'a', 0xFF]);
        bytes.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
        using var latin = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets/$query", bytes);
        await Refusals.RefusedAsync(latin, "no UTF-8");
    }

    [Theory, Providers]
    public async Task A_body_over_the_limit_is_refused_as_an_error(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: ("MAX_REQUEST_BYTES", "5000"));
        foreach (var url in new[] { "/odata/Tickets", "/odata/Tickets/$query", "/odata/$batch" })
        {
            using var response = await desk.SendAsync(
                HttpMethod.Post, url, new StringContent(new string(' ', 6000), Encoding.UTF8, "application/json"));
            Assert.Equal(
                "request_too_large",
                (await FeedDesk.ErrorAsync(response, HttpStatusCode.RequestEntityTooLarge))["code"]!.GetValue<string>());
        }
    }
}
