using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Deltas;
using static SupportTickets.Tests.OData.LongTexts;

namespace SupportTickets.Tests.OData;

/// <summary>
/// A link of a walk sorted by long texts holds a bounded part of the last row's text, and is taken by the desk that wrote it.
/// </summary>
public sealed class LongLinkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_long_query_leaves_its_link_less_of_the_texts_and_a_longer_one_is_taken_all_the_same(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        foreach (var (length, isBounded) in new[] { (1000, true), (1500, true), (4000, false) })
        {
            var url = $"/odata/Tickets?$select=Id&$orderby=Description,Title desc&$filter=Title ne '{new string('x', length)}'";
            Assert.Equal(await WalkAsync(desk, url, size: 1000), await WalkAsync(desk, url, size: 2, isBounded));
        }
    }

    [Theory, Providers]
    public async Task Links_of_a_tracked_walk_over_long_texts_are_bounded_and_lead_to_the_changes(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        var link = "/odata/Tickets?$select=Id&$orderby=Description";
        for (JsonObject page; ; link = Link(page)!)
        {
            page = await desk.GetAsync(link, ("Prefer", "odata.track-changes,odata.maxpagesize=5"));
            if (page["@odata.deltaLink"]?.GetValue<string>() is not { } delta)
                continue;
            Assert.InRange(delta.Length, 1, MaxLink);
            await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(2)", """{"Title":"Changed"}""");
            Assert.Equal([2], Ids(await desk.GetAsync(delta)));
            break;
        }
    }

    [Fact]
    public async Task A_mark_that_names_many_transactions_does_not_make_a_long_link()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Postgres);
        await desk.SeedAsync(3);
        var page = await desk.GetAsync(
            $"/odata/Tickets?$select=Id&$filter=Title ne '{new string('x', 300)}'", ("Prefer", "odata.track-changes"));
        var delta = page["@odata.deltaLink"]!.GetValue<string>();
        await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(1)", """{"Title":"A"}""");
        await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(2)", """{"Title":"B"}""");
        // As after years of work beside fifty others: numbers of transactions are 64 bits wide.
        var forged = DeltaTests.Forged(desk, delta, "s", mark =>
            mark["Running"] = new JsonArray([.. Enumerable.Range(1, 50).Select(i => (JsonNode)(1_000_000_000_000_000_000 + i))]));
        var changes = await desk.GetAsync(forged, ("Prefer", "maxpagesize=1"));
        Assert.Equal([1], Ids(changes));
        Assert.Equal([2], Ids(await desk.GetAsync(Link(changes)!)));
    }

    [Theory, Providers]
    public async Task A_forged_beginning_of_a_text_is_refused_or_only_moves_its_own_cursor(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        var link = Link(await desk.GetAsync("/odata/Tickets?$select=Id&$orderby=Description", ("Prefer", "maxpagesize=23")))!;
        foreach (var bad in new[] { """{"p":"a"}""", """{"h":"a"}""", "{}", """{"p":1,"h":"a"}""", """{"p":"\u0000","h":"a"}""", "[]" })
            await desk.FailAsync(Forged(link, 0, bad), HttpStatusCode.BadRequest);
        await desk.FailAsync(Forged(link, 1, """{"p":"a","h":"a"}"""), HttpStatusCode.BadRequest);
        // The row that it names says nothing of its text.
        var elsewhere = await desk.GetAsync(Forged(link, 0, """{"p":"🎫","h":"a"}"""));
        Assert.NotEmpty(Ids(elsewhere));
    }

    private static string Forged(string link, int key, string value)
    {
        var parts = link.Split("skiptoken=");
        var token = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        token["k"]!.AsArray()[key] = JsonNode.Parse(value);
        return $"{parts[0]}skiptoken={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token.ToJsonString()))}";
    }
}
