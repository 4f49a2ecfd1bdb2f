using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using static SupportTickets.Tests.Rest.RestCalls;

namespace SupportTickets.Tests.Rest;

public sealed class TicketRoutesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_ticket_is_read_by_its_id_with_and_without_the_slash(Provider provider)
    {
        await using var desk = await Desk.StartAsync(
            provider, new ManualClock(new DateTime(2026, 11, 23, 8, 44, 8, 954, 695, DateTimeKind.Utc)));
        var ticket = await desk.AddTicketAsync("Größe 中 <b>", "a \"b\" \\ c", Category.billing, Priority.high, Status.in_progress);
        var expected = $$"""
            {"id":{{ticket.Id}},"title":"Größe 中 <b>","description":"a \"b\" \\ c","category":"billing","priority":"high",
            "status":"in_progress","sentiment":"neutral","urgency_score":50,"created_at":"2026-11-23T08:44:08.954695Z"}
            """.ReplaceLineEndings("");

        foreach (var path in new[] { $"/api/tickets/{ticket.Id}/", $"/api/tickets/{ticket.Id}", $"/api/tickets/0{ticket.Id}/" })
        {
            using var response = await desk.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
            Assert.Equal("\"1\"", response.Headers.ETag?.ToString());
            Assert.Equal(expected, await response.Content.ReadAsStringAsync(Cancel));
        }
        Assert.Equal($"[{expected}]", await desk.GetAsync("/api/tickets").TextAsync());
    }

    [Theory, Providers]
    public async Task A_whole_second_has_no_fraction(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, new ManualClock(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)));
        var ticket = await desk.AddTicketAsync();
        Assert.EndsWith("\"created_at\":\"2026-01-02T03:04:05Z\"}", await desk.GetAsync($"/api/tickets/{ticket.Id}/").TextAsync());
    }

    [Theory, Providers]
    public async Task An_address_without_a_ticket_says_which_way_it_is_wrong(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        foreach (var id in new[] { "1", "0", "-1", "+7", "2147483648", "99999999999999999999999999" })
            Assert.Equal(
                """{"detail":"No Ticket matches the given query."}""",
                await desk.GetAsync($"/api/tickets/{id}/").TextAsync(HttpStatusCode.NotFound));
        foreach (var id in new[] { "x", "1.5", "1e3", "-", "1,2", "0x1", "%20", "1%20", "%D9%A1" })
            Assert.Equal("""{"detail":"Not found."}""", await desk.GetAsync($"/api/tickets/{id}/").TextAsync(HttpStatusCode.NotFound));
        foreach (var path in new[] { "/api/nope", "/api/tickets/1/notes/", "/api/tickets//", "/api/ticketsx" })
        {
            using var response = await desk.SendAsync("POST", path, null, ("Accept", "application/xml"));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory, Providers]
    public async Task Every_route_is_there_without_its_slash(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        Assert.Equal("""{"tickets":"http://localhost/api/tickets/"}""", await desk.GetAsync("/api").TextAsync());
        Assert.Equal("[]", await desk.GetAsync("/api/tickets").TextAsync());
        await desk.SendAsync("POST", "/api/tickets", Json(Valid)).TextAsync(HttpStatusCode.Created);
        Assert.Equal(
            """{"suggested_category":"general","suggested_priority":"low"}""",
            await desk.SendAsync("POST", "/api/tickets/classify", Json("""{"description":"x"}""")).TextAsync());
        Assert.Equal(
            """{"suggested_title":"x"}""",
            await desk.SendAsync("POST", "/api/tickets/suggest-title", Json("""{"description":"x"}""")).TextAsync());
        Assert.Contains("\"total_tickets\":1,", await desk.GetAsync("/api/tickets/stats").TextAsync());
    }

    [Theory, Providers]
    public async Task Statistics_have_every_key_in_order_and_averages_with_a_fraction(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var nothing = """
            {"total_tickets":0,"open_tickets":0,"avg_tickets_per_day":0.0,
            "priority_breakdown":{"low":0,"medium":0,"high":0,"critical":0},
            "category_breakdown":{"billing":0,"technical":0,"account":0,"general":0},
            "sentiment_breakdown":{"calm":0,"neutral":0,"frustrated":0,"angry":0},"avg_urgency_score":0.0}
            """.ReplaceLineEndings("");
        Assert.Equal(nothing, await desk.GetAsync("/api/tickets/stats/").TextAsync());

        await desk.AddTicketAsync(category: Category.billing, priority: Priority.critical, status: Status.closed);
        await desk.AddTicketAsync();
        await using (var db = desk.Database.Open())
            await db.Tickets
                .Where(t => t.Status == Status.open)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(t => t.UrgencyScore, 61).SetProperty(t => t.CreatedAt, DateTime.UnixEpoch), Cancel);
        Assert.Equal(
            """
            {"total_tickets":2,"open_tickets":1,"avg_tickets_per_day":1.0,
            "priority_breakdown":{"low":1,"medium":0,"high":0,"critical":1},
            "category_breakdown":{"billing":1,"technical":0,"account":0,"general":1},
            "sentiment_breakdown":{"calm":0,"neutral":2,"frustrated":0,"angry":0},"avg_urgency_score":55.5}
            """.ReplaceLineEndings(""),
            await desk.GetAsync("/api/tickets/stats/").TextAsync());
    }

    [Theory, Providers]
    public async Task A_created_ticket_has_an_address_a_version_and_a_history(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        using var response = await desk.SendAsync("POST", "/api/tickets/", Json(Valid));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("\"1\"", response.Headers.ETag?.ToString());
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(body, await desk.GetAsync(response.Headers.Location!.ToString()).TextAsync());

        await using var db = desk.Database.Open();
        var created = Assert.Single(await db.TicketEvents.ToListAsync(Cancel));
        Assert.Equal(
            ("anonymous", Channel.rest, TicketField.status, null, "open"),
            (created.Actor, created.Channel!.Value, created.Field, created.OldValue, created.NewValue));
    }

    [Theory, Providers]
    public async Task A_change_is_decided_in_the_order_address_version_type_syntax_rules(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var path = $"/api/tickets/{(await desk.AddTicketAsync()).Id}/";
        var (wrongType, wrongSyntax, wrongRule) = (Json("x", "text/plain"), Json("{"), Json("""{"status":"nope"}"""));

        await desk.SendAsync("PATCH", "/api/tickets/999/", wrongType, ("Accept", "application/xml"))
            .TextAsync(HttpStatusCode.NotAcceptable);
        await desk.SendAsync("PUT", "/api/tickets/999/", wrongType).TextAsync(HttpStatusCode.MethodNotAllowed);
        await desk.SendAsync("PATCH", "/api/tickets/999/", wrongType).TextAsync(HttpStatusCode.NotFound);
        await desk.SendAsync("PATCH", path, wrongType, ("If-Match", "\"9\"")).TextAsync(HttpStatusCode.PreconditionFailed);
        await desk.SendAsync("PATCH", path, wrongType).TextAsync(HttpStatusCode.UnsupportedMediaType);
        await desk.SendAsync("PATCH", path, wrongSyntax).TextAsync(HttpStatusCode.BadRequest);
        await desk.SendAsync("PATCH", path, wrongRule).TextAsync(HttpStatusCode.BadRequest);

        await using var db = desk.Database.Open();
        Assert.Equal(1, (await db.Tickets.SingleAsync(Cancel)).Version);
        Assert.Equal(1, await db.TicketEvents.CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task If_Match_lets_only_the_current_version_be_changed(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var path = $"/api/tickets/{(await desk.AddTicketAsync()).Id}/";
        foreach (var stale in new[] { "\"2\"", "W/\"1\"", "1", "\"\"", "\"7\", \"8\"" })
            await desk.SendAsync("PATCH", path, Json("""{"status":"closed"}"""), ("If-Match", stale))
                .TextAsync(HttpStatusCode.PreconditionFailed);

        using var changed = await desk.SendAsync("PATCH", path, Json("""{"status":"closed"}"""), ("If-Match", "\"9\", \"1\""));
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (changed.StatusCode, changed.Headers.ETag?.ToString()));
        await desk.SendAsync("PATCH", path, Json("""{"status":"open"}"""), ("If-Match", "\"1\""))
            .TextAsync(HttpStatusCode.PreconditionFailed);
        await desk.SendAsync("PATCH", path, Json("""{"status":"open"}"""), ("If-Match", "*")).TextAsync();
        await desk.SendAsync("PATCH", path, Json("""{"status":"resolved"}""")).TextAsync();

        Assert.Equal("", await desk.SendAsync("GET", path, null, ("If-None-Match", "W/\"4\"")).TextAsync(HttpStatusCode.NotModified));
        Assert.Contains("resolved", await desk.SendAsync("GET", path, null, ("If-None-Match", "\"3\"")).TextAsync());
    }

    [Theory, Providers]
    public async Task A_method_that_a_path_lacks_is_told_which_it_has(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        (string Method, string Path, string Allow)[] cases =
        [
            ("DELETE", "/api/", "GET, HEAD, OPTIONS"),
            ("PUT", "/api/tickets/", "GET, POST, HEAD, OPTIONS"),
            ("DELETE", "/api/tickets/1", "GET, PATCH, HEAD, OPTIONS"),
            ("PATCH", "/api/tickets/stats/", "GET, HEAD, OPTIONS"),
            ("GET", "/api/tickets/classify/", "POST, OPTIONS"),
            ("GET", "/api/tickets/suggest-title", "POST, OPTIONS"),
            ("BREW", "/api/tickets/", "GET, POST, HEAD, OPTIONS"),
        ];
        foreach (var (method, path, allow) in cases)
        {
            using var response = await desk.SendAsync(method, path);
            Assert.Equal(
                (HttpStatusCode.MethodNotAllowed, allow), (response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
            Assert.Equal($$"""{"detail":"Method \"{{method}}\" not allowed."}""", await response.Content.ReadAsStringAsync(Cancel));
            using var options = await desk.SendAsync("OPTIONS", path);
            Assert.Equal((HttpStatusCode.NoContent, allow), (options.StatusCode, string.Join(", ", options.Content.Headers.Allow)));
        }
    }

    [Theory, Providers]
    public async Task HEAD_answers_as_GET_without_a_body(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var id = (await desk.AddTicketAsync()).Id;
        foreach (var path in new[] { "/api/", "/api/tickets/", $"/api/tickets/{id}/", "/api/tickets/stats/" })
        {
            using var response = await desk.SendAsync("HEAD", path);
            Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
        }
        Assert.Equal(HttpStatusCode.NotFound, (await desk.SendAsync("HEAD", "/api/tickets/999/")).StatusCode);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("*/*", true)]
    [InlineData("application/json;q=0.1", true)]
    [InlineData("APPLICATION/JSON; indent=4", true)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true)]
    [InlineData("application/xml, application/*;q=0.2", true)]
    [InlineData("text/html", true)]
    [InlineData("application/json;q=0, */*", false)]
    [InlineData("*/*;q=0, application/json", true)]
    [InlineData("*/*;q=0", false)]
    [InlineData("application/xml", false)]
    [InlineData("application/problem+json", false)]
    [InlineData("text/plain, image/*", false)]
    [InlineData("nonsense", false)]
    [InlineData(", ,", false)]
    public void The_most_specific_range_of_Accept_decides(string accept, bool takesJson) =>
        Assert.Equal(takesJson, SupportTickets.Rest.RequestChecks.TakesJson(accept));

    [Theory, Providers]
    public async Task Nothing_is_written_when_the_answer_could_not_be_read(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        Assert.Equal(
            """{"detail":"Could not satisfy the request Accept header."}""",
            await desk.SendAsync("POST", "/api/tickets/", Json(Valid), ("Accept", "application/xml"))
                .TextAsync(HttpStatusCode.NotAcceptable));
        Assert.Equal("[]", await desk.GetAsync("/api/tickets/").TextAsync());
    }

    [Fact]
    public async Task A_fault_is_written_in_the_format_of_the_face()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var writer = Assert.Single(desk.Services.GetServices<IFaultWriter>(), w => w.Prefix == "/api");
        var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await writer.WriteAsync(context, new Fault(503, "service_unavailable", "The database is away: try again."));
        Assert.Equal(
            (503, """{"detail":"The database is away: try again."}"""),
            (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray())));
    }
}
