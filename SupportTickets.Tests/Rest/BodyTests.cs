using System.Net;
using System.Text;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Http;
using SupportTickets.Rest;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using static SupportTickets.Tests.Rest.RestCalls;

namespace SupportTickets.Tests.Rest;

public sealed class BodyTests
{
    private const int Limit = 4096;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders(false)]
    [CombinedProviders(true)]
    public async Task A_body_over_the_limit_is_413_announced_or_not(Provider provider, bool kestrel)
    {
        await using var desk = await Desk.StartAsync(provider, kestrel: kestrel, settings: ("MAX_REQUEST_BYTES", $"{Limit}"));
        var path = $"/api/tickets/{(await desk.AddTicketAsync()).Id}/";
        var (fits, over) = (Padded(Limit), Padded(Limit + 1));

        foreach (var type in new[] { "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b" })
        {
            const string TooLarge = """{"detail":"The request is too large: its body may have at most 4096 bytes. Nothing was saved."}""";
            Assert.Equal(
                TooLarge, await desk.SendAsync("POST", "/api/tickets/", Bytes(over, type)).TextAsync(HttpStatusCode.RequestEntityTooLarge));
            Assert.Equal(
                TooLarge, await desk.SendAsync("PATCH", path, new Unannounced(over, type)).TextAsync(HttpStatusCode.RequestEntityTooLarge));
        }
        await desk.SendAsync("POST", "/api/tickets/", Bytes(fits)).TextAsync(HttpStatusCode.Created);
        // The server counts what frames the chunks as well.
        await desk.SendAsync("POST", "/api/tickets/", new Unannounced(Padded(Limit - 100), "application/json"))
            .TextAsync(HttpStatusCode.Created);

        await using var db = desk.Database.Open();
        Assert.Equal(3, await db.Tickets.CountAsync(Cancel));
        Assert.Equal(3, await db.TicketEvents.CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task A_body_that_cannot_be_read_is_400_and_writes_nothing(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        byte[] invalidText = [.. "{\"title\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        (HttpContent Body, string Detail)[] cases =
        [
            (Bytes(invalidText), "JSON parse error - The text is not valid UTF-8."),
            (Bytes([0xED, 0xA0, 0x80]), "JSON parse error - The text is not valid UTF-8."),
            (Bytes([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Valid)]), "JSON parse error - Invalid JSON: line 1 column 1"),
            (Json("{\n \"title\": nope}"), "JSON parse error - Invalid JSON: line 2 column 12"),
            (Json(" \n\n  "), "JSON parse error - Expecting value: line 3 column 3 (char 5)"),
            (Json(Valid + "{}"), $"JSON parse error - Invalid JSON: line 1 column {Valid.Length + 1}"),
            (Json("""{"x":NaN}"""), "JSON parse error - Invalid JSON: line 1 column 6"),
            (Json("""{"x":-Infinity}"""), "JSON parse error - Invalid JSON: line 1 column 7"),
            (Json(Nested(257)), "JSON parse error - Invalid JSON: line 1 column 261"),
            (Form(string.Join('&', Enumerable.Repeat("a=b", 1001))), "The form has more than 1000 fields."),
            (Json("--b\r\n", "multipart/form-data"), "Multipart form parse error - The boundary is missing or too long."),
            (
                Json("--b\r\n", $"multipart/form-data; boundary={new string('b', 71)}"),
                "Multipart form parse error - The boundary is missing or too long."),
            (
                Multipart("title", "cut", end: ""),
                "Multipart form parse error - The body ends before its last boundary, or a part has too many headers."),
            (
                Json(string.Concat(Enumerable.Repeat("--b\r\n\r\n\r\n", 1001)) + "--b--", "multipart/form-data; boundary=b"),
                "The form has more than 1000 fields."),
            (
                Json(
                    "--b\r\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"X-{i}: y\r\n")) + "\r\n\r\n--b--",
                    "multipart/form-data; boundary=b"),
                "Multipart form parse error - The body ends before its last boundary, or a part has too many headers."),
        ];
        foreach (var (body, detail) in cases)
            Assert.Equal(
                $$"""{"detail":"{{detail}}"}""", await desk.SendAsync("POST", "/api/tickets/", body).TextAsync(HttpStatusCode.BadRequest));
        Assert.Equal("[]", await desk.GetAsync("/api/tickets/").TextAsync());
    }

    [Theory, Providers]
    public async Task Half_a_surrogate_pair_reaches_the_rules(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        const string Body = """{"title":"a\ud800b","description":"\udc00","category":"\ud83d\ude80\ud800","priority":"low","\ud800":1}""";
        Assert.Equal(
            """{"title":["Surrogate characters are not allowed: U+D800."],"description":"""
                + """["Surrogate characters are not allowed: U+DC00."],"category":["\"\uD83D\uDE80""" + "\uFFFD"
                + """\" is not a valid choice."]}""",
            await desk.SendAsync("POST", "/api/tickets/", Json(Body)).TextAsync(HttpStatusCode.BadRequest));
        const string Escaped = """{"\u0074itle":"\ud83d\ude80","description":"d","category":"general","priority":"low"}""";
        var created = await desk.SendAsync("POST", "/api/tickets/", Json(Escaped)).TextAsync(HttpStatusCode.Created);
        Assert.Contains("""
            "title":"\uD83D\uDE80"
            """, created);
    }

    [Theory, Providers]
    public async Task The_type_of_a_body_is_judged_before_it_is_read(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        foreach (var type in new[] { "text/plain", "application/xml", "text/plain; charset=latin-1", "application/merge-patch+json" })
        {
            var expected = $$"""{"detail":"Unsupported media type \"{{type}}\" in request."}""";
            Assert.Equal(
                expected,
                await desk.SendAsync("POST", "/api/tickets/", Bytes(Padded(10), type)).TextAsync(HttpStatusCode.UnsupportedMediaType));
            Assert.Equal(
                expected,
                await desk.SendAsync("POST", "/api/tickets/", new Unannounced(Padded(10), type))
                    .TextAsync(HttpStatusCode.UnsupportedMediaType));
            Assert.StartsWith(
                "{\"title\":[\"This field is required.\"]",
                await desk.SendAsync("POST", "/api/tickets/", Bytes([], type)).TextAsync(HttpStatusCode.BadRequest));
        }
        foreach (var type in new[]
        {
            "application/json; charset=\"UTF-8\"",
            "APPLICATION/JSON;charset=utf8",
            "application/json; charset=us-ascii",
        })
            await desk.SendAsync("POST", "/api/tickets/", Json(Valid, type)).TextAsync(HttpStatusCode.Created);
    }

    [Theory, Providers]
    public async Task Forms_of_both_kinds_fill_a_ticket(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var created = await desk.SendAsync(
                "POST",
                "/api/tickets/",
                Form("title=%C3%9Cber+%ff%zz&description=a%26b%3Dc&description=last&category=billing&priority=high&status="))
            .TextAsync(HttpStatusCode.Created);
        Assert.Contains(
            "\"title\":\"Über \uFFFD%zz\",\"description\":\"last\",\"category\":\"billing\",\"priority\":\"high\",\"status\":\"open\"",
            created);

        var id = JsonId(created);
        var path = $"/api/tickets/{id}/";
        Assert.Contains("\"title\":\"zwei\"", await desk.SendAsync("PATCH", path, Multipart("title", "zwei")).TextAsync());
        Assert.Contains("\"status\":\"open\"", await desk.SendAsync("PATCH", path, Multipart("status", "")).TextAsync());
        Assert.Contains("\"title\":\"zwei\"", await desk.SendAsync("PATCH", path, Multipart("title", "", file: "")).TextAsync());
        Assert.Equal(
            """{"title":["Not a valid string."]}""",
            await desk.SendAsync("PATCH", path, Multipart("title", "x", file: "a.txt")).TextAsync(HttpStatusCode.BadRequest));
        Assert.Equal(
            """{"category":["\"a.txt\" is not a valid choice."]}""",
            await desk.SendAsync("PATCH", path, Multipart("category", "x", file: "a.txt")).TextAsync(HttpStatusCode.BadRequest));
        Assert.Equal(
            """{"category":["\"\" is not a valid choice."]}""",
            await desk.SendAsync("PATCH", path, Form("category=&title=ok")).TextAsync(HttpStatusCode.BadRequest));
        Assert.Contains("\"title\":\"zwei\"", await desk.GetAsync(path).TextAsync());
    }

    [Theory, Providers]
    public async Task Odd_but_valid_JSON_is_taken(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.SendAsync("POST", "/api/tickets/", Json(Nested(100))).TextAsync(HttpStatusCode.Created);
        await desk.SendAsync("POST", "/api/tickets/", Json(Nested(256))).TextAsync(HttpStatusCode.Created);
        var many = string.Join(',', Enumerable.Repeat("\"ü\"", 5000));
        var echoed = await desk.SendAsync(
                "POST",
                "/api/tickets/",
                Json($"{{\"title\":\"t\",\"description\":\"d\",\"category\":[{many}],\"priority\":{{\"a\":1}}}}"))
            .TextAsync(HttpStatusCode.BadRequest);
        Assert.Contains(@"""priority"":[""\""{\""a\"":1}\"" is not a valid choice.""]", echoed);
        Assert.True(echoed.Length < 400, echoed);
        foreach (var (body, type) in new[] { ("[]", "list"), ("\"\\ud800\"", "str"), ("1", "int"), ("1.0", "float"), ("false", "bool") })
            Assert.Equal(
                $$"""{"non_field_errors":["Invalid data. Expected a dictionary, but got {{type}}."]}""",
                await desk.SendAsync("POST", "/api/tickets/", Json(body)).TextAsync(HttpStatusCode.BadRequest));
        Assert.Equal(
            """{"non_field_errors":["No data provided"]}""",
            await desk.SendAsync("POST", "/api/tickets/classify/", Json("null")).TextAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public void Any_text_comes_out_of_JSON_as_it_was_put_in() => Gen.Select(Gen.Char.Array, Gen.Bool).ForSamples((chars, raw) =>
    {
        var text = new string(chars);
        // Raw UTF-8 cannot hold half of a surrogate pair.
        var escaped = string.Concat(
            text.Select(c => raw && !char.IsSurrogate(c) && c is >= ' ' and not ('"' or '\\') ? $"{c}" : $"\\u{(int)c:x4}"));
        var json = Encoding.UTF8.GetBytes($$"""{"title":"first","title":"{{escaped}}"}""");
        var result = JsonBody.Parse(json, Encoding.UTF8, BodyFields.OfTicket);
        Assert.Equal(text, result.Value.Of("title").Text);
    });

    [Fact]
    public void Any_bytes_are_taken_or_refused_but_never_fail() => Gen.Byte.Array.ForSamples(bytes =>
    {
        _ = JsonBody.Parse(bytes, Encoding.UTF8, BodyFields.OfTicket).Problem;
        _ = FormBody.ParseUrlEncoded(bytes, Encoding.UTF8, BodyFields.OfTicket).Problem;
    });

    [Fact]
    public void Any_text_comes_out_of_a_form_as_it_was_put_in() => Gen.Select(Gen.String, Gen.String)
        .Where((a, b) => IsWhole(a) && IsWhole(b)).ForSamples((name, value) =>
    {
        var pairs = UrlEncoded.Parse(Encoding.ASCII.GetBytes($"&&{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}&x&"));
        Assert.Equal([new(name, value), new("x", "")], pairs);
    });

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-7", "-7")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("1.5", "1.5")]
    [InlineData("2.0", "2.0")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("100e0", "100.0")]
    [InlineData("0.1000000000000000055511151231257827", "0.1")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("1.5E-7", "1.5e-07")]
    [InlineData("1e14", "100000000000000.0")]
    [InlineData("1e15", "1000000000000000.0")]
    [InlineData("-1234567890123456.5", "-1234567890123456.5")]
    [InlineData("9999999999999998.0", "9999999999999998.0")]
    [InlineData("1e16", "1e+16")]
    [InlineData("1.25e300", "1.25e+300")]
    [InlineData("1e400", "inf")]
    [InlineData("-1e400", "-inf")]
    public void A_number_is_spelled_as_the_older_system_does(string json, string spelled) =>
        Assert.Equal(spelled, PythonNumber.Spell(Encoding.ASCII.GetBytes(json)));

    [Fact]
    public void A_spelled_number_is_the_same_number_and_no_whole_one() => Gen.Double.Where(double.IsFinite).ForSamples(value =>
    {
        var text = PythonNumber.Spell(value);
        Assert.Equal(value, double.Parse(text));
        Assert.True(text.Contains('.') || text.Contains('e'), text);
    });

    private static bool IsWhole(string text) => !text.EnumerateRunes().Any(r => r == Rune.ReplacementChar);

    private static long JsonId(string ticket) => System.Text.Json.JsonDocument.Parse(ticket).RootElement.GetProperty("id").GetInt64();

    private static byte[] Padded(int length) => Encoding.UTF8.GetBytes(Valid.PadRight(length));

    private static string Nested(int levels) =>
        $"{{\"x\":{new string('[', levels - 1)}{new string(']', levels - 1)},{Valid[1..]}";

    private static HttpContent Multipart(string name, string text, string? file = null, string end = "\r\n--b--\r\n") => Json(
        $"--b\r\nContent-Disposition: form-data; name=\"{name}\"{(file is null ? "" : $"; filename=\"{file}\"")}\r\n\r\n{text}{end}",
        "multipart/form-data; boundary=b");

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class Unannounced : HttpContent
    {
        private readonly byte[] _body;

        public Unannounced(byte[] body, string type)
        {
            _body = body;
            Headers.TryAddWithoutValidation("Content-Type", type);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var part in _body.Chunk(1000))
                await stream.WriteAsync(part);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
