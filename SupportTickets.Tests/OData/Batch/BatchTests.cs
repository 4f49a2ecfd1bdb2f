using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;

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
            "Tickets?$filter=CreatedAt gt 2026-01-01T01:00:00Z&$select=Id", "/odata/Tickets(2)", "http://localhost/odata/Tickets(3)/Events", "", "/odata",
            "$metadata", "Tickets/$count", "Tickets?$apply=groupby((Status),aggregate($count as Count))&$orderby=Status",
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
                Assert.Equal(text.StartsWith('{') ? System.Text.Json.Nodes.JsonNode.Parse(text)!.ToJsonString() : text, text.StartsWith('{') ? answer.Json.ToJsonString() : answer.Body);
        }
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task Nothing_is_done_after_an_error_unless_the_caller_prefers_to_go_on(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        Part[] parts =
        [
            Part.Create("a", "First"), new("b", "POST", "Tickets", "{}"), Part.Create("c", "Third"),
            json ? new("d", "GET", "Tickets(1)", DependsOn: ["a", "b"]) : Part.Change("d", "$b", "{}"), json ? new("e", "GET", "Tickets(1)", DependsOn: ["d"]) : Part.Change("e", "$d", "{}"),
            Part.Change("f", "$a", "{}", "s"), Part.Change("g", "$e", "{}", "s"), Part.Get("h", "$a"),
        ];
        foreach (var stops in new (string, string)[][] { [], [("Prefer", "continue-on-error=false")] })
            Assert.Equal(["a 201", "b 400"], (await desk.BatchAsync(json, parts, stops)).Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal("2", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        foreach (var goesOn in new[] { "odata.continue-on-error", "continue-on-error=true" })
        {
            using var response = await desk.SendAsync(HttpMethod.Post, "/odata/$batch", json ? BatchCalls.Json(parts) : BatchCalls.Multipart(parts), ("Prefer", $"respond-async, {goesOn}"));
            Assert.Equal(goesOn, response.Headers.GetValues("Preference-Applied").Single());
            var answers = await BatchCalls.AnswersAsync(response);
            Assert.Equal(["a 201", "b 400", "c 201", "d 424", "e 424", "g 424", "h 200"], answers.Select(a => $"{a.Id} {a.Status}"));
            Assert.Equal("failed_dependency", answers[3].Json["error"]!["code"]!.GetValue<string>());
        }
        Assert.Equal("6", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
    }

    [Fact]
    public async Task An_answer_that_is_too_large_for_a_batch_is_an_error_of_its_part_alone()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite, settings: ("MAX_REQUEST_BYTES", "10000"));
        await desk.SeedAsync(17);
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.Description, new string('x', 2 * 1024 * 1024)), Cancel);
        foreach (var json in new[] { true, false })
        {
            var answers = await desk.BatchAsync(json, [Part.Get("a", "Tickets"), Part.Get("b", "Tickets?$top=15"), Part.Get("c", "Tickets?$select=Id")], ("Prefer", "continue-on-error"));
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
            Part.Create("a", "A", "good"), Part.Create("b", "B", "bad"), new("c", "POST", "Tickets", "{}", "bad"),
            new("d", "GET", "Tickets", DependsOn: ["good"]), new("e", "GET", "Tickets", DependsOn: ["bad"]), new("f", "GET", "Tickets", DependsOn: ["b"]),
        ];
        var answers = await desk.BatchAsync(true, parts, ("Prefer", "continue-on-error"));
        Assert.Equal(["a 201", "c 400", "d 200", "e 424", "f 424"], answers.Select(a => $"{a.Id} {a.Status}"));
    }

    [Fact]
    public async Task The_answer_has_the_format_of_the_request_or_the_one_that_Accept_prefers()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        Part[] parts = [Part.Create("a", "A", "g"), Part.Get("b", "Tickets/$count")];
        foreach (var (json, accept, expected) in new[]
        {
            (true, null, "application/json"), (false, null, "multipart/mixed"), (true, "*/*", "application/json"), (false, "*/*", "multipart/mixed"),
            (true, "multipart/mixed", "multipart/mixed"), (false, "application/json", "application/json"), (true, "application/json;q=0.2, multipart/*", "multipart/mixed"), (true, "text/plain", ""),
        })
        {
            using var response = await desk.SendAsync(HttpMethod.Post, "/odata/$batch", json ? BatchCalls.Json(parts) : BatchCalls.Multipart(parts), accept is null ? [] : [("Accept", accept)]);
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
        Part[] parts = [Part.Get("a", "Tickets(1)"), new("b", "GET", "Tickets(1)", Headers: [("Accept", "application/json;odata.metadata=minimal")]), Part.Get("c", "Tickets(1)/Title/$value")];
        var answers = await desk.BatchAsync(json, parts, ("Accept", $"{(json ? "" : "multipart/mixed,")}application/json;odata.metadata=none"));
        Assert.Equal([200, 200, 200], answers.Select(a => a.Status));
        Assert.False(answers[0].Json.AsObject().ContainsKey("@odata.context"));
        Assert.True(answers[1].Json.AsObject().ContainsKey("@odata.context"));
        Assert.Equal("Ticket 0", answers[2].Body);
    }
}
