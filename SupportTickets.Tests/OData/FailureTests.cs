using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class FailureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_bad_query_is_an_error_and_never_half_an_answer(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5);
        string[] bad =
        [
            "$filter=Nope eq 1",
            "$filter=Id eq",
            "$filter=",
            "$filter=Status eq 'nope'",
            "$filter=Id in (1,'x')",
            "$filter=1 div 0 eq 1",
            "$filter=contains(Title,'%00')",
            "$orderby=Nope",
            "$top=abc",
            "$top=-1",
            "$skip=-1",
            "$select=Nope",
            "$expand=Nope",
            "$count=maybe",
            "$nope=1",
            "$filter=Id eq 1&$filter=Id eq 2",
            "$apply=groupby((Status)",
            "$format=nope",
        ];
        foreach (var query in bad)
            await desk.FailAsync(
                $"/odata/Tickets?{query}",
                query.StartsWith("$format", StringComparison.Ordinal) ? HttpStatusCode.NotAcceptable : HttpStatusCode.BadRequest);
        // Valid, but not to be translated to SQL.
        foreach (var query in new[]
        {
            "$orderby=cast(Title,Edm.Int64)",
            "$filter=isof(Id,Edm.String)",
            "$filter=matchesPattern(Title,'(a+)%2B')",
            "$search=printer&$apply=aggregate($count as N)",
            "$apply=aggregate(Events(At with max as L),Id with max as M)",
            "$expand=Events($search=a)",
        })
            Assert.Equal(
                "not_implemented",
                (await desk.FailAsync($"/odata/Tickets?{query}", HttpStatusCode.NotImplemented))["code"]!.GetValue<string>());
        await desk.FailAsync("/odata/Tickets(1)?$filter=Id eq 1", HttpStatusCode.BadRequest);
    }

    [Theory, Providers]
    public async Task Division_by_zero_in_the_database_is_no_fault_of_the_server(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        // The first ticket has a score of 0, so the second row is the one that fails.
        foreach (var query in new[]
        {
            "$filter=100 div (UrgencyScore sub UrgencyScore) gt 1",
            "$filter=100 div (UrgencyScore sub 7) lt 100",
            "$apply=compute(UrgencyScore mul 2147483647 as X)",
            "$apply=aggregate(100 div UrgencyScore with sum as S)",
        })
            await desk.FailAsync($"/odata/Tickets?{query}", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Every_address_and_method_below_odata_answers_in_its_format()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        await desk.SeedAsync(1);
        foreach (var path in new[]
        {
            "Nope",
            "Tickets(99)",
            "Tickets(x)",
            "Tickets(99999999999)",
            "Tickets/1/Nope",
            "Tickets(99)/Events",
            "Tickets(99)/Events/$count",
            "Events(99)/Ticket",
            "a/b/c",
            "Tickets(",
        })
            await desk.FailAsync($"/odata/{path}", HttpStatusCode.NotFound);
        foreach (var (method, path, allow) in new[]
        {
            ("POST", "Tickets(1)", "GET, HEAD, PATCH, PUT, DELETE"),
            ("DELETE", "Tickets", "GET, HEAD, POST"),
            ("PATCH", "Tickets", "GET, HEAD, POST"),
            ("POST", "Events", "GET, HEAD"),
            ("PATCH", "Events(1)", "GET, HEAD"),
            ("POST", "Tickets(1)/Events", "GET, HEAD"),
            ("POST", "", "GET, HEAD"),
            ("DELETE", "$metadata", "GET, HEAD"),
        })
        {
            using var response = await desk.SendAsync(new HttpMethod(method), $"/odata/{path}", "{}");
            await FeedDesk.ErrorAsync(response, HttpStatusCode.MethodNotAllowed);
            Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        }
        using var xml = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("Accept", "application/atom+xml"));
        await FeedDesk.ErrorAsync(xml, HttpStatusCode.NotAcceptable);
        using var browser = await desk.SendAsync(
            HttpMethod.Get, "/odata/Tickets", (HttpContent?)null,
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        Assert.Equal("application/json", browser.Content.Headers.ContentType!.MediaType);
        Assert.Equal("4.0", browser.Headers.GetValues("OData-Version").Single());
    }

    // JSON Format 4.01, 21.1.
    [Theory, Providers]
    public async Task Every_error_says_the_language_of_its_message(Provider provider)
    {
        var failing = new TornConnection();
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: failing, settings: ("MAX_REQUEST_BYTES", "2000"));
        await desk.SeedAsync(1);
        foreach (var (status, method, path, body, headers) in new (int, string, string, string?, (string, string)[])[]
        {
            (400, "GET", "Tickets?$filter=Nope", null, []),
            (400, "POST", "Tickets", "{}", []),
            (404, "GET", "Nope", null, []),
            (405, "PATCH", "Events(1)", "{}", []),
            (406, "GET", "Tickets", null, [("Accept", "text/css")]),
            (412, "PATCH", "Tickets(1)", """{"Title":"x"}""", [("If-Match", "W/\"9\"")]),
            (413, "POST", "Tickets", new string(' ', 3000), []),
            (501, "GET", "$all", null, []),
            (414, "GET", $"Tickets?$filter=Title eq '{new string('x', 9000)}'", null, []),
            (400, "GET", "Tickets", null, [("Host", "elsewhere")]),
        })
        {
            using var answer = await desk.SendAsync(new HttpMethod(method), $"/odata/{path}", body, headers);
            Assert.Equal((status, "en"), ((int)answer.StatusCode, string.Join(',', answer.Content.Headers.ContentLanguage)));
        }
        using var type = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", new StringContent("x"));
        Assert.Equal((415, "en"), ((int)type.StatusCode, string.Join(',', type.Content.Headers.ContentLanguage)));
        foreach (var json in new[] { true, false })
        {
            var parts = await Batch.BatchCalls.BatchAsync(
                desk, json, [Batch.Part.Get("a", "Tickets?$top=x"), Batch.Part.Get("b", "Nope")], ("Prefer", "continue-on-error"));
            Assert.Equal(["400 en", "404 en"], parts.Select(a => $"{a.Status} {a.Headers.GetValueOrDefault("Content-Language")}"));
        }
        failing.After = 0;
        using var fault = await desk.Client.GetAsync("/odata/Tickets", Cancel);
        Assert.Equal((500, "en"), ((int)fault.StatusCode, string.Join(',', fault.Content.Headers.ContentLanguage)));
    }

    [Theory, Providers]
    public async Task Refusals_say_the_language_of_their_message(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: [("ACCESS", "closed"), ("RATE_LIMIT_API", "1/h")]);
        using var reader = desk.Desk.ClientWith(await desk.Desk.AddTokenAsync(SupportTickets.Access.Role.viewer));
        foreach (var (client, method, status) in new[] { (desk.Client, "GET", 401), (reader, "DELETE", 403), (reader, "GET", 429) })
        {
            using var answer = await client.SendAsync(new HttpRequestMessage(new(method), "/odata/Tickets(1)"), Cancel);
            Assert.Equal((status, "en"), ((int)answer.StatusCode, string.Join(',', answer.Content.Headers.ContentLanguage)));
        }
    }

    [Theory, Providers]
    public async Task An_answer_that_breaks_off_is_a_cut_connection(Provider provider)
    {
        var failing = new TornConnection();
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: failing);
        await desk.SeedManyAsync(300, ManualClock.Monday.UtcDateTime);

        failing.After = 250; // some of it was sent
        var broken = await Assert.ThrowsAnyAsync<Exception>(() => GetWholeAsync(desk));
        Assert.True(broken is HttpRequestException or IOException, broken.ToString());

        foreach (var early in new[] { 0, 3 }) // nothing was sent yet, so the fault is answered, not a torn 200
        {
            failing.After = early;
            using var fault = await desk.Client.GetAsync("/odata/Tickets", Cancel);
            Assert.Equal(HttpStatusCode.InternalServerError, fault.StatusCode);
            Assert.DoesNotContain("@odata.context", await fault.Content.ReadAsStringAsync(Cancel));
        }

        failing.After = null;
        Assert.EndsWith("]}", await GetWholeAsync(desk));
    }

    [Fact]
    public async Task Faults_of_the_hosting_are_written_in_its_format()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        var writer = desk.Services.GetServices<IFaultWriter>().Single(w => w.Prefix == "/odata");
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await writer.WriteAsync(context, new Fault(503, "service_unavailable", "Try again."));
        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal(
            """{"error":{"code":"service_unavailable","message":"Try again."}}""", System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    private static async Task<string> GetWholeAsync(FeedDesk desk)
    {
        using var response = await desk.SendAsync(
            HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("Prefer", "odata.maxpagesize=5000"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
