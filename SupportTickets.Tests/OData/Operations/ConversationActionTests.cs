using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

public sealed class ConversationActionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Reply_and_AddNote_answer_with_the_stored_comment_in_the_shape_that_is_asked_for(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var reply = await CallAsync(desk, "Tickets(1)/Reply", """{"Body@odata.type":"#String","Body":" **Hello** "}""");
        Assert.Equal("http://localhost/odata/$metadata#Comments/$entity", reply["@odata.context"]!.GetValue<string>());
        Assert.Equal("**Hello** false 1 odata", $"{reply["Body"]} {reply["IsInternal"]} {reply["TicketId"]} {reply["Channel"]}");
        Assert.Equal((await desk.GetAsync("/odata/Comments(1)")).ToJsonString(), reply.ToJsonString());
        var note = await CallAsync(
            desk, "Events(1)/Ticket/SupportTickets.AddNote?$select=IsInternal&$expand=Ticket($select=Id)", """{"Body":"n"}""");
        Assert.Equal(
            "http://localhost/odata/$metadata#Comments(IsInternal,Ticket(Id))/$entity true 1",
            $"{note["@odata.context"]} {note["IsInternal"]} {note["Ticket"]!["Id"]}");
        using var minimal = await desk.SendAsync(
            HttpMethod.Post, "/odata/Tickets(1)/AddNote", """{"Body":"m"}""", ("Prefer", "return=minimal"));
        Assert.Equal(
            (HttpStatusCode.NoContent, "http://localhost/odata/Comments(3)"),
            (minimal.StatusCode, minimal.Headers.GetValues("OData-EntityId").Single()));
        Assert.Equal(
            ["comment reply 1 false", "comment note 2 true", "comment note 3 true"],
            (await desk.RowsAsync("/odata/Tickets(1)/Events?$filter=Field eq 'comment'&$orderby=Id"))
                .Select(e => $"{e["Field"]} {e["NewValue"]} {e["CommentId"]} {e["IsInternal"]}"));
    }

    [Theory, Providers]
    public async Task A_key_adds_a_comment_once_and_is_not_taken_for_another_one(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var key = ("Idempotency-Key", "k");
        var ids = new List<int>();
        for (var i = 0; i < 2; i++)
            ids.Add((await CallAsync(desk, "Tickets(1)/Reply", """{"Body":"once"}""", key))["Id"]!.GetValue<int>());
        Assert.Equal([1, 1], ids);
        using var other = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets(1)/AddNote", """{"Body":"once"}""", key);
        await FeedDesk.ErrorAsync(other, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Comments/$count", Cancel));
    }

    [Theory, Providers]
    public async Task AddTags_adds_what_is_not_there_and_answers_with_the_ticket(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var before = (await desk.GetAsync("/odata/Tickets(1)")).ToJsonString();
        const string Typed = """{"Tags@odata.type":"#Collection(String)","Tags":["Printer","VIP"]}""";
        foreach (var body in (string[])[Typed, """{"Tags":["printer","new"]}"""])
            Assert.Equal(before, (await CallAsync(desk, "Tickets(1)/AddTags", body, ("If-Match", "W/\"1\""))).ToJsonString());
        var tags = await desk.RowsAsync("/odata/Tags?$orderby=Id");
        Assert.Equal(["Printer", "VIP", "new"], tags.Select(tag => tag["Name"]!.GetValue<string>()));
        Assert.Equal(
            ["Printer", "VIP", "new"],
            (await desk.RowsAsync("/odata/Events?$filter=Field eq 'tag'&$orderby=Id")).Select(e => e["NewValue"]!.GetValue<string>()));
    }

    [Theory, Providers]
    public async Task What_cannot_be_added_is_refused_and_adds_nothing(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        using var deleted = await desk.SendAsync(HttpMethod.Delete, "/odata/Tickets(2)", (HttpContent?)null);
        var long21 = new JsonArray([.. Enumerable.Range(0, 21).Select(n => (JsonNode)$"t{n}")]).ToJsonString();
        (string Path, string? Json, int Status, string Code)[] calls =
        [
            ("Tickets(1)/Reply", null, 400, "required"),
            ("Tickets(1)/Reply", """{"Body":" "}""", 400, "blank"),
            ("Tickets(1)/AddNote", """{"Body":null}""", 400, "null"),
            ("Tickets(1)/AddNote", """{"Body":["x"]}""", 400, "not_text"),
            ("Tickets(1)/Reply", """{"Body":"a\u0000b"}""", 400, "null_character"),
            ("Tickets(1)/Reply", $$"""{"Body":"{{new string('é', 500_001)}}"}""", 400, "too_long"),
            ("Tickets(1)/Reply", """{"Body":"x","IsInternal":true}""", 400, "unknown_parameter"),
            ("Tickets(1)/Reply", """{"Body":"x","Body":"y"}""", 400, "duplicate_property"),
            ("Tickets(1)/Reply?$select=Title", """{"Body":"x"}""", 400, "invalid_query"),
            ("Tickets(99)/Reply", """{"Body":"x"}""", 404, "not_found"),
            ("Tickets(2)/Reply", """{"Body":"x"}""", 410, "ticket_deleted"),
            ("Tickets(2)/AddTags", """{"Tags":["x"]}""", 410, "ticket_deleted"),
            ("Tickets(1)/AddTags", null, 400, "required"),
            ("Tickets(1)/AddTags", """{"Tags":null}""", 400, "null"),
            ("Tickets(1)/AddTags", """{"Tags":[]}""", 400, "required"),
            ("Tickets(1)/AddTags", """{"Tags":"x"}""", 400, "not_a_list"),
            ("Tickets(1)/AddTags", """{"Tags":["x",1]}""", 400, "not_text"),
            ("Tickets(1)/AddTags", """{"Tags":["x",["y"]]}""", 400, "not_text"),
            ("Tickets(1)/AddTags", """{"Tags":["x",null]}""", 400, "not_text"),
            ("Tickets(1)/AddTags", """{"Tags":["x","a,b"]}""", 400, "not_a_choice"),
            ("Tickets(1)/AddTags", """{"Tags":["x"," "]}""", 400, "blank"),
            ("Tickets(1)/AddTags", $$"""{"Tags":{{long21}}}""", 400, "too_many"),
            ("Tickets(1)/AddTags", """{"Tags":["x"],"Tags":["y"]}""", 400, "duplicate_property"),
            ("Tickets(1)/AddTags", """{"Tags@odata.type":"#Collection(Int32)","Tags":["x"]}""", 400, "wrong_type"),
        ];
        foreach (var (path, json, status, code) in calls)
        {
            using var response = await desk.SendAsync(HttpMethod.Post, $"/odata/{path}", json);
            var error = await FeedDesk.ErrorAsync(response, (HttpStatusCode)status);
            Assert.Equal($"{path} {code}", $"{path} {error["details"]?[0]!["code"] ?? error["code"]}");
        }
        foreach (var name in (string[])["Reply", "AddNote", "AddTags"])
        {
            var body = name == "AddTags" ? """{"Tags":["x"]}""" : """{"Body":"x"}""";
            foreach (var condition in (string[])["W/\"7\"", "W/\"7\", W/\"8\""])
            {
                using var stale = await desk.SendAsync(HttpMethod.Post, $"/odata/Tickets(1)/{name}", body, ("If-Match", condition));
                await FeedDesk.ErrorAsync(stale, HttpStatusCode.PreconditionFailed);
            }
        }
        await using var db = desk.Database.Open();
        Assert.Equal((0, 0), (await db.Comments.CountAsync(Cancel), await db.Tags.CountAsync(Cancel)));
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task They_are_parts_of_change_sets_which_keep_all_or_nothing(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        Part[] parts =
        [
            Part.Create("a", "First", "g"),
            new("b", "POST", "$a/Reply", """{"Body":"hello"}""", "g"),
            new("c", "POST", "$a/AddTags", """{"Tags":["x","y"]}""", "g"),
            new("d", "POST", "Tickets(1)/AddNote", """{"Body":"note"}""", "g"),
        ];
        var answers = await desk.BatchAsync(json, parts);
        Assert.Equal(["a 201", "b 200", "c 200", "d 200"], answers.Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal("hello", answers[1].Json["Body"]!.GetValue<string>());
        var failed = await desk.BatchAsync(json, [.. parts, new("e", "POST", "Tickets(1)/Reply", """{"Body":" "}""", "g")]);
        Assert.Equal("e 400", failed.Where(a => a.Status != 424).Select(a => $"{a.Id} {a.Status}").Single());
        await using var db = desk.Database.Open();
        var (tickets, comments) = (await db.Tickets.CountAsync(Cancel), await db.Comments.CountAsync(Cancel));
        Assert.Equal((2, 2, 2), (tickets, comments, await db.TicketTags.CountAsync(Cancel)));
    }

    [Fact]
    public async Task Who_only_reads_adds_nothing()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        using var client = desk.ClientWith(await desk.AddTokenAsync(Role.viewer));
        foreach (var name in (string[])["Reply", "AddNote", "AddTags"])
        {
            var body = name == "AddTags" ? """{"Tags":["x"]}""" : """{"Body":"x"}""";
            using var refused = await client.PostAsync($"/odata/Tickets(1)/{name}", BatchCalls.Content(body, "application/json"), Cancel);
            await FeedDesk.ErrorAsync(refused, HttpStatusCode.Forbidden);
        }
    }

    private static async Task<JsonObject> CallAsync(FeedDesk desk, string path, string body, params (string, string)[] headers)
    {
        using var response = await desk.SendAsync(HttpMethod.Post, $"/odata/{path}", body, headers);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}
