using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Batch;

public sealed class BatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task Parts_are_answered_as_they_are_alone_whatever_their_address_looks_like(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        string[] urls =
        [
            "Tickets?$filter=CreatedAt gt 2026-01-01T01:00:00Z&$select=Id",
            "/odata/Tickets(2)",
            "http://localhost/odata/Tickets(3)/Events",
            "",
            "/odata",
            "$metadata",
            "Tickets/$count",
            "Tickets?$apply=groupby((Status),aggregate($count as Count))&$orderby=Status",
        ];
        var answers = await desk.BatchAsync(json, [.. urls.Select((url, n) => Part.Get($"{n}", json || url != "" ? url : "/odata/"))]);
        Assert.Equal(urls.Length, answers.Count);
        foreach (var (url, answer) in urls.Zip(answers))
        {
            using var alone = await desk.Client.GetAsync(new Uri(new("http://localhost/odata/"), url), Cancel);
            Assert.Equal((int)alone.StatusCode, answer.Status);
            Assert.Equal(alone.Content.Headers.ContentType, MediaTypeHeaderValue.Parse(answer.Headers["Content-Type"]));
            var text = await alone.Content.ReadAsStringAsync(Cancel);
            if (url == "$metadata" && json)
                Assert.Equal(text, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(answer.Body)));
            else
                Assert.Equal(
                    text.StartsWith('{') ? System.Text.Json.Nodes.JsonNode.Parse(text)!.ToJsonString() : text,
                    text.StartsWith('{') ? answer.Json.ToJsonString() : answer.Body);
        }
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task After_an_error_the_batch_goes_on_or_stops_as_the_caller_prefers(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        var parts = Mixed(json);
        Assert.Equal(["a 201", "b 400"], await StatusesAsync(desk, json, parts, "continue-on-error=false"));
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        foreach (var goesOn in new[] { "odata.continue-on-error", "continue-on-error=true" })
        {
            using var response = await desk.SendAsync(
                HttpMethod.Post, "/odata/$batch", json ? BatchCalls.Json(parts) : BatchCalls.Multipart(parts),
                ("Prefer", $"respond-async, {goesOn}"));
            Assert.Equal(goesOn, response.Headers.GetValues("Preference-Applied").Single());
            var answers = await BatchCalls.AnswersAsync(response);
            Assert.Equal(Whole(json), answers.Select(a => $"{a.Id} {a.Status}"));
            Assert.Equal("failed_dependency", answers[3].Json["error"]!["code"]!.GetValue<string>());
        }
        Assert.Equal("5", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
    }

    [Theory, Providers]
    public async Task Without_a_preference_a_JSON_batch_is_processed_to_its_end_and_a_multipart_one_to_the_first_error(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        // JSON Format 4.01, 19.4: what depends on a failure is 424, all else is done.
        Assert.Equal(Whole(json: true), await StatusesAsync(desk, true, Mixed(json: true)));
        Assert.Equal("2", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        Assert.Equal(["a 201", "b 400"], await StatusesAsync(desk, false, Mixed(json: false)));
        // The format of the request decides, not that of the answer.
        using var response = await desk.SendAsync(
            HttpMethod.Post, "/odata/$batch", BatchCalls.Json(Mixed(json: true)), ("Accept", "multipart/mixed"));
        Assert.Equal("h 200", (await BatchCalls.AnswersAsync(response)).Select(a => $"{a.Id} {a.Status}").Last());
    }

    [Theory, Providers]
    public async Task Every_part_of_a_JSON_batch_has_an_answer_those_of_failed_change_sets_too(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        Part[] parts =
        [
            Part.Create("a", "A", "first"),
            new("b", "POST", "Tickets", "{}", "first"),
            Part.Create("c", "C", "first"),
            new("d", "POST", "Tickets", Part.Create("x", "D").Body, "second", ["first"]),
            Part.Create("e", "E", "second"),
            Part.Create("f", "F", "third"),
            Part.Create("g", "G", "third"),
        ];
        var answers = await desk.BatchAsync(true, parts);
        Assert.Equal(
            ["a 424 first", "b 400 first", "c 424 first", "d 424 second", "e 424 second", "f 201 third", "g 201 third"],
            answers.Select(a => $"{a.Id} {a.Status} {a.Group}"));
        Assert.Equal("2", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        using var mixed = await desk.SendAsync(HttpMethod.Post, "/odata/$batch", BatchCalls.Json(parts), ("Accept", "multipart/mixed"));
        Assert.Equal(["b 400", "d 424", "f 201", "g 201"], (await BatchCalls.AnswersAsync(mixed)).Select(a => $"{a.Id} {a.Status}"));
    }

    [Fact]
    public async Task A_part_with_a_condition_fails_with_its_change_set_and_its_dependents_and_a_body_of_null_is_none()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        await desk.SeedAsync(1);
        const string Create =
            """ "method":"post","url":"Tickets","body":{"Title":"t","Description":"d","Category":"billing","Priority":"low"} """;
        var text = """{"requests":[{"id":"a","if":"$x/$succeeded","method":"get","url":"Tickets","body":null},"""
            + $$"""{"id":"b","atomicityGroup":"g",{{Create}}},{"id":"c","atomicityGroup":"g","if":"true",{{Create}}},"""
            + """{"id":"d","dependsOn":["c"],"method":"get","url":"Tickets"},"""
            + """{"id":"e","method":"post","url":"Tickets(1)/Resolve","body":null}]}""";
        using var response = await desk.SendAsync(HttpMethod.Post, "/odata/$batch", BatchCalls.Content(text, "application/json"));
        Assert.Equal(
            ["a 424", "b 424", "c 424", "d 424", "e 200"], (await BatchCalls.AnswersAsync(response)).Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
    }

    private static Part[] Mixed(bool json) =>
    [
        Part.Create("a", "First"), new("b", "POST", "Tickets", "{}"), Part.Create("c", "Third"),
        json ? new("d", "GET", "Tickets(1)", DependsOn: ["a", "b"]) : Part.Change("d", "$b", "{}"),
        json ? new("e", "GET", "Tickets(1)", DependsOn: ["d"]) : Part.Change("e", "$d", "{}"),
        Part.Change("f", "$a", "{}", "s"), Part.Change("g", "$e", "{}", "s"), Part.Get("h", "$a"),
    ];

    private static string[] Whole(bool json) =>
        ["a 201", "b 400", "c 201", "d 424", "e 424", .. json ? new[] { "f 424", "g 424" } : ["f 424"], "h 200"];

    private static async Task<IEnumerable<string>> StatusesAsync(FeedDesk desk, bool json, Part[] parts, string? prefer = null) =>
        (await desk.BatchAsync(json, parts, prefer is null ? [] : [("Prefer", prefer)])).Select(a => $"{a.Id} {a.Status}");

    [Fact]
    public async Task An_answer_that_is_too_large_for_a_batch_is_an_error_of_its_part_alone()
    {
        await using var desk = await FeedDesk.StartAsync(
            Provider.Sqlite, settings: [("MAX_REQUEST_BYTES", "10000"), ("ODATA_MAX_PAGE_BYTES", "100000000")]);
        await desk.SeedAsync(17);
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.Description, new string('x', 2 * 1024 * 1024)), Cancel);
        foreach (var json in new[] { true, false })
        {
            var answers = await desk.BatchAsync(
                json, [Part.Get("a", "Tickets"), Part.Get("b", "Tickets?$top=15"), Part.Get("c", "Tickets?$select=Id")],
                ("Prefer", "continue-on-error"));
            Assert.Equal([400, 200, 200], answers.Select(a => a.Status));
            Assert.Equal("answer_too_large", answers[0].Json["error"]!["code"]!.GetValue<string>());
            Assert.Equal(15, answers[1].Json["value"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task A_change_set_can_be_depended_on_and_a_failing_one_takes_its_dependents_along()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        Part[] parts =
        [
            Part.Create("a", "A", "good"),
            Part.Create("b", "B", "bad"),
            new("c", "POST", "Tickets", "{}", "bad"),
            new("d", "GET", "Tickets", DependsOn: ["good"]),
            new("e", "GET", "Tickets", DependsOn: ["bad"]),
            new("f", "GET", "Tickets", DependsOn: ["b"]),
        ];
        var answers = await desk.BatchAsync(true, parts, ("Prefer", "continue-on-error"));
        Assert.Equal(["a 201", "b 424", "c 400", "d 200", "e 424", "f 424"], answers.Select(a => $"{a.Id} {a.Status}"));
    }

    [Fact]
    public async Task The_answer_has_the_format_of_the_request_or_the_one_that_Accept_prefers()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        Part[] parts = [Part.Create("a", "A", "g"), Part.Get("b", "Tickets/$count")];
        foreach (var (json, accept, expected) in new[]
        {
            (true, null, "application/json"),
            (false, null, "multipart/mixed"),
            (true, "*/*", "application/json"),
            (false, "*/*", "multipart/mixed"),
            (true, "multipart/mixed", "multipart/mixed"),
            (false, "application/json", "application/json"),
            (true, "application/json;q=0.2, multipart/*", "multipart/mixed"),
            (true, "text/plain", ""),
        })
        {
            using var response = await desk.SendAsync(
                HttpMethod.Post, "/odata/$batch", json ? BatchCalls.Json(parts) : BatchCalls.Multipart(parts),
                accept is null ? [] : [("Accept", accept)]);
            if (expected == "")
            {
                await FeedDesk.ErrorAsync(response, System.Net.HttpStatusCode.NotAcceptable);
                continue;
            }
            Assert.Equal(expected, response.Content.Headers.ContentType!.MediaType);
            var answers = await BatchCalls.AnswersAsync(response);
            Assert.Equal(["a 201", "b 200"], answers.Select(a => $"{a.Id} {a.Status}"));
            Assert.NotNull(answers[0].Group);
        }
        Assert.Equal("7", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        using var get = await desk.Client.GetAsync("/odata/$batch", Cancel);
        await FeedDesk.ErrorAsync(get, System.Net.HttpStatusCode.MethodNotAllowed);
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task Parts_take_the_format_of_the_batch_unless_they_say_otherwise(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        Part[] parts =
        [
            Part.Get("a", "Tickets(1)"),
            new("b", "GET", "Tickets(1)", Headers: [("Accept", "application/json;odata.metadata=minimal")]),
            Part.Get("c", "Tickets(1)/Title/$value"),
        ];
        var answers = await desk.BatchAsync(
            json, parts, ("Accept", $"{(json ? "" : "multipart/mixed,")}application/json;odata.metadata=none"));
        Assert.Equal([200, 200, 200], answers.Select(a => a.Status));
        Assert.False(answers[0].Json.AsObject().ContainsKey("@odata.context"));
        Assert.True(answers[1].Json.AsObject().ContainsKey("@odata.context"));
        Assert.Equal("Ticket 0", answers[2].Body);
    }
}
