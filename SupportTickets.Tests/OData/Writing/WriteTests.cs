using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.OData.Sets;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

public sealed class WriteTests
{
    private const string Good = """{"Title":" A title ","Description":"D","Category":"billing","Priority":"high"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_created_ticket_is_answered_as_stored(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        using var response = await desk.SendAsync(
            HttpMethod.Post,
            "/odata/Tickets",
            """
            {"@odata.type":"#SupportTickets.Ticket","Title":" A title ","Description":"D","Category":"billing",
            "Priority@odata.type":"#SupportTickets.Priority","Priority":"high","Status":"closed"}
            """.ReplaceLineEndings(""));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("W/\"1\"", response.Headers.ETag!.ToString());
        Assert.Equal("http://localhost/odata/Tickets(1)", response.Headers.Location!.ToString());
        var created = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject();
        Assert.Equal("A title", created["Title"]!.GetValue<string>());
        Assert.Equal("odata", created["Channel"]!.GetValue<string>());
        var read = await desk.GetAsync(response.Headers.Location.ToString());
        Assert.Equal(read.ToJsonString(), created.ToJsonString());
        var first = Assert.Single(await desk.RowsAsync("/odata/Tickets(1)/Events"));
        Assert.Equal("anonymous odata status closed", $"{first["Actor"]} {first["Channel"]} {first["Field"]} {first["NewValue"]}");
    }

    [Theory, Providers]
    public async Task A_change_applies_only_to_the_version_that_was_read(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        using var changed = await PatchAsync(desk, """{"Status":"resolved"}""", "W/\"1\"");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal("W/\"2\"", changed.Headers.ETag!.ToString());
        Assert.Equal("resolved", JsonNode.Parse(await changed.Content.ReadAsStringAsync(Cancel))!["Status"]!.GetValue<string>());
        foreach (var stale in new[] { "W/\"1\"", "\"1\"", "W/\"1\", W/\"7\"", "\"not-ours\"" })
        {
            using var refused = await PatchAsync(desk, """{"Status":"closed"}""", stale);
            var error = await FeedDesk.ErrorAsync(refused, HttpStatusCode.PreconditionFailed);
            Assert.Equal("precondition_failed", error["code"]!.GetValue<string>());
            Assert.False(error.ContainsKey("target")); // a client would look for a property of that name
        }
        foreach (var malformed in new[] { "1", "W/1", "\"1" })
        {
            using var refused = await PatchAsync(desk, """{"Status":"closed"}""", malformed);
            Assert.Equal("If-Match", (await FeedDesk.ErrorAsync(refused, HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
        }
        Assert.Equal("resolved", (await desk.GetAsync("/odata/Tickets(1)"))["Status"]!.GetValue<string>());
        var version = 2;
        foreach (var (match, status) in new[] { ("W/\"2\"", "open"), ("*", "closed"), ("W/\"1\", W/\"4\"", "open"), (null, "in_progress") })
        {
            using var taken = await PatchAsync(desk, $$"""{"Status":"{{status}}"}""", match);
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
            Assert.Equal($"W/\"{++version}\"", taken.Headers.ETag!.ToString());
        }
        using var nothing = await PatchAsync(desk, "{}", null);
        Assert.Equal("W/\"6\"", nothing.Headers.ETag!.ToString());
        using var absent = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(99)", "{}");
        await FeedDesk.ErrorAsync(absent, HttpStatusCode.NotFound);
    }

    [Theory, Providers]
    public async Task Rules_are_answered_in_the_words_of_the_desk_and_change_nothing(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        (string Json, string[] Details)[] bodies =
        [
            ("""{"Title":null}""", ["Title null This field may not be null."]),
            ("""{"Title":5}""", ["Title not_text Not a valid string."]),
            ("""{"Title":{"a":1}}""", ["Title not_text Not a valid string."]),
            ("""{"Title":"  "}""", ["Title blank This field may not be blank."]),
            ("{\"Title\":\"" + new string('x', 201) + "\"}", ["Title too_long Ensure this field has no more than 200 characters."]),
            ("""{"Title":"a\u0000b"}""", ["Title null_character Null characters are not allowed."]),
            ("""{"Title":"a\ud800\n"}""", ["Title surrogate Surrogate characters are not allowed: U+D800."]),
            ("""{"Category":"77"}""", ["Category not_a_choice \"77\" is not a valid choice."]),
            ("""{"Category":"billing,technical"}""", ["Category not_a_choice \"billing,technical\" is not a valid choice."]),
            ("""{"Category":1}""", ["Category not_a_choice \"1\" is not a valid choice."]),
            ("""{"Status":"Open"}""", ["Status not_a_choice \"Open\" is not a valid choice."]),
            (
                """{"Priority":"urgent","Status":null}""",
                ["Priority not_a_choice \"urgent\" is not a valid choice.", "Status null This field may not be null."]),
            ("""{"Titel":"x"}""", ["Titel unknown_property A Ticket has no such property."]),
            ("""{"title":"x"}""", ["title unknown_property A Ticket has no such property."]),
            (
                """{"Events":[{"Actor":"me","NewValue":"x"}]}""",
                ["Events nested_entity Related entities cannot be written together with a ticket."]),
            (
                """{"Events@odata.bind":["Events(1)"]}""",
                ["Events@odata.bind nested_entity Related entities cannot be written together with a ticket."]),
            ("""{"Title":"a","Title":"b"}""", ["Title duplicate_property This property occurs twice."]),
        ];
        foreach (var (json, details) in bodies)
        {
            using var patched = await PatchAsync(desk, json, null);
            Assert.Equal(details, Details(await FeedDesk.ErrorAsync(patched, HttpStatusCode.BadRequest)));
            using var posted = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", Merge(json));
            Assert.Equal(details, Details(await FeedDesk.ErrorAsync(posted, HttpStatusCode.BadRequest)));
        }
        using var missing = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", "{}");
        Assert.Equal(
            ["Title", "Description", "Category", "Priority"],
            Details(await FeedDesk.ErrorAsync(missing, HttpStatusCode.BadRequest)).Select(d => d.Split(' ')[0]));
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        Assert.Equal(1, (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>());
    }

    [Theory, Providers]
    public async Task What_is_no_text_is_called_so_in_every_set_and_operation(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var bodies = new Dictionary<string, JsonObject>
        {
            ["Tickets"] = new() { ["Title"] = "t", ["Description"] = "d", ["Category"] = "billing", ["Priority"] = "low" },
            ["Comments"] = new() { ["TicketId"] = 1, ["Body"] = "b" },
            ["Requesters"] = new() { ["Name"] = "n", ["Email"] = "a@example.com", ["Organization"] = "o", ["Notes"] = "n" },
            ["Tags"] = new() { ["Name"] = "n" },
            ["Tickets(1)/Reply"] = new() { ["Body"] = "b" },
            ["Tickets(1)/AddNote"] = new() { ["Body"] = "b" },
            ["Tickets/Classify"] = new() { ["Description"] = "d" },
            ["Tickets/SuggestTitle"] = new() { ["Description"] = "d" },
        };
        Assert.Empty(FeedSets.All.Where(set => set.Writable.Count > 0).Select(set => set.Name).Except(bodies.Keys));
        foreach (var (path, valid) in bodies)
        {
            var texts = FeedSets.All.SingleOrDefault(set => set.Name == path) is { } set
                ? set.Writable.Where(name => set.Entity.GetProperty(name)!.PropertyType == typeof(string))
                : valid.Select(field => field.Key);
            foreach (var name in texts)
            {
                foreach (var wrong in (string[])["5", "true", "[\"x\"]", "{\"x\":1}"])
                {
                    var body = valid.DeepClone().AsObject();
                    body[name] = JsonNode.Parse(wrong);
                    using var refused = await desk.SendAsync(HttpMethod.Post, $"/odata/{path}", body.ToJsonString());
                    var details = Details(await FeedDesk.ErrorAsync(refused, HttpStatusCode.BadRequest));
                    Assert.Equal((path, $"{name} not_text Not a valid string."), (path, Assert.Single(details)));
                }
            }
        }
        using var missing = await desk.SendAsync(HttpMethod.Post, "/odata/Tags", "{}");
        Assert.Equal(["Name required This field is required."], Details(await FeedDesk.ErrorAsync(missing, HttpStatusCode.BadRequest)));
    }

    [Theory, Providers]
    public async Task A_body_that_is_no_ticket_is_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: ("MAX_REQUEST_BYTES", "2000"));
        await desk.SeedAsync(1);
        foreach (var (method, url) in new[] { (HttpMethod.Post, "/odata/Tickets"), (HttpMethod.Patch, "/odata/Tickets(1)") })
        {
            foreach (var body in new[]
            {
                "",
                "{",
                "[]",
                "null",
                "5",
                "\"x\"",
                "{\"Title\":}",
                "{\"Title\":\"a\"} {}",
                new string('[', 1000),
                "{\"\\ud800\":1}",
            })
                await RefusedAsync(new StringContent(body, Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest, "invalid_body");
            await RefusedAsync(
                new ByteArrayContent([.. "{\"Title\":\""u8, 0xC3, 0x28, .. "\"}"u8])
                {
                    Headers = { ContentType = new("application/json") },
                },
                HttpStatusCode.BadRequest, "invalid_body");
            await RefusedAsync(
                new StringContent(Good, Encoding.UTF8, "text/plain"), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
            await RefusedAsync(
                new StringContent(Good, Encoding.Unicode, "application/json"), HttpStatusCode.UnsupportedMediaType,
                "unsupported_media_type");
            await RefusedAsync(
                new ByteArrayContent(Encoding.UTF8.GetBytes(Good)), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
            var large = $$"""{"Title":"t","Description":"{{new string('x', 3000)}}","Category":"billing","Priority":"low"}""";
            await RefusedAsync(
                new StringContent(large, Encoding.UTF8, "application/json"), HttpStatusCode.RequestEntityTooLarge, "request_too_large");
            await RefusedAsync(
                new StreamContent(new Unsized(Encoding.UTF8.GetBytes(large))) { Headers = { ContentType = new("application/json") } },
                HttpStatusCode.RequestEntityTooLarge, "request_too_large");

            async Task RefusedAsync(HttpContent content, HttpStatusCode status, string code)
            {
                using var response = await desk.SendAsync(method, url, content);
                Assert.Equal(code, (await FeedDesk.ErrorAsync(response, status))["code"]!.GetValue<string>());
            }
        }
        await using var db = desk.Database.Open();
        Assert.Equal(1, (await db.Tickets.SingleAsync(Cancel)).Version);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_by_a_real_server_too()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("MAX_REQUEST_BYTES", "2000"));
        using var content = new StreamContent(new Unsized(Encoding.UTF8.GetBytes($$"""{"Title":"{{new string('x', 5000)}}"}""")))
        {
            Headers = { ContentType = new("application/json") },
        };
        using var response = await desk.Client.PostAsync("/odata/Tickets", content, Cancel);
        await FeedDesk.ErrorAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    private static Task<HttpResponseMessage> PatchAsync(FeedDesk desk, string json, string? ifMatch) =>
        desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(1)", json, ifMatch is null ? [] : [("If-Match", ifMatch)]);

    private static List<string> Details(JsonObject error) =>
        [.. error["details"]!.AsArray().Select(d => $"{d!["target"]} {d["code"]} {d["message"]}")];

    // What is wrong with a change is wrong with a new ticket that is right otherwise.
    private static string Merge(string json)
    {
        var names = new[] { "Title", "Description", "Category", "Priority" }.Where(name =>
            !json.Contains($"\"{name}\"", StringComparison.Ordinal));
        var rest = string.Concat(
            names.Select(name => $",\"{name}\":\"{name switch { "Category" => "billing", "Priority" => "low", _ => "x" }}\""));
        return json.TrimEnd('}') is var open && json.EndsWith("}}", StringComparison.Ordinal)
            ? open + "}" + rest + "}"
            : open + rest + "}";
    }

    // Has no length to announce, so it is sent in chunks.
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    [Theory, Providers]
    public async Task A_whole_ticket_as_it_was_read_may_be_sent_back_and_computed_values_in_it_are_passed_over(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var read = await desk.GetAsync("/odata/Tickets(1)");
        var sent = read.DeepClone().AsObject();
        (sent["Title"], sent["Id"], sent["UrgencyScore"], sent["Sentiment"], sent["CreatedAt"], sent["Version"]) = (
            "Changed", 77, 99, "nonsense", "no time", "x");
        using var patched = await PatchAsync(desk, sent.ToJsonString(), "W/\"1\"");
        var stored = JsonNode.Parse(await patched.Content.ReadAsStringAsync(Cancel))!.AsObject();
        Assert.Equal("Changed", stored["Title"]!.GetValue<string>());
        foreach (var name in new[] { "Id", "Category", "Priority", "Status", "Channel", "CreatedAt", "ResolvedAt" })
            Assert.Equal(read[name]?.ToJsonString(), stored[name]?.ToJsonString());
        Assert.Equal(2, stored["Version"]!.GetValue<int>());

        using var posted = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", sent.ToJsonString());
        var created = JsonNode.Parse(await posted.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal("Changed 2 50", $"{created["Title"]} {created["Id"]} {created["UrgencyScore"]}");
    }
}
