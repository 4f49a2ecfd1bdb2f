using System.Net;
using System.Text;
using CsCheck;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Batch;

public sealed class MalformedBatchTests
{
    private const string Multipart = "multipart/mixed; boundary=b";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_batch_that_is_none_is_refused_whole(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        const string Create =
            """{"id":"1","method":"post","url":"Tickets","body":{"Title":"t","Description":"d","Category":"billing","Priority":"low"}}""";
        string[] requests =
        [
            "5", "null", "{}", """{"id":"2"}""", """{"id":2,"method":"get","url":"Tickets"}""",
            """{"id":"2","method":"get"}""", """{"id":"2","method":"brew","url":"Tickets"}""",
            """{"id":"2","method":"get","url":5}""", """{"id":"1","method":"get","url":"Tickets"}""",
            """{"id":"","method":"get","url":"Tickets"}""", """{"id":"a b","method":"get","url":"Tickets"}""",
            """{"id":"2","method":"get","url":"Tickets","dependsOn":["3"]}""",
            """{"id":"2","method":"get","url":"Tickets","dependsOn":["2"]}""",
            """{"id":"2","method":"get","url":"Tickets","dependsOn":"1"}""",
            """{"id":"2","method":"get","url":"Tickets","dependsOn":["3"]},{"id":"3","method":"get","url":"Tickets","dependsOn":["2"]}""",
            """{"id":"2","method":"get","url":"$3"}""", """{"id":"2","method":"get","url":"Tickets","atomicityGroup":"g"}""",
            """{"id":"2","method":"post","url":"Tickets","atomicityGroup":"1"}""",
            """{"id":"2","method":"post","url":"Tickets","atomicityGroup":"g"},{"id":"3","method":"get","url":"Tickets"},"""
                + """{"id":"4","method":"post","url":"Tickets","atomicityGroup":"g"}""",
            """{"id":"2","method":"post","url":"Tickets","atomicityGroup":"g","dependsOn":["g"]}""",
            """{"id":"2","method":"get","url":"Tickets","headers":[]}""", """{"id":"2","method":"get","url":"Tickets","headers":{"a":1}}""",
            """{"id":"2","method":"get","url":"Tickets","headers":{"a b":"1"}}""",
            """{"id":"2","method":"get","url":"Tickets","headers":{"a":"1\r\nb: 2"}}""",
            """{"id":"2","method":"get","url":"Tickets","extra":1}""",
            """{"id":"2","method":"get","url":"http://elsewhere/odata/Tickets"}""",
            """{"id":"2","method":"get","url":"//elsewhere/odata/Tickets"}""",
            """{"id":"2","method":"get","url":"../api/tickets/"}""", """{"id":"2","method":"get","url":"/api/tickets/"}""",
            """{"id":"2","method":"get","url":"file:///etc/passwd"}""",
            """{"id":"2","method":"get","url":"http://["}""", """{"id":"\ud800","method":"get","url":"Tickets"}""",
            """{"id":"2","method":"post","url":"Tickets","headers":{"content-type":"image/png"},"body":"%"}""",
            """{"id":"2","method":"get","url":"Tickets","headers":{"""
                + string.Join(',', Enumerable.Range(0, 60).Select(n => $"\"h{n}\":\"x\"")) + "}}",
        ];
        string[] bodies =
        [
            .. requests.Select(r => $$"""{"requests":[{{Create}},{{r}}]}"""),
            "", "{", "[]", "null", "{}", """{"requests":{}}""", $"{{\"requests\":{new string('[', 200)}",
        ];
        foreach (var body in bodies)
            await RefusedAsync(body, "application/json", HttpStatusCode.BadRequest);

        const string Good =
            "--b\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST Tickets HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
                + """{"Title":"t","Description":"d","Category":"billing","Priority":"low"}""" + "\r\n";
        string[] parts =
        [
            "",
            "--b\r\n\r\nGET Tickets HTTP/1.1\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: text/plain\r\n\r\nGET Tickets HTTP/1.1\r\n\r\n\r\n--b--",
            "--b\r\nno header\r\n\r\nGET Tickets HTTP/1.1\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: base64\r\n\r\nR0VU\r\n--b--",
            "--b\r\nContent-Type: application/http\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: application/http\r\n\r\nGET\r\n\r\n--b--",
            "--b\r\nContent-Type: application/http\r\n\r\nGET Tickets\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: application/http\r\n\r\nGET Tickets HTTP/1.1\r\n: x\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: application/http\r\n\r\nGET /odata/Tickets HTTP/1.1\r\nHost: elsewhere\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: application/http\r\n\r\nPOST Tickets HTTP/1.1\r\nContent-Length: 99\r\n\r\n{}\r\n--b--",
            "--b\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nGET Tickets HTTP/1.1\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: application/http\r\n\r\nGET $7 HTTP/1.1\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: multipart/mixed\r\n\r\n\r\n--b--",
            "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
                + "--c\r\nContent-Type: application/http\r\n\r\nGET Tickets HTTP/1.1\r\n\r\n\r\n--c--\r\n--b--",
            "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
                + "--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d--\r\n--c--\r\n--b--",
            "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\nnothing\r\n--b--",
            "--b\r\nContent-Type: application/http\r\n\r\nGET Tickets HTTP/1.1\r\n"
                + string.Concat(Enumerable.Range(0, 60).Select(n => $"h{n}: x\r\n")) + "\r\n\r\n--b--",
        ];
        foreach (var part in parts)
            await RefusedAsync(Good + part, Multipart, HttpStatusCode.BadRequest);
        foreach (var type in new[] { "multipart/mixed", "multipart/mixed; boundary=", $"multipart/mixed; boundary={new string('x', 80)}" })
            await RefusedAsync(Good + "--b--", type, HttpStatusCode.BadRequest);
        await RefusedAsync("{}", "text/plain", HttpStatusCode.UnsupportedMediaType);
        await RefusedAsync("""{"requests":[]}""", "application/json; charset=latin-1", HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("0", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));

        async Task RefusedAsync(string body, string type, HttpStatusCode status)
        {
            using var response = await desk.SendAsync(HttpMethod.Post, "/odata/$batch", BatchCalls.Content(body, type));
            Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} to {body}");
            await FeedDesk.ErrorAsync(response, status);
        }
    }

    [Fact]
    public async Task A_batch_is_limited_in_parts_bytes_and_depth()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite, settings: ("MAX_REQUEST_BYTES", "30000"));
        foreach (var json in new[] { true, false })
        {
            foreach (var group in new[] { null, "g" })
            {
                var parts = Enumerable.Range(0, 101).Select(n => Part.Change($"{n}", "Tickets(1)", "{}", group)).ToArray();
                using var many = await desk.SendAsync(
                    HttpMethod.Post, "/odata/$batch", json ? BatchCalls.Json(parts) : BatchCalls.Multipart(parts));
                Assert.Equal(
                    "too_many_parts", (await FeedDesk.ErrorAsync(many, HttpStatusCode.RequestEntityTooLarge))["code"]!.GetValue<string>());
            }
            Part[] large = [Part.Create("a", new string('x', 40_000))];
            using var bytes = await desk.SendAsync(
                HttpMethod.Post, "/odata/$batch", json ? BatchCalls.Json(large) : BatchCalls.Multipart(large));
            await FeedDesk.ErrorAsync(bytes, HttpStatusCode.RequestEntityTooLarge);
            var all = await desk.BatchAsync(json, [.. Enumerable.Range(0, 100).Select(n => Part.Get($"{n}", "Tickets/$count"))]);
            Assert.Equal(100, all.Count(a => a.Status == 200));
            var nested = await desk.BatchAsync(json, [new("a", "POST", "$batch", """{"requests":[]}"""), Part.Get("b", "Tickets")]);
            Assert.Equal(json ? [400, 200] : [400], nested.Select(a => a.Status));
        }
    }

    [Theory, Providers]
    public async Task Whatever_is_sent_as_a_batch_no_answer_is_a_server_error(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        Part[] parts =
        [
            Part.Get("1", "Tickets?$top=1&$filter=Status eq 'open'"), Part.Create("2", "T", "g"),
            Part.Change("3", "$2", """{"Status":"closed"}""", "g", "$2"),
            Part.Get("4", "/odata/Tickets(1)/Events"),
            Part.Change("5", "Tickets(2)", """{"Priority":"low"}""", ifMatch: "W/\"1\""), Part.Get("6", "$metadata"),
        ];
        string[] texts = [BatchCalls.JsonText(parts), BatchCalls.MultipartText(parts)];
        string[] pieces =
        [
            "\0",
            "\r\n",
            "\r\n\r\n",
            "--",
            "--batch_1",
            "--batch_1--\r\n",
            "--g",
            "\"",
            "{",
            "}",
            "[",
            ",",
            "null",
            "\\ud800",
            "$",
            "$2",
            "%00",
            "%",
            "//",
            "é",
            "\ud83d\ude00",
            "HTTP/1.1",
            "GET",
            "\"id\":",
            "Content-Length: 5\r\n",
            "g",
        ];
        var piece = Gen.OneOf(Gen.Int[0, pieces.Length - 1].Select(n => pieces[n]), Gen.String[0, 8]);
        var edit = Gen.Select(Gen.Int[0, 2], Gen.Double[0, 1], Gen.Int[0, 60], piece);
        var bodies = Gen.Select(Gen.Int[0, 1], edit.List[1, 4]).Select((which, edits) => (which, edits.Aggregate(texts[which], Mutated)));
        await bodies.ForSamplesAsync(300, async sample =>
        {
            var (which, text) = sample;
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            content.Headers.TryAddWithoutValidation(
                "Content-Type", which == 0 ? "application/json" : $"multipart/mixed; boundary={BatchCalls.Boundary}");
            using var response = await desk.SendAsync(HttpMethod.Post, "/odata/$batch", content, ("Prefer", "continue-on-error"));
            if (!response.IsSuccessStatusCode)
            {
                Assert.InRange((int)response.StatusCode, 400, 499);
                await FeedDesk.ErrorAsync(response, response.StatusCode);
                return;
            }
            Assert.All(await BatchCalls.AnswersAsync(response), a => Assert.True(a.Status is < 500 or 501, $"{a.Status} {a.Body}"));
        });
    }

    private static string Mutated(string text, (int How, double Where, int Length, string Piece) edit)
    {
        var at = (int)(edit.Where * text.Length);
        var length = Math.Min(edit.Length, text.Length - at);
        return edit.How switch
        {
            0 => text.Insert(at, edit.Piece),
            1 => text.Remove(at, length),
            _ => text.Remove(at, length).Insert(at, edit.Piece),
        };
    }
}
