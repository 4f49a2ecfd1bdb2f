using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Triage;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

public sealed class ReplaceTests
{
    private const string Whole =
        """{"Title":"New title","Description":"New text","Category":"account","Priority":"critical","Status":"in_progress"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task PUT_replaces_all_that_can_be_written_and_leaves_events_for_what_changed(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        using var created = await desk.SendAsync(
            HttpMethod.Post,
            "/odata/Tickets",
            """{"Title":"a","Description":"b","Category":"account","Priority":"low","Status":"closed"}""");
        using var replaced = await desk.SendAsync(
            HttpMethod.Put, "/odata/Tickets(1)", Whole, ("If-Match", created.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.Equal("W/\"2\"", replaced.Headers.ETag!.ToString());
        var ticket = JsonNode.Parse(await replaced.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal(
            "New title|New text|account|critical|in_progress|2|1",
            string.Join(
                '|',
                new[] { "Title", "Description", "Category", "Priority", "Status", "Version", "ReopenCount" }.Select(p =>
                    ticket[p]!.ToString())));
        var events = await desk.RowsAsync("/odata/Tickets(1)/Events?$orderby=Id&$skip=1");
        Assert.Equal(
            ["title a New title", "description b New text", "priority low critical", "status closed in_progress"],
            events.Select(e => $"{e["Field"]} {e["OldValue"]} {e["NewValue"]}"));

        desk.Forget();
        using var same = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(1)", Whole, ("Prefer", "return=minimal"));
        Assert.Equal(HttpStatusCode.NoContent, same.StatusCode);
        Assert.Equal("W/\"2\"", same.Headers.ETag!.ToString());
        Assert.Equal("http://localhost/odata/Tickets(1)", same.Headers.GetValues("OData-EntityId").Single());
        Assert.Equal(3, desk.Sql.Count); // the key, the ticket, its scoring job
        Assert.Equal("5", await desk.Client.GetStringAsync("/odata/Events/$count", Cancel));
    }

    [Theory, Providers]
    public async Task What_is_left_out_of_a_PUT_gets_its_default_or_is_required(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        var metadata = await desk.Client.GetStringAsync("/odata/$metadata", Cancel);
        Assert.Contains("""<Property Name="Status" Type="SupportTickets.Status" DefaultValue="open" Nullable="false">""", metadata);
        using var reopened = await desk.SendAsync(
            HttpMethod.Put, "/odata/Tickets(2)", """{"Title":"t","Description":"d","Category":"general","Priority":"low"}""");
        Assert.Equal("open", JsonNode.Parse(await reopened.Content.ReadAsStringAsync(Cancel))!["Status"]!.GetValue<string>());
        using var empty = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(2)", "{}");
        var error = await FeedDesk.ErrorAsync(empty, HttpStatusCode.BadRequest);
        Assert.Equal(
            ["Title required", "Description required", "Category required", "Priority required"],
            error["details"]!.AsArray().Select(d => $"{d!["target"]} {d["code"]}"));
        using var unknown = await desk.SendAsync(
            HttpMethod.Put, "/odata/Tickets(2)", Whole.Replace("Title", "Titel", StringComparison.Ordinal));
        await FeedDesk.ErrorAsync(unknown, HttpStatusCode.BadRequest);
        var read = await desk.GetAsync("/odata/Tickets(2)");
        Assert.Equal("t open 3", $"{read["Title"]} {read["Status"]} {read["Version"]}");
    }

    [Theory, Providers]
    public async Task What_was_read_can_be_put_back_whatever_control_information_it_has(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var (level, version) in new[] { ("minimal", "4.0"), ("full", "4.0"), ("full", "4.01"), ("none", "4.01") })
        {
            var read = await desk.GetAsync($"/odata/Tickets(2)?$format=application/json;metadata={level}", ("OData-MaxVersion", version));
            var (before, score) = (read["Version"]!.GetValue<int>(), read["UrgencyScore"]!.GetValue<int>());
            read["Title"] = $"{level} {version}";
            read["UrgencyScore"] = 99; // computed: passed over
            using var put = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(2)", read.ToJsonString(), ("OData-Version", version));
            Assert.True(put.StatusCode == HttpStatusCode.OK, await put.Content.ReadAsStringAsync(Cancel));
            var after = await desk.GetAsync("/odata/Tickets(2)");
            Assert.Equal(
                $"{level} {version} {before + 1} {score} closed",
                $"{after["Title"]} {after["Version"]} {after["UrgencyScore"]} {after["Status"]}");
        }
        var expanded = await desk.GetAsync("/odata/Tickets(2)?$expand=Events");
        using var deep = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(2)", expanded.ToJsonString());
        Assert.Equal(
            "nested_entity", (await FeedDesk.ErrorAsync(deep, HttpStatusCode.BadRequest))["details"]![0]!["code"]!.GetValue<string>());
    }

    /// <summary>Keys are given by the desk, so an update of what is not there must fail (OData 4.01, 11.4.4).</summary>
    [Theory, Providers]
    public async Task No_update_creates_a_ticket(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Patch })
        {
            foreach (var (name, value) in new[]
            {
                ("X-None", "x"),
                ("If-None-Match", "*"),
                ("If-Match", "*"),
                ("If-Match", "W/\"1\""),
                ("If-None-Match", "W/\"1\""),
            })
            {
                using var absent = await desk.SendAsync(method, "/odata/Tickets(99)", Whole, (name, value));
                Assert.Equal("not_found", (await FeedDesk.ErrorAsync(absent, HttpStatusCode.NotFound))["code"]!.GetValue<string>());
            }
        }
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
    }

    [Theory, Providers]
    public async Task A_write_is_done_only_when_all_its_conditions_hold(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        (string Method, string Path, string Body)[] writes =
        [
            ("PATCH", "", """{"Title":"x"}"""),
            ("PUT", "", Whole),
            ("PUT", "/Title", """{"value":"x"}"""),
            ("POST", "/Resolve", "{}"),
            ("POST", "/SupportTickets.Reopen", "{}"),
        ];
        foreach (var (method, path, body) in writes)
        {
            foreach (var (name, value) in new[]
            {
                ("If-Match", "W/\"2\""),
                ("If-Match", "W/\"2\", W/\"3\""),
                ("If-Match", "\"not-ours\""),
                ("If-None-Match", "*"),
                ("If-None-Match", "W/\"1\""),
                ("If-None-Match", "W/\"7\", W/\"1\""),
            })
            {
                using var refused = await desk.SendAsync(new(method), $"/odata/Tickets(1){path}", body, (name, value));
                var error = await FeedDesk.ErrorAsync(refused, HttpStatusCode.PreconditionFailed);
                Assert.Equal("precondition_failed", error["code"]!.GetValue<string>());
            }
            foreach (var name in new[] { "If-Match", "If-None-Match" })
            {
                using var malformed = await desk.SendAsync(new(method), $"/odata/Tickets(1){path}", body, (name, "1"));
                Assert.Equal(name, (await FeedDesk.ErrorAsync(malformed, HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
            }
        }
        Assert.Equal(1, (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>());
        var version = 1;
        foreach (var (method, path, body) in writes)
        {
            using var taken = await desk.SendAsync(
                new(method), $"/odata/Tickets(1){path}", body, ("If-Match", $"W/\"77\", W/\"{version}\""), ("If-None-Match", "W/\"77\""));
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
            Assert.Equal($"W/\"{++version}\"", taken.Headers.ETag!.ToString());
        }
    }

    [Theory, Providers]
    public async Task An_ETag_in_a_body_of_4_01_counts_as_a_condition(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        (string Version, string ETag, HttpStatusCode Status)[] cases =
        [
            ("4.01", "\"@etag\":\"W/\\\"9\\\"\"", HttpStatusCode.PreconditionFailed),
            ("4.01", "\"@odata.etag\":\"W/\\\"9\\\"\"", HttpStatusCode.PreconditionFailed),
            ("4.01", "\"@etag\":\"nonsense\"", HttpStatusCode.BadRequest),
            ("4.0", "\"@odata.etag\":\"W/\\\"9\\\"\"", HttpStatusCode.OK),
            ("4.01", "\"@etag\":\"*\"", HttpStatusCode.OK),
            ("4.01", "\"@etag\":\"W/\\\"3\\\"\"", HttpStatusCode.OK),
        ];
        foreach (var (n, (version, etag, status)) in cases.Index())
        {
            foreach (var method in n < 3 ? new[] { HttpMethod.Patch, HttpMethod.Put } : [HttpMethod.Put])
            {
                using var response = await desk.SendAsync(
                    method, "/odata/Tickets(1)",
                    $$"""{{{etag}}, "Title":"{{n}}","Description":"d","Category":"general","Priority":"low"}""",
                    ("OData-Version", version));
                Assert.True(status == response.StatusCode, $"{n} {await response.Content.ReadAsStringAsync(Cancel)}");
            }
        }
        Assert.Equal(4, (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>());
    }

    [Theory, Providers]
    public async Task The_answer_to_a_write_has_the_shape_that_select_and_expand_ask_for(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var shape = "?$select=Title,Status&$expand=Events($filter=Field eq 'status';$select=NewValue;$orderby=Id desc;$top=1)";
        foreach (var (method, path, body, last) in new[]
        {
            ("PATCH", "Tickets(1)", """{"Status":"closed"}""", "closed"),
            ("PUT", "Tickets(1)", Whole, "in_progress"),
            ("POST", "Tickets", Whole, "in_progress"),
            ("POST", "Tickets(1)/Resolve", "", "resolved"),
        })
        {
            using var response = await desk.SendAsync(new(method), $"/odata/{path}{shape}", body);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject();
            Assert.Equal(["@odata.context", "@odata.etag", "Title", "Status", "Events"], answer.Select(p => p.Key));
            Assert.Equal($"{last} {last}", $"{answer["Status"]} {answer["Events"]![0]!["NewValue"]}");
            Assert.Equal(answer["@odata.etag"]!.GetValue<string>(), response.Headers.ETag!.ToString());
        }
        var version = (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>();
        foreach (var wrong in new[] { "$select=Nope", "$expand=Nope", "$filter=true", "$top=1", "$expand=Events($filter=Nope eq 1)" })
        {
            using var refused = await desk.SendAsync(HttpMethod.Patch, $"/odata/Tickets(1)?{wrong}", """{"Title":"not written"}""");
            await FeedDesk.ErrorAsync(refused, HttpStatusCode.BadRequest);
        }
        Assert.Equal(version, (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>());
        // Known only once it runs: written, so it must not look as if it were not.
        using var late = await desk.SendAsync(
            HttpMethod.Patch, "/odata/Tickets(1)?$expand=Events($filter=1 div (TicketId sub TicketId) eq 1)", """{"Title":"written"}""");
        Assert.Equal(HttpStatusCode.NoContent, late.StatusCode);
        Assert.Equal($"W/\"{version + 1}\"", late.Headers.ETag!.ToString());
    }

    [Theory, Providers]
    public async Task Related_entities_are_not_written_along_in_any_way(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var nested in new[]
        {
            "\"Events\":[]",
            "\"Events\":[{\"@id\":\"Events(1)\"}]",
            "\"Events@delta\":[{\"@removed\":{\"reason\":\"deleted\"},\"@id\":\"Events(1)\"}]",
            "\"Events@odata.delta\":[]",
            "\"Events@odata.bind\":[\"Events(1)\"]",
            "\"Events@bind\":[]",
        })
        {
            foreach (var (method, url) in new[] { ("PATCH", "Tickets(1)"), ("PUT", "Tickets(1)"), ("POST", "Tickets") })
            {
                using var refused = await desk.SendAsync(
                    new(method), $"/odata/{url}", Whole.TrimEnd('}') + "," + nested + "}", ("OData-Version", "4.01"));
                var detail = (await FeedDesk.ErrorAsync(refused, HttpStatusCode.BadRequest))["details"]!.AsArray().Single()!;
                Assert.Equal($"nested_entity {nested.Split('"')[1]}", $"{detail["code"]} {detail["target"]}");
            }
        }
        foreach (var (method, url, allow) in new[]
        {
            ("POST", "Tickets(1)/Events/$ref", "GET, HEAD"),
            ("PUT", "Tickets(1)/Events/$ref", "GET, HEAD"),
            ("DELETE", "Tickets(1)/Events/$ref?$id=Events(1)", "GET, HEAD"),
            ("DELETE", "Tickets(1)/Events(1)/$ref", "GET, HEAD"),
            ("PUT", "Events(1)/Ticket/$ref", "GET, HEAD"),
            ("DELETE", "Events(1)/Ticket/$ref", "GET, HEAD"),
            ("POST", "Tickets/$ref", "GET, HEAD"),
            ("DELETE", "Tickets(1)/$ref", "GET, HEAD"),
            ("PATCH", "Events(1)/Ticket", "GET, HEAD"),
            ("PUT", "Events(1)", "GET, HEAD"),
            ("PUT", "Tickets", "GET, HEAD, POST"),
            ("PATCH", "Tickets", "GET, HEAD, POST"),
        })
        {
            using var refused = await desk.SendAsync(new(method), $"/odata/{url}", """{"@odata.id":"Events(1)"}""");
            await FeedDesk.ErrorAsync(refused, HttpStatusCode.MethodNotAllowed);
            Assert.Equal(allow, string.Join(", ", refused.Content.Headers.Allow));
        }
        Assert.EndsWith("Events(1)", (await desk.GetAsync("/odata/Tickets(1)/Events(1)/$ref"))["@odata.id"]!.GetValue<string>());
        using var each = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets/$each", "{}");
        await FeedDesk.ErrorAsync(each, HttpStatusCode.NotImplemented);
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Events/$count", Cancel));
    }

    [Theory, Providers]
    public async Task A_PUT_scores_the_text_anew_and_in_a_change_set_later(Provider provider)
    {
        await using var triage = await TriageDesk.StartAsync(provider);
        var ticket = await triage.Desk.AddTicketAsync();
        triage.Provider.Answer = StandIn.Says("""{"sentiment":"calm","urgency_score":7}""");
        using var put = await triage.Desk.Client.PutAsync(
            $"/odata/Tickets({ticket.Id})", Batch.BatchCalls.Content(Whole, "application/json"), Cancel);
        Assert.Equal((HttpStatusCode.OK, 7), (put.StatusCode, (await triage.ReadAsync(ticket.Id)).UrgencyScore));
        var asked = triage.Provider.Requests.Count;
        using var batch = await triage.Desk.Client.PostAsync(
            "/odata/$batch",
            Batch.BatchCalls.Json([
                new("a", "PUT", $"Tickets({ticket.Id})", Whole.Replace("New", "Newer", StringComparison.Ordinal), "g"),
            ]),
            Cancel);
        Assert.Equal(200, Assert.Single(await Batch.BatchCalls.AnswersAsync(batch)).Status);
        Assert.Equal(asked, triage.Provider.Requests.Count);
        Assert.Equal(ticket.Id, Assert.Single(await triage.JobsAsync()).TicketId);
        Assert.Equal(
            ("Newer title", Status.in_progress), ((await triage.ReadAsync(ticket.Id)).Title, (await triage.ReadAsync(ticket.Id)).Status));
    }
}
