using System.Net;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;

namespace SupportTickets.Tests.OData;

/// <summary>If-Match on reads (OData 4.01, 8.2.4; RFC 9110, 13.1.1), and what a write does without it.</summary>
public sealed class ConditionalReadTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_read_is_done_only_for_a_version_that_If_Match_names(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        await desk.AssignSomeAsync();
        var tag = (await desk.GetAsync("/odata/Tickets(2)"))["@odata.etag"]!.GetValue<string>();
        foreach (var url in new[]
        {
            "Tickets(2)", "Tickets(2)?$select=Title", "Tickets(2)?$expand=Assignee", "Tickets(2)/Title",
            "Tickets(2)/Title/$value", "Tickets(2)/ResolvedAt", "$entity?$id=Tickets(2)", "Tickets(2)/Events(2)/Ticket",
        })
        {
            foreach (var (match, met) in new[]
            {
                (tag, true),
                ("*", true),
                ($"W/\"77\", {tag}", true),
                ("W/\"77\"", false),
                ("W/\"77\", \"x\"", false),
            })
            {
                using var answer = await desk.SendAsync(HttpMethod.Get, $"/odata/{url}", (HttpContent?)null, ("If-Match", match));
                Assert.True(answer.IsSuccessStatusCode == met, $"{url} {match}: {answer.StatusCode}");
                if (!met)
                    Assert.Equal(
                        "precondition_failed",
                        (await FeedDesk.ErrorAsync(answer, HttpStatusCode.PreconditionFailed))["code"]!.GetValue<string>());
            }
        }
        // Before If-None-Match is looked at (RFC 9110, 13.2.2).
        using var both = await desk.SendAsync(
            HttpMethod.Head, "/odata/Tickets(2)", (HttpContent?)null, ("If-Match", "W/\"77\""), ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, both.StatusCode);
        using var malformed = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(2)", (HttpContent?)null, ("If-Match", "77"));
        Assert.Equal("If-Match", (await FeedDesk.ErrorAsync(malformed, HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
        using var missing = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(99)", (HttpContent?)null, ("If-Match", "W/\"77\""));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Theory, Providers]
    public async Task What_has_no_ETag_is_at_no_version_that_If_Match_could_name(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var url in new[] { "Events(1)", "Events(1)/NewValue", "Events(1)/NewValue/$value" })
        {
            foreach (var (match, status) in new[] { ("W/\"1\"", HttpStatusCode.PreconditionFailed), ("*", HttpStatusCode.OK) })
            {
                using var answer = await desk.SendAsync(HttpMethod.Get, $"/odata/{url}", (HttpContent?)null, ("If-Match", match));
                Assert.Equal(status, answer.StatusCode);
            }
        }
    }

    [Theory, Providers]
    public async Task The_parts_of_a_batch_are_read_only_for_a_version_that_If_Match_names(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var tag = (await desk.GetAsync("/odata/Tickets(1)"))["@odata.etag"]!.GetValue<string>();
        foreach (var json in new[] { true, false })
        {
            var parts = await desk.BatchAsync(
                json,
                [
                    Part.Get("1", "Tickets(1)", ("If-Match", tag)),
                    Part.Get("2", "Tickets(1)", ("If-Match", "W/\"77\"")),
                    Part.Get("3", "Tickets(1)/Title", ("If-Match", "W/\"77\"")),
                    Part.Get("4", "Tickets(1)", ("If-Match", "*")),
                ],
                ("Prefer", "continue-on-error"));
            Assert.Equal([200, 412, 412, 200], parts.Select(part => part.Status));
        }
    }

    // A documented deviation from the 428 of 8.2.4: who sends no condition sets what they send, whatever is there.
    [Theory, Providers]
    public async Task A_write_without_a_condition_is_done_though_tickets_have_optimistic_concurrency(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        Assert.Contains("Core.OptimisticConcurrency", await desk.Client.GetStringAsync("/odata/$metadata", Cancel));
        using var changed = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(1)", """{"Priority":"high"}""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var set = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(1)/Title", """{"value":"Another"}""");
        Assert.True(set.IsSuccessStatusCode);
        using var deleted = await desk.SendAsync(HttpMethod.Delete, "/odata/Tickets(1)");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }
}
