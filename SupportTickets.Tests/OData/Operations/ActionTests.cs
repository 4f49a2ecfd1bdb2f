using System.Net;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;
using SupportTickets.Tests.Triage;
using SupportTickets.Triage;

namespace SupportTickets.Tests.OData;

public sealed class ActionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Resolve_and_Reopen_leave_the_ticket_as_they_say_whatever_it_was(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var (version, events) = (1, 1);
        foreach (var (before, action, after) in new[]
        {
            ("open", "Resolve", "resolved"),
            ("in_progress", "Resolve", "resolved"),
            ("resolved", "Resolve", "resolved"),
            ("closed", "SupportTickets.Resolve", "resolved"),
            ("open", "Reopen", "open"),
            ("in_progress", "Reopen", "in_progress"),
            ("resolved", "Reopen", "open"),
            ("closed", "SupportTickets.Reopen", "open"),
        })
        {
            using var set = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(1)/Status", $$"""{"value":"{{before}}"}""");
            version = int.Parse(set.Headers.ETag!.Tag.Trim('"'));
            events = (await desk.RowsAsync("/odata/Tickets(1)/Events")).Count;
            desk.Forget();
            using var response = await desk.SendAsync(HttpMethod.Post, $"/odata/Tickets(1)/{action}", (HttpContent?)null);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var ticket = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject();
            var changes = before == after ? 0 : 1;
            Assert.InRange(desk.Sql.Count, 2 + changes, 2 + 2 * changes);
            Assert.Equal($"{before} {action}: {after} {version + changes}", $"{before} {action}: {ticket["Status"]} {ticket["Version"]}");
            Assert.Equal($"W/\"{version + changes}\"", response.Headers.ETag!.ToString());
            Assert.Equal((await desk.GetAsync("/odata/Tickets(1)")).ToJsonString(), ticket.ToJsonString());
            Assert.Equal(events + changes, (await desk.RowsAsync("/odata/Tickets(1)/Events")).Count);
        }
        var last = (await desk.RowsAsync("/odata/Tickets(1)/Events?$orderby=Id desc&$top=1"))[0];
        Assert.Equal(
            "anonymous odata status closed open",
            $"{last["Actor"]} {last["Channel"]} {last["Field"]} {last["OldValue"]} {last["NewValue"]}");
        using var minimal = await desk.SendAsync(HttpMethod.Post, "/odata/Events(1)/Ticket/Resolve", "{}", ("Prefer", "return=minimal"));
        Assert.Equal(
            (HttpStatusCode.NoContent, "http://localhost/odata/Tickets(1)", "return=minimal"),
            (
                minimal.StatusCode, minimal.Headers.GetValues("OData-EntityId").Single(),
                minimal.Headers.GetValues("Preference-Applied").Single()));
    }

    [Theory, Providers]
    public async Task Suggestions_are_those_of_the_desk_and_kept(Provider provider)
    {
        await using var triage = await TriageDesk.StartAsync(provider);
        triage.Provider.Answer = StandIn.Says("""{"category":"billing","priority":"high"}""");
        const string Context = "http://localhost/odata/$metadata#SupportTickets";
        Assert.Equal(
            $$"""{"@odata.context":"{{Context}}.SuggestedClassification","Category":"billing","Priority":"high"}""",
            await AskAsync("Classify"));
        triage.Provider.Answer = StandIn.Says("""{"title":"A refund"}""");
        Assert.Equal(
            $$"""{"@odata.context":"{{Context}}.SuggestedTitle","Title":"A refund"}""", await AskAsync("SupportTickets.SuggestTitle"));
        Assert.Equal(
            [(TriageTask.Classify, "billing/high"), (TriageTask.SuggestTitle, "A refund")],
            (await triage.ResultsAsync()).OrderBy(r => r.Task).Select(r => (r.Task, r.Suggested)));
        Assert.Contains("Charged twice", triage.Provider.Requests[0].Message("user"));

        async Task<string> AskAsync(string action)
        {
            using var response = await triage.Desk.Client.PostAsync(
                $"/odata/Tickets/{action}",
                BatchCalls.Content("""{"Description":" Charged twice. Refund! "}""", "application/json"),
                Cancel);
            return await response.Content.ReadAsStringAsync(Cancel);
        }
    }

    [Theory, Providers]
    public async Task A_call_that_is_wrong_is_refused_and_changes_nothing(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: ("MAX_REQUEST_BYTES", "2000"));
        await desk.SeedAsync(1);
        (string Path, string? Json, int Status, string Code)[] calls =
        [
            ("Tickets/Classify", null, 400, "required"),
            ("Tickets/Classify", "{}", 400, "required"),
            ("Tickets/Classify", """{"Description":" "}""", 400, "blank"),
            ("Tickets/SuggestTitle", """{"Description":null}""", 400, "null"),
            ("Tickets/SuggestTitle", """{"Description":["x"]}""", 400, "not_text"),
            ("Tickets/Classify", """{"description":"x"}""", 400, "unknown_parameter"),
            ("Tickets/Classify", """{"Description":"x","Title":"y"}""", 400, "unknown_parameter"),
            ("Tickets/Classify", "[]", 400, "invalid_body"),
            ("Tickets/Classify", "{", 400, "invalid_body"),
            ("Tickets/Classify?$select=Category", """{"Description":"x"}""", 501, "not_implemented"),
            ("Tickets/Classify", "{\"Description\":\"" + new string('x', 3000) + "\"}", 413, "request_too_large"),
            ("Tickets(1)/Resolve", """{"Status":"closed"}""", 400, "unknown_parameter"),
            ("Tickets(1)/Resolve", "null", 400, "invalid_body"),
            ("Tickets(1)/Resolve?$select=Nope", "{}", 400, "invalid_query"),
            ("Tickets(99)/Resolve", "{}", 404, "not_found"),
            ("Tickets(99)/Reopen", null, 404, "not_found"),
            ("Tickets(1)/Close", "{}", 404, "not_found"),
            ("Tickets/Resolve", "{}", 404, "not_found"),
            ("Tickets(1)/Classify", "{}", 404, "not_found"),
            ("Tickets(1)/Other.Resolve", "{}", 404, "not_found"),
            ("Tickets(1)/Resolve/Title", "{}", 404, "not_found"),
            ("Tickets/$each/Resolve", "{}", 501, "not_implemented"),
            ("Resolve", "{}", 404, "not_found"),
        ];
        foreach (var (path, json, status, code) in calls)
        {
            using var response = await desk.SendAsync(HttpMethod.Post, $"/odata/{path}", json);
            var error = await FeedDesk.ErrorAsync(response, (HttpStatusCode)status);
            Assert.Equal($"{path} {code}", $"{path} {error["details"]?[0]!["code"] ?? error["code"]}");
        }
        using var text = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets/Classify", new StringContent("x"));
        await FeedDesk.ErrorAsync(text, HttpStatusCode.UnsupportedMediaType);
        using var html = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets(1)/Resolve", "{}", ("Accept", "text/html"));
        await FeedDesk.ErrorAsync(html, HttpStatusCode.NotAcceptable);
        foreach (var (method, path, allow) in new[]
        {
            ("GET", "Tickets(1)/Resolve", "POST"),
            ("PATCH", "Tickets(1)/SupportTickets.Reopen", "POST"),
            ("GET", "Tickets/Classify", "POST"),
            ("DELETE", "Tickets/SuggestTitle", "POST"),
            ("POST", "Tickets/Stats()", "GET, HEAD"),
            ("PUT", "Tickets/SupportTickets.Stats()", "GET, HEAD"),
        })
        {
            using var response = await desk.SendAsync(new HttpMethod(method), $"/odata/{path}", "{}");
            await FeedDesk.ErrorAsync(response, HttpStatusCode.MethodNotAllowed);
            Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        }
        Assert.Equal(1, (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>());
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task Operations_are_parts_of_batches_and_actions_of_change_sets(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var answers = await desk.BatchAsync(json,
        [
            Part.Create("a", "First", "g"),
            new("b", "POST", "$a/Resolve", "{}", "g"),
            new("c", "POST", "Tickets(1)/SupportTickets.Resolve", "{}", "g", Headers: ("If-Match", "W/\"1\"")),
            new("d", "PUT", "$a/Title", """{"value":"Other"}""", "g"),
            Part.Get("e", "Tickets/Stats()"),
            new("f", "POST", "Tickets/Classify", """{"Description":"x"}"""),
            new("h", "POST", "Tickets(2)/Reopen", Headers: ("Prefer", "return=minimal")),
        ]);
        Assert.Equal(["a 201", "b 200", "c 200", "d 200", "e 200", "f 200", "h 204"], answers.Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal("2 0", $"{answers[4].Json["Total"]} {answers[4].Json["Open"]}");
        var changed = await desk.GetAsync("/odata/Tickets(2)");
        Assert.Equal("Other open 4", $"{changed["Title"]} {changed["Status"]} {changed["Version"]}");
        foreach (var (part, status) in new[]
        {
            (new Part("x", "POST", "Tickets(1)/Reopen", "{}", "g", Headers: ("If-Match", "W/\"1\"")), 412),
            (new Part("x", "POST", "Tickets/Classify", """{"Description":"x"}""", "g"), 501),
            (new Part("x", "POST", "Tickets/SuggestTitle", """{"Description":"x"}""", "g"), 501),
        })
        {
            var failed = await desk.BatchAsync(json, [new("w", "POST", "Tickets(2)/Resolve", "{}", "g"), part]);
            Assert.Equal($"x {status}", failed.Where(a => a.Status != 424).Select(a => $"{a.Id} {a.Status}").Single());
            Assert.Equal("open", (await desk.GetAsync("/odata/Tickets(2)"))["Status"]!.GetValue<string>());
        }
    }

    [Theory, Providers]
    public async Task Only_full_metadata_says_which_actions_a_ticket_has(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var (level, actions) in new[] { ("none", 0), ("minimal", 0), ("full", 6) })
        {
            var one = await desk.GetAsync($"/odata/Tickets(1)?$format=application/json;metadata={level}");
            var many = await desk.GetAsync($"/odata/Tickets?$format=application/json;metadata={level}");
            var nested = await desk.GetAsync($"/odata/Events(1)?$expand=Ticket&$format=application/json;metadata={level}");
            foreach (var ticket in new[] { one, many["value"]![1]!.AsObject(), nested["Ticket"]!.AsObject() })
                Assert.Equal(actions, ticket.Count(p => p.Key.StartsWith('#')));
            if (actions == 0)
                continue;
            var target = many["value"]![1]!["#SupportTickets.Resolve"]!["target"]!.GetValue<string>();
            Assert.Equal("http://localhost/odata/Tickets(2)/SupportTickets.Resolve", target);
            using var resolved = await desk.SendAsync(HttpMethod.Post, target, "{}");
            Assert.Equal(HttpStatusCode.OK, resolved.StatusCode);
        }
        var grouped = await desk.GetAsync("/odata/Tickets?$apply=groupby((Status))&$format=application/json;metadata=full");
        Assert.DoesNotContain("#SupportTickets.Resolve", grouped.ToJsonString());
    }
}
