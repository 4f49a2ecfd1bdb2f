using System.Text;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Batch;

/// <summary>Multipart batches as clients write them that end lines with a bare LF, or now so and now so.</summary>
public sealed class LineEndTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, CombinedProviders("\n"), CombinedProviders("mixed"), CombinedProviders("\r\n")]
    public async Task A_multipart_batch_may_end_its_lines_with_a_bare_LF(Provider provider, string lineEnd)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        Part[] parts =
        [
            Part.Get("1", "Tickets(1)?$select=Title"), Part.Create("2", "Zwölf 🎫", "g"),
            Part.Change("3", "$2", """{"Status":"closed"}""", "g"), new("4", "DELETE", "Tickets(1)", Group: "g"),
            Part.Get("5", "Tickets?$select=Title,Status"), new("6", "POST", "Tickets", "{}"),
        ];
        var answers = await SendAsync(
            desk, Ended(BatchCalls.MultipartText(parts), lineEnd), $"multipart/mixed; boundary={BatchCalls.Boundary}");
        Assert.Equal(["1 200", "2 201", "3 200", "4 204", "5 200", "6 400"], answers.Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal("""[{"Title":"Zwölf 🎫","Status":"closed"}]""", Plain(answers[4].Json["value"]!.ToJsonString()));
    }

    // The adaptor of a widely used grid, as it writes changes: blank behind a header, two line ends behind a body.
    [Theory, Providers]
    public async Task A_batch_in_the_hand_of_a_grid_is_taken(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        const string Head = "\n--changeset_1\nContent-Type: application/http\nContent-Transfer-Encoding: binary \n\n";
        const string Rest = "Content-Type: application/json; charset=utf-8 \n";
        var text = "--batch_1\nContent-Type: multipart/mixed; boundary=changeset_1\n"
            + Head + "POST http://localhost/odata/Tickets HTTP/1.1\nAccept: application/json, text/javascript, */*; q=0.01\nContent-Id: 0\n"
            + Rest + "\n" + """{"Title":"New","Description":"D","Category":"billing","Priority":"low"}""" + "\n\n"
            + Head + "PATCH http://localhost/odata/Tickets(1) HTTP/1.1\nAccept: application/json\nContent-Id: 1\n"
            + Rest + "If-Match: W/\"1\"\n\n" + """{"Priority":"critical"}""" + "\n\n"
            + Head + "DELETE http://localhost/odata/Tickets(2) HTTP/1.1\nAccept: application/json\nContent-Id: 2\n"
            + Rest + "\n\n--changeset_1--\n--batch_1--";
        var answers = await SendAsync(desk, text, "multipart/mixed; charset=UTF-8;boundary=batch_1");
        Assert.Equal(["0 201", "1 200", "2 204"], answers.Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal(
            """["New","Ticket 0"]""",
            $"[{string.Join(',', (await desk.RowsAsync("/odata/Tickets?$orderby=Title")).Select(t => $"\"{t["Title"]}\""))}]");
    }

    [Theory, CombinedProviders("\n"), CombinedProviders("\r\n")]
    public async Task A_body_is_what_stands_before_the_line_end_of_the_boundary_to_the_byte(Provider provider, string lineEnd)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var body in new[]
        {
            "one\ntwo", "one\r\n\ntwo", "x\n--batch_10\n--batch_1x--\r\n end", "a --batch_1 b", "--batch", "--batch_1 not alone",
        })
        {
            const string Put = "PUT Tickets(1)/Description/$value HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n";
            const string Get = "GET Tickets(1)?$select=Description HTTP/1.1\r\n\r\n\r\n";
            var text = Ended("--batch_1\r\nContent-Type: application/http\r\n\r\n" + Put, lineEnd)
                + body
                + Ended("\r\n--batch_1 \t\r\nContent-Type: application/http\r\n\r\n" + Get + "--batch_1--\r\nepilogue", lineEnd);
            var answers = await SendAsync(desk, Ended("preamble\r\n", lineEnd) + text, "multipart/mixed; boundary=batch_1");
            Assert.Equal([200, 200], answers.Select(a => a.Status));
            Assert.Equal(body, answers[1].Json["Description"]!.GetValue<string>());
        }
    }

    private static string Plain(string json) =>
        System.Text.RegularExpressions.Regex.Unescape(json).Replace("\"@odata.etag\":\"W/\"2\"\",", "", StringComparison.Ordinal);

    private static string Ended(string text, string lineEnd)
    {
        if (lineEnd != "mixed")
            return text.Replace("\r\n", lineEnd, StringComparison.Ordinal);
        var lines = text.Split("\r\n");
        return string.Concat(lines.Select((line, n) => n == lines.Length - 1 ? line : line + (n % 3 == 0 ? "\r\n" : "\n")));
    }

    private static async Task<List<PartAnswer>> SendAsync(FeedDesk desk, string text, string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await desk.SendAsync(HttpMethod.Post, "/odata/$batch", content);
        return await BatchCalls.AnswersAsync(response);
    }
}
