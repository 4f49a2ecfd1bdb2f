using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;

namespace SupportTickets.Tests.Access;

/// <summary>
/// What RATE_LIMIT_* allows and what one more gets. Everything is per day, so that nothing is given back while a test
/// runs; each test has addresses, people and tokens of its own.
/// </summary>
public sealed class RateLimitTests(LimitedDesk limited) : IClassFixture<LimitedDesk>
{
    private const int SignIns = LimitedDesk.SignIns, Submissions = LimitedDesk.Submissions, Requests = LimitedDesk.Requests;

    private static readonly object Ticket = new { title = "Sent in", description = "D", category = "billing", priority = "high" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Desk Desk => limited.Desk;

    [Theory]
    [InlineData("/api/tickets/{0}/", "10.9.1.1")]
    [InlineData("/odata/Tickets({0})", "10.9.1.2")]
    public async Task A_token_that_asks_too_often_learns_nothing_and_no_other_one_is_stopped(string path, string address)
    {
        var person = await Desk.AddPersonAsync(Role.agent, $"Reader of {path[..4]}");
        var ticket = await Desk.AddTicketAsync();
        var token = (await Desk.AddTokenAsync(person)).Text;
        using var client = Desk.ClientFrom(address, token);
        for (var i = 0; i < Requests; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, string.Format(path, ticket.Id)));
        foreach (var id in (int[])[ticket.Id, 999_999])
        {
            using var refused = await client.GetAsync(string.Format(path, id), Cancel);
            await AssertTooOftenAsync(refused);
        }
        using var elsewhere = Desk.ClientFrom("10.9.1.9", token);
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(elsewhere, "/api/"));
        using var other = Desk.ClientFrom(address, (await Desk.AddTokenAsync(person)).Text);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, string.Format(path, ticket.Id)));
    }

    [Fact]
    public async Task The_sessions_of_a_person_count_together_and_pages_do_not()
    {
        var person = await Desk.AddPersonAsync(Role.viewer, "Two browsers");
        using var one = Desk.ClientFrom("10.9.2.1");
        using var two = Desk.ClientFrom("10.9.2.2");
        foreach (var client in (HttpClient[])[one, two])
            Assert.Equal(HttpStatusCode.Redirect, (await client.SignInAsync(person.Email!, People.Password)).StatusCode);
        for (var i = 0; i < Requests; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(i % 2 == 0 ? one : two, "/api/tickets/stats/"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(one, "/api/tickets/stats/"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(two, "/odata/Tickets"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(one, "/tickets"));
    }

    [Fact]
    public async Task Without_a_credential_that_counts_requests_count_by_address()
    {
        using var client = Desk.ClientFrom("10.9.3.1");
        using var wrong = Desk.ClientFrom("10.9.3.1", "st_wrong");
        for (var i = 0; i < Requests; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(i % 2 == 0 ? client : wrong, "/api/tickets/"));
        foreach (var stopped in (HttpClient[])[client, wrong])
            Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(stopped, "/api/tickets/"));
        foreach (var never in (string[])["/healthz", "/css/base.css", "/favicon.svg", "/sign-in", "/nowhere"])
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await StatusAsync(client, never));
        using var known = Desk.ClientFrom("10.9.3.1", await Desk.AddTokenAsync(Role.viewer, TokenScope.read, "Beside a stranger"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known, "/api/tickets/stats/"));
    }

    [Theory]
    [InlineData("/api/tickets/", "/api/tickets/suggest-title/", "10.9.4.1")]
    [InlineData("/odata/Tickets", "/odata/Tickets/Classify", "10.9.4.2")]
    [InlineData("/tickets/new", "/tickets/new?handler=Title", "10.9.4.3")]
    public async Task Strangers_send_in_and_ask_for_suggestions_so_often_from_one_address(string create, string suggest, string address)
    {
        using var client = Desk.ClientFrom(address);
        var before = (await Desk.TicketsAsync()).Count;
        Assert.True(await SubmitAsync(client, create) is HttpStatusCode.Created or HttpStatusCode.Redirect);
        for (var i = 1; i < Submissions; i++)
            Assert.Equal(HttpStatusCode.OK, await SubmitAsync(client, suggest));
        foreach (var path in (string[])[create, suggest])
            Assert.Equal(HttpStatusCode.TooManyRequests, await SubmitAsync(client, path));
        Assert.Equal(before + 1, (await Desk.TicketsAsync()).Count);

        using var neighbour = Desk.ClientFrom(address + "0");
        Assert.Equal(HttpStatusCode.OK, await SubmitAsync(neighbour, suggest));
        using var known = Desk.ClientFrom(address, await Desk.AddTokenAsync(Role.agent, TokenScope.write, $"Agent at {address}"));
        Assert.Equal(HttpStatusCode.OK, await SubmitAsync(known, "/api/tickets/classify/"));
    }

    [Fact]
    public async Task A_part_of_a_batch_counts_like_a_request_of_its_own()
    {
        using var client = Desk.ClientFrom("10.9.5.1", await Desk.AddTokenAsync(Role.agent, TokenScope.write, "Batches"));
        var parts = Enumerable.Range(1, Requests).Select(i => Part.Get($"{i}", "Tickets/$count")).ToList();
        using var answer = await client.PostAsync("/odata/$batch", BatchCalls.Json(parts), Cancel);
        var answers = await BatchCalls.AnswersAsync(answer);
        Assert.Equal([.. Enumerable.Repeat(200, Requests - 1), 429], answers.Select(a => a.Status)); // the batch itself is one
        AssertSeconds(answers[^1].Headers.Single(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value);
        Assert.Equal("too_many_requests", answers[^1].Json["error"]!["code"]!.GetValue<string>());
        using var refused = await client.PostAsync("/odata/$batch", BatchCalls.Json(parts), Cancel);
        await AssertTooOftenAsync(refused);
    }

    [Fact]
    public async Task A_change_set_that_is_too_much_is_not_begun()
    {
        using var client = Desk.ClientFrom("10.9.5.2", await Desk.AddTokenAsync(Role.agent, TokenScope.write, "Change sets"));
        var before = (await Desk.TicketsAsync()).Count;
        var parts = Enumerable.Range(1, Requests).Select(i => Part.Create($"{i}", "In a set", group: "g"));
        using var answer = await client.PostAsync("/odata/$batch", BatchCalls.Json(parts), Cancel);
        Assert.Equal([.. Enumerable.Repeat(424, Requests - 1), 429], (await BatchCalls.AnswersAsync(answer)).Select(a => a.Status).Order());
        Assert.Equal(before, (await Desk.TicketsAsync()).Count);
    }

    [Fact]
    public async Task A_stranger_cannot_hide_tickets_in_a_batch()
    {
        using var client = Desk.ClientFrom("10.9.5.3");
        var before = (await Desk.TicketsAsync()).Count;
        var parts = Enumerable.Range(1, Submissions + 1).Select(i => Part.Create($"{i}", "In a batch"));
        using var answer = await client.PostAsync("/odata/$batch", BatchCalls.Json(parts), Cancel);
        Assert.Equal([.. Enumerable.Repeat(201, Submissions), 429], (await BatchCalls.AnswersAsync(answer)).Select(a => a.Status));
        Assert.Equal(before + Submissions, (await Desk.TicketsAsync()).Count);
    }

    [Fact]
    public async Task Too_many_attempts_to_sign_in_from_an_address_are_stopped_before_a_password_is_looked_at()
    {
        var person = await Desk.AddPersonAsync(Role.agent, "Guessed at");
        var statuses = new List<(string, HttpStatusCode)>();
        // Whether there is an account or not, it goes the same way.
        foreach (var (email, network) in ((string, string)[])[(person.Email!, "2001:db8:0:1"), ("nobody@example.com", "2001:db8:0:2")])
        {
            var hashed = 0;
            for (var i = 0; i <= SignIns; i++)
            {
                using var client = Desk.ClientFrom($"{network}::{i + 1}"); // one subscriber has them all
                hashed = limited.Hasher.Count;
                using var answer = await client.SignInAsync(email, i < SignIns ? "wrong" : People.Password);
                statuses.Add((email, answer.StatusCode));
                if (i == SignIns) await AssertTooOftenAsync(answer);
            }
            Assert.Equal(hashed, limited.Hasher.Count);
        }
        Assert.Equal(statuses.Take(SignIns + 1).Select(s => s.Item2), statuses.Skip(SignIns + 1).Select(s => s.Item2));
        await using var db = Desk.Database.Open();
        Assert.Equal(SignIns, await db.AccessLog.CountAsync(e => e.PersonId == person.Id && e.Act == AccessAction.sign_in_failed, Cancel));
        using var elsewhere = Desk.ClientFrom("2001:db8:0:3::1");
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.SignInAsync(person.Email!, People.Password)).StatusCode);
    }

    [Theory]
    [InlineData("setup", "10.9.6.1")]
    [InlineData("invitation", "10.9.6.2")]
    [InlineData("new-password", "10.9.6.3")]
    public async Task Codes_of_links_are_tried_as_often_as_passwords(string page, string address)
    {
        using var client = Desk.ClientFrom(address);
        for (var i = 0; i < SignIns; i++)
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"/{page}?code={i}"));
        using var refused = await client.GetAsync($"/{page}?code=x", Cancel);
        await AssertTooOftenAsync(refused);
    }

    [Theory]
    [InlineData("10.1.2.3", "203.0.113.5, 198.51.100.7", "198.51.100.7", "203.0.113.71")]
    [InlineData("10.1.2.3", "198.51.100.8, 10.4.4.4", "198.51.100.8", "203.0.113.72")]
    [InlineData("192.0.2.1", "198.51.100.9", "192.0.2.1", "203.0.113.73")]
    [InlineData("10.1.2.3", "not an address", "10.1.2.3", "203.0.113.74")]
    public async Task Of_a_request_through_a_proxy_the_address_of_the_client_counts_and_nobody_elses_word_for_it(
        string connection, string forwarded, string address, string stranger)
    {
        using var client = Desk.ClientFrom(connection);
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        for (var i = 0; i < SignIns; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await client.SignInAsync($"someone@{address}.example", "wrong")).StatusCode);
        await using var db = Desk.Database.Open();
        Assert.Equal(
            [address],
            await db.AccessLog.Where(e => e.About == $"someone@{address}.example").Select(e => e.Address).Distinct().ToListAsync(Cancel));

        using var same = Desk.ClientFrom(address);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await same.SignInAsync("x@example.com", "wrong")).StatusCode);
        using var claimed = Desk.ClientFrom(stranger);
        claimed.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", address);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await claimed.PostAsync("/sign-in", null, Cancel)).StatusCode);
    }

    [Fact]
    public async Task An_open_desk_stops_nobody()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        for (var i = 0; i < 40; i++)
            Assert.Equal(HttpStatusCode.OK, await SubmitAsync(desk.Client, "/api/tickets/suggest-title/"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> SubmitAsync(HttpClient client, string path)
    {
        (string, string)[] fields =
        [
            ("title", "Sent in"), ("description", "D"), ("category", "billing"), ("priority", "high"), ("requesterName", "Rita"),
            ("requesterEmail", "rita@example.com"),
        ];
        using var answer =
            path.StartsWith("/tickets/", StringComparison.Ordinal) ? await client.PostFormAsync("/tickets/new", path, fields)
            : path.EndsWith("/Classify", StringComparison.Ordinal)
                ? await client.PostAsJsonAsync(path, new { Description = "D" }, JsonSerializerOptions.Default, Cancel)
            : path.StartsWith("/odata", StringComparison.Ordinal)
                ? await client.PostAsJsonAsync(
                    path,
                    new
                    {
                        Title = "Sent in",
                        Description = "D",
                        Category = "billing",
                        Priority = "high",
                    },
                    JsonSerializerOptions.Default, Cancel)
            : await client.PostAsJsonAsync(path, Ticket, Cancel);
        if (answer.StatusCode is HttpStatusCode.TooManyRequests) await AssertTooOftenAsync(answer);
        return answer.StatusCode;
    }

    /// <summary>429 with Retry-After, as its face writes errors.</summary>
    private static async Task AssertTooOftenAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        var seconds = answer.Headers.GetValues("Retry-After").Single();
        AssertSeconds(seconds);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        var path = answer.RequestMessage!.RequestUri!.AbsolutePath;
        if (path.StartsWith("/api", StringComparison.Ordinal))
        {
            Assert.Equal($$"""{"detail":"Request was throttled. Expected available in {{seconds}} seconds."}""", text);
        }
        else if (path.StartsWith("/odata", StringComparison.Ordinal))
        {
            var error = JsonNode.Parse(text)!["error"]!;
            Assert.Equal("too_many_requests", error["code"]!.GetValue<string>());
            Assert.EndsWith($"try again in {seconds} seconds.", error["message"]!.GetValue<string>());
            Assert.True(answer.Headers.Contains("OData-Version"));
        }
        else
        {
            var page = new HtmlParser().ParseDocument(text);
            Assert.Equal("Too many requests", page.QuerySelector(".fault h1, .problem h2")!.TextContent);
            Assert.Equal("SupportTickets", page.QuerySelector(".brand")!.TextContent);
            Assert.Contains($"try again in {seconds} seconds.", page.QuerySelector(".fault, .problem")!.TextContent);
            if (page.QuerySelector(".problem") is not null)
                Assert.Equal(
                    ("Sent in", "D"),
                    (page.QuerySelector("#title")!.GetAttribute("value"), page.QuerySelector("#description")!.TextContent.Trim()));
        }
    }

    // One share of a day.
    private static void AssertSeconds(string text) => Assert.InRange(int.Parse(text), 1, 86_400 / SignIns);
}
