using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Access;

/// <summary>What each face lets through for whom.</summary>
public sealed class FaceRightsTests
{
    private const string Ticket = """{"title":"t","description":"d","category":"general","priority":"low"}""";
    private const string Entity = """{"Title":"t","Description":"d","Category":"general","Priority":"low"}""";
    private const string Text = """{"description":"It is broken.","Description":"It is broken."}""";
    private const string Description = """{"Description":"It is broken."}""";

    /// <summary>Reads of every face.</summary>
    private static readonly (string Method, string Path, string? Body)[] Reads =
    [
        ("GET", "/api/", null),
        ("GET", "/api/tickets/", null),
        ("GET", "/api/tickets/1/", null),
        ("GET", "/api/tickets/stats/", null),
        ("GET", "/odata/", null),
        ("GET", "/odata/$metadata", null),
        ("GET", "/odata/Tickets", null),
        ("HEAD", "/odata/Tickets(1)", null),
        ("GET", "/odata/Tickets(1)/Events", null),
        ("GET", "/odata/Tickets/Stats()", null),
        ("GET", "/odata/Events", null),
        ("GET", "/", null),
        ("GET", "/tickets", null),
        ("GET", "/tickets/1", null),
        ("GET", "/connect/tickets.odc", null),
    ];

    /// <summary>What sends a ticket in, or prepares it.</summary>
    private static readonly (string Method, string Path, string? Body)[] Submits =
    [
        ("POST", "/api/tickets/", Ticket),
        ("POST", "/api/tickets/classify/", Text),
        ("POST", "/api/tickets/suggest-title/", Text),
        ("POST", "/odata/Tickets", Entity),
        ("POST", "/odata/Tickets/Classify", Description),
        ("POST", "/odata/Tickets/SuggestTitle", Description),
    ];

