using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using static SupportTickets.Tests.Rest.RestCalls;

namespace SupportTickets.Tests.Rest;

public sealed class CommentRoutesTests
{
    private const string Path = "/api/tickets/1/comments/";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Comments_are_added_and_listed_oldest_first_with_five_keys(Provider provider)
    {
        await using var desk = await Desk.StartAsync(
            provider, new ManualClock(new DateTime(2026, 11, 23, 8, 44, 8, 954, 695, DateTimeKind.Utc)));
        await desk.AddTicketAsync();
        // As recorded from the older system (route.unknown_action).
        Assert.Equal("""{"detail":"This ticket has no comments."}""", await desk.GetAsync(Path).TextAsync(HttpStatusCode.NotFound));
        const string Reply = """
            {"id":1,"body":"Größe **<b>**","is_internal":false,"author":"anonymous","created_at":"2026-11-23T08:44:08.954695Z"}
            """;
        using (var added = await desk.SendAsync("POST", Path, Json("""{"body":" Größe **<b>** ","author":"me","id":7}""")))
        {
            Assert.Equal((HttpStatusCode.Created, "application/json"), (added.StatusCode, added.Content.Headers.ContentType?.ToString()));
            Assert.Equal(Reply, await added.Content.ReadAsStringAsync(Cancel));
        }
        var note = await desk.SendAsync("POST", "/api/tickets/1/comments", Json("""{"body":"n","is_internal":true}"""))
            .TextAsync(HttpStatusCode.Created);
        Assert.Contains("\"id\":2,\"body\":\"n\",\"is_internal\":true,", note);
        Assert.Equal($"[{Reply},{note}]", await desk.GetAsync("/api/tickets/1/comments").TextAsync());
        using var head = await desk.SendAsync("HEAD", Path);
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync(Cancel)));
        await using var db = desk.Database.Open();
        Assert.Equal(
            ["reply rest", "note rest"],
            await db.TicketEvents.Where(e => e.Field == TicketField.comment).OrderBy(e => e.Id)
                .Select(e => $"{e.NewValue} {e.Channel}").ToListAsync(Cancel));
        Assert.Equal((1, true), (db.Tickets.Single().Version, db.Tickets.Single().FirstReplyAt is not null));
    }

    [Theory, Providers]
    public async Task Forms_add_comments_too(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        using var parts = new MultipartFormDataContent
        {
            { new StringContent("by parts"), "body" },
            { new StringContent(""), "is_internal" },
        };
        foreach (var (content, body, isInternal) in new (HttpContent, string, bool)[]
        {
            (Form("body=a+b&is_internal=true"), "a b", true),
            (Form("body=a%0Ab&is_internal="), "a\nb", false),
            (parts, "by parts", false),
        })
        {
            var comment = JsonNode.Parse(await desk.SendAsync("POST", Path, content).TextAsync(HttpStatusCode.Created))!;
            Assert.Equal((body, isInternal), (comment["body"]!.GetValue<string>(), comment["is_internal"]!.GetValue<bool>()));
        }
    }

    [Theory, Providers]
    public async Task What_breaks_a_rule_is_refused_at_its_field_and_nothing_is_stored(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        foreach (var (body, answer) in new[]
        {
            ("", """{"body":["This field is required."]}"""),
            ("{}", """{"body":["This field is required."]}"""),
            ("""{"body":null}""", """{"body":["This field may not be null."]}"""),
            ("""{"body":" \n "}""", """{"body":["This field may not be blank."]}"""),
            ("""{"body":["x"]}""", """{"body":["Not a valid string."]}"""),
            ("""{"body":"a\u0000b"}""", """{"body":["Null characters are not allowed."]}"""),
            ($$"""{"body":"{{new string('é', 500_001)}}"}""", """{"body":["Ensure this field has no more than 1000000 bytes."]}"""),
            ("""{"body":"x","is_internal":"maybe"}""", """{"is_internal":["Must be a valid boolean."]}"""),
            ("""{"body":"x","is_internal":1}""", """{"is_internal":["Must be a valid boolean."]}"""),
            ("""{"body":"x","is_internal":[true]}""", """{"is_internal":["Must be a valid boolean."]}"""),
            ("""{"body":"x","is_internal":null}""", """{"is_internal":["This field may not be null."]}"""),
            ("""{"body":"","is_internal":7}""",
                """{"body":["This field may not be blank."],"is_internal":["Must be a valid boolean."]}"""),
            ("[]", """{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"""),
        })
            Assert.Equal(answer, await desk.SendAsync("POST", Path, Json(body)).TextAsync(HttpStatusCode.BadRequest));
        Assert.StartsWith(
            """{"detail":"JSON parse error""", await desk.SendAsync("POST", Path, Json("{")).TextAsync(HttpStatusCode.BadRequest));
        await desk.SendAsync("POST", Path, Json("x", "text/plain")).TextAsync(HttpStatusCode.UnsupportedMediaType);
        await desk.SendAsync("POST", Path, Json("""{"body":"x"}"""), ("Accept", "application/xml"))
            .TextAsync(HttpStatusCode.NotAcceptable);
        await desk.GetAsync(Path).TextAsync(HttpStatusCode.NotFound);
    }

    [Theory, Providers]
    public async Task A_ticket_that_is_not_there_is_answered_before_the_body_is_read(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        using var deleted = await desk.SendAsync("DELETE", "/odata/Tickets(1)");
        foreach (var (id, status, answer) in new[]
        {
            ("1", HttpStatusCode.Gone, """{"detail":"The ticket has been deleted."}"""),
            ("2", HttpStatusCode.NotFound, """{"detail":"No Ticket matches the given query."}"""),
            ("99999999999", HttpStatusCode.NotFound, """{"detail":"No Ticket matches the given query."}"""),
            ("x", HttpStatusCode.NotFound, """{"detail":"Not found."}"""),
        })
        {
            Assert.Equal(answer, await desk.GetAsync($"/api/tickets/{id}/comments/").TextAsync(status));
            foreach (var body in new[] { Json("""{"body":"x"}"""), Json("{"), Json("x", "text/plain") })
                Assert.Equal(answer, await desk.SendAsync("POST", $"/api/tickets/{id}/comments/", body).TextAsync(status));
        }
    }

    [Theory, Providers]
    public async Task Other_methods_are_refused_with_those_that_there_are(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        foreach (var method in (string[])["PUT", "PATCH", "DELETE"])
        {
            using var refused = await desk.SendAsync(method, Path, Json("{}"));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
            Assert.Equal("GET, POST, HEAD, OPTIONS", string.Join(", ", refused.Content.Headers.Allow));
            Assert.Equal($$"""{"detail":"Method \"{{method}}\" not allowed."}""", await refused.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Theory, Providers]
    public async Task A_key_adds_a_comment_once_for_its_caller(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        using var maria = desk.ClientWith(await desk.AddTokenAsync(Role.agent, name: "María"));
        using var noor = desk.ClientWith(await desk.AddTokenAsync(Role.agent, name: "Noor"));
        var first = await SendAsync(maria, """{"body":"once"}""", "k1", HttpStatusCode.Created);
        Assert.Contains("\"author\":\"María\"", first);
        Assert.Equal(first, await SendAsync(maria, """{"body":" once "}""", "\"k1\"", HttpStatusCode.Created));
        await SendAsync(maria, """{"body":"twice"}""", "k1", HttpStatusCode.UnprocessableEntity);
        await SendAsync(maria, """{"body":"once","is_internal":true}""", "k1", HttpStatusCode.UnprocessableEntity);
        await SendAsync(maria, """{"body":"x"}""", " ", HttpStatusCode.BadRequest);
        await SendAsync(noor, """{"body":"once"}""", "k1", HttpStatusCode.Created);
        await using var db = desk.Database.Open();
        Assert.Equal(
            ["María once", "Noor once"],
            await db.Comments.OrderBy(c => c.Id).Select(c => $"{c.Author} {c.Body}").ToListAsync(Cancel));
        Assert.Equal(2, await db.TicketEvents.CountAsync(e => e.Field == TicketField.comment, Cancel));
    }

    [Theory, Providers]
    public async Task Ten_at_once_with_one_key_add_one_comment(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            desk.SendAsync("POST", Path, Json("""{"body":"x"}"""), ("Idempotency-Key", "k")).TextAsync(HttpStatusCode.Created)));
        Assert.Single(answers.Distinct());
        Assert.Single(JsonNode.Parse(await desk.GetAsync(Path).TextAsync())!.AsArray());
    }

    private static async Task<string> SendAsync(HttpClient client, string body, string key, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Json(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await client.SendAsync(request, Cancel).TextAsync(status);
    }
}