    /// <summary>Changes and deletions.</summary>
    private static readonly (string Method, string Path, string? Body)[] Writes =
    [
        ("PATCH", "/api/tickets/1/", """{"status":"closed"}"""),
        ("PATCH", "/odata/Tickets(1)", """{"Status":"closed"}"""),
        ("PUT", "/odata/Tickets(1)", Entity),
        ("PATCH", "/odata/Tickets(1)/Title", """{"value":"x"}"""),
        ("PUT", "/odata/Tickets(1)/Title", """{"value":"x"}"""),
        ("DELETE", "/odata/Tickets(1)/Title", null),
        ("PUT", "/odata/Tickets(1)/Title/$value", "x"),
        ("DELETE", "/odata/Tickets(1)/Title/$value", null),
        ("POST", "/odata/Tickets(1)/Resolve", null),
        ("POST", "/odata/Tickets(1)/Reopen", null),
        ("POST", "/odata/Tickets(1)/Assign", null),
        ("DELETE", "/odata/Tickets(1)/AssigneeId", null),
        ("DELETE", "/odata/Tickets(1)", null),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("viewer")]
    [CombinedProviders("viewer with a token")]
    [CombinedProviders("read token of an admin")]
    public async Task Who_only_reads_is_forbidden_every_write_through_every_face(Provider provider, string who)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        using var client = who switch
        {
            "viewer" => FromOurPages(await desk.SignedInAsync(Role.viewer)),
            "viewer with a token" => desk.ClientWith(await desk.AddTokenAsync(Role.viewer)),
            _ => desk.ClientWith(await desk.AddTokenAsync(Role.admin, TokenScope.read)),
        };
        foreach (var request in Reads)
            Assert.Equal((request.Path, 200), (request.Path, await StatusAsync(client, request)));
        foreach (var request in Submits.Concat(Writes))
            Assert.Equal((request.Method, request.Path, 403), (request.Method, request.Path, await StatusAsync(client, request)));
        foreach (var path in (string[])["/tickets/new", "/tickets/1/edit"])
        {
            Assert.Equal((path, 403), (path, await StatusAsync(client, ("GET", path, null))));
            using var form = await client.PostAsync(path, new FormUrlEncodedContent([new("title", "x"), new("status", "closed")]), Cancel);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, form.StatusCode));
        }
        using (var several = await client.PostAsync(
            "/tickets", new FormUrlEncodedContent([new("ticket", "1.1"), new("status", "closed")]), Cancel))
            Assert.Equal(HttpStatusCode.Forbidden, several.StatusCode);
        Assert.DoesNotContain("name=\"ticket\"", await client.GetStringAsync("/tickets", Cancel)); // nothing to select
        foreach (var (method, path, body) in Submits.Concat(Writes).Where(r => r.Path.StartsWith("/odata/")))
            Assert.Equal((path, 403), (path, await InBatchAsync(client, method, path["/odata/".Length..], body)));
        await AssertUntouchedAsync(desk);
    }

    [Theory, Providers]
    public async Task A_change_set_of_one_who_only_reads_is_refused_whole_while_reads_beside_it_are_answered(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        using var client = desk.ClientWith(await desk.AddTokenAsync(Role.agent, TokenScope.read));
        const string Headers = """{"content-type":"application/json","if-match":"*","authorization":"Bearer other"}""";
        var answers = await BatchAsync(client, $$$"""
            {"requests":[
                {"id":"1","method":"GET","url":"Tickets(1)"},
                {"id":"2","method":"PATCH","url":"Tickets(1)","atomicityGroup":"g","headers":{{{Headers}}},"body":{"Status":"closed"}},
                {"id":"3","method":"GET","url":"Tickets/$count"}]}
            """);
        Assert.Equal([200, 403, 200], answers.Select(a => a!["status"]!.GetValue<int>()));
        Assert.Equal("forbidden", answers[1]!["body"]!["error"]!["code"]!.GetValue<string>());
        await AssertUntouchedAsync(desk);
    }

    [Theory, Providers]
    public async Task Agents_do_all_of_it_and_their_names_stand_in_the_history(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        var maria = await desk.AddPersonAsync(Role.agent, "María López");
        using var program = desk.ClientWith((await desk.AddTokenAsync(maria)).Text);
        using var browser = await desk.SignedInAsync(maria);
        foreach (var request in Reads)
            Assert.Equal((request.Path, 200), (request.Path, await StatusAsync(program, request)));
        foreach (var request in Submits)
            Assert.InRange(await StatusAsync(program, request), 200, 201);
        Assert.Equal(200, await StatusAsync(program, ("PATCH", "/api/tickets/1/", """{"status":"in_progress"}""")));
        Assert.Equal(200, await InBatchAsync(program, "POST", "Tickets(1)/Resolve", null));
        using (var edit = await browser.PostFormAsync("/tickets/1/edit", "/tickets/1/edit", ("was-priority", "low"), ("priority", "high")))
            Assert.Equal("/tickets/1", edit.Headers.Location?.ToString());
        using (var created = await browser.PostFormAsync(
            "/tickets/new", "/tickets/new", ("title", "By form"), ("description", "d"), ("category", "general"), ("priority", "low")))
            Assert.Equal("/tickets/4", created.Headers.Location?.ToString());

        await using var db = desk.Database.Open();
        var events = await db.TicketEvents
            .Where(e => e.Actor != "tester")
            .OrderBy(e => e.Id)
            .Select(e => $"{e.TicketId} {e.Actor} {e.Channel} {e.NewValue}")
            .ToListAsync(Cancel);
        Assert.Equal(
            [
                "2 María López rest open", "3 María López odata open", "1 María López rest in_progress", "1 María López odata resolved",
                "1 María López web high", "4 María López web open",
            ],
            events);
        Assert.Equal(204, await StatusAsync(program, ("DELETE", "/odata/Tickets(1)", null)));
        Assert.Equal("María López", Assert.Single(db.TicketDeletions).Actor);
    }

    [Theory, Providers]
    public async Task A_submit_desk_takes_tickets_from_anybody_and_shows_nothing(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "submit"));
        await desk.AddTicketAsync();
        foreach (var request in Submits)
            Assert.InRange(await StatusAsync(desk.Client, request), 200, 201);
        Assert.Equal(201, await InBatchAsync(desk.Client, "POST", "Tickets", Entity));
        foreach (var request in Reads.Where(r => !IsPage(r.Path)).Concat(Writes))
            Assert.Equal((request.Method, request.Path, 401), (request.Method, request.Path, await StatusAsync(desk.Client, request)));
        foreach (var request in Reads.Where(r => IsPage(r.Path)))
            Assert.Equal((request.Path, 302), (request.Path, await StatusAsync(desk.Client, request)));
        Assert.Equal(401, await InBatchAsync(desk.Client, "GET", "Tickets", null));
        Assert.Equal(401, await InBatchAsync(desk.Client, "DELETE", "Tickets(1)", null));

        using var sent = await desk.Client.PostFormAsync(
            "/tickets/new", "/tickets/new", ("title", "By form"), ("description", "d"), ("category", "general"), ("priority", "low"),
            ("requesterName", "Rita"), ("requesterEmail", "rita@example.com"));
        Assert.Equal("/tickets/new?sent=5", sent.Headers.Location?.ToString());
        var page = await desk.Client.GetStringAsync("/tickets/new?sent=5", Cancel);
        Assert.Contains("Its number is <strong>#5</strong>", page);
        Assert.DoesNotContain("href=\"/tickets\"", page);
        Assert.DoesNotContain("Open desk", page);

        // With a credential a submit desk is what a closed one is.
        using var viewer = desk.ClientWith(await desk.AddTokenAsync(Role.viewer));
        foreach (var request in Reads)
            Assert.Equal((request.Path, 200), (request.Path, await StatusAsync(viewer, request)));
        Assert.Equal(403, await StatusAsync(viewer, Submits[0]));
        await AssertUntouchedAsync(desk, tickets: 5);
    }

    [Theory, Providers]
    public async Task An_open_desk_needs_no_credential_but_holds_one_that_is_shown_to_what_it_allows(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        foreach (var request in Reads)
            Assert.Equal((request.Path, 200), (request.Path, await StatusAsync(desk.Client, request)));
        Assert.Contains("Open desk", await desk.Client.GetStringAsync("/tickets", Cancel));
        Assert.Contains("href=\"/sign-in\"", await desk.Client.GetStringAsync("/tickets", Cancel));
        Assert.Equal(302, await StatusAsync(desk.Client, ("GET", "/settings/tokens", null)));
        using var reader = desk.ClientWith(await desk.AddTokenAsync(Role.admin, TokenScope.read));
        foreach (var request in Submits.Concat(Writes))
            Assert.Equal((request.Method, request.Path, 403), (request.Method, request.Path, await StatusAsync(reader, request)));
        await AssertUntouchedAsync(desk);
    }

    [Theory, Providers]
    public async Task A_session_writes_through_REST_and_OData_only_from_our_own_pages(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        using var client = await desk.SignedInAsync(Role.agent);
        Assert.Equal(200, await StatusAsync(client, ("GET", "/odata/Tickets", null)));
        foreach (var request in Submits.Concat(Writes))
            Assert.Equal((request.Path, 401), (request.Path, await StatusAsync(client, request)));
        (string, string)[] foreign =
        [
            ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "none"),
            ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", "https://localhost"),
        ];
        foreach (var header in foreign)
            Assert.Equal((header, 401), (header, await StatusAsync(client, Writes[0], header)));
        Assert.Equal(401, await InBatchAsync(client, "DELETE", "Tickets(1)", null));
        await AssertUntouchedAsync(desk);
        Assert.Equal(200, await StatusAsync(client, Writes[0], ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(200, await StatusAsync(client, Writes[1], ("Origin", "http://localhost")));
        Assert.Equal(200, await InBatchAsync(FromOurPages(client), "POST", "Tickets(1)/Reopen", null));
    }

    private static bool IsPage(string path) => !path.StartsWith("/api") && !path.StartsWith("/odata");

    private static HttpClient FromOurPages(HttpClient client)
    {
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }

    private static async Task<int> StatusAsync(
        HttpClient client, (string Method, string Path, string? Body) request, params (string Name, string Value)[] headers)
    {
        using var message = new HttpRequestMessage(new(request.Method), request.Path);
        if (request.Body is not null)
            message.Content = new StringContent(
                request.Body, Encoding.UTF8,
                request.Path.EndsWith("/$value", StringComparison.Ordinal) ? "text/plain" : "application/json");
        foreach (var (name, value) in headers)
            message.Headers.Add(name, value);
        using var answer = await client.SendAsync(message, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        // Each face refuses in its own format.
        if (request.Method == "HEAD")
            Assert.Empty(text);
        else if ((int)answer.StatusCode is 401 or 403 && request.Path.StartsWith("/api"))
            Assert.NotEmpty(JsonNode.Parse(text)!["detail"]!.GetValue<string>());
        else if ((int)answer.StatusCode is 401 or 403 && request.Path.StartsWith("/odata"))
            Assert.Equal(
                (int)answer.StatusCode is 401 ? "unauthorized" : "forbidden", JsonNode.Parse(text)!["error"]!["code"]!.GetValue<string>());
        else if ((int)answer.StatusCode is 403)
            Assert.Contains("<h1>You may not do this</h1>", text);
        Assert.Equal(answer.StatusCode == HttpStatusCode.Unauthorized ? 2 : 0, answer.Headers.WwwAuthenticate.Count);
        return (int)answer.StatusCode;
    }

    // The status of the one part, or of the batch where that is refused.
    private static async Task<int> InBatchAsync(HttpClient client, string method, string url, string? body)
    {
        var part = new JsonObject { ["id"] = "1", ["method"] = method, ["url"] = url };
        if (body is not null)
        {
            var isText = url.EndsWith("/$value", StringComparison.Ordinal);
            part["headers"] = new JsonObject { ["content-type"] = isText ? "text/plain" : "application/json" };
            part["body"] = isText ? JsonValue.Create(body) : JsonNode.Parse(body);
        }
        using var content = new StringContent(
            new JsonObject { ["requests"] = new JsonArray(part) }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/odata/$batch", content, Cancel);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["responses"]![0]!["status"]!.GetValue<int>()
            : (int)answer.StatusCode;
    }

    private static async Task<JsonArray> BatchAsync(HttpClient client, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/odata/$batch")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "continue-on-error");
        using var answer = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["responses"]!.AsArray();
    }

    private static async Task AssertUntouchedAsync(Desk desk, int tickets = 1)
    {
        await using var db = desk.Database.Open();
        Assert.Equal((tickets, 1), (await db.Tickets.CountAsync(Cancel), (await db.Tickets.SingleAsync(t => t.Id == 1, Cancel)).Version));
        Assert.Empty(db.TicketDeletions);
    }
}
