using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>Several collections of one ticket are not multiplied with each other.</summary>
public sealed class SeveralExpandedTests
{
    private const string Expanded = "$expand=Comments($select=Id),Events($select=Id),Tags($select=TagId)&$select=Id";

    [Theory, Providers]
    public async Task Each_expanded_collection_has_a_statement_of_its_own_and_a_page_is_short(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(130);
        for (var i = 0; i < 4; i++)
            await desk.Desk.AddCommentAsync(7, $"Comment {i}");
        await desk.Desk.TagAsync(7, "one", "two", "three");

        desk.Forget();
        var first = await desk.GetAsync($"/odata/Tickets?{Expanded}&$count=true");
        Assert.Equal(130, first["@odata.count"]!.GetValue<int>());
        Assert.Equal(100, first["value"]!.AsArray().Count);
        string[] tables = ["comments", "ticket_events", "ticket_tags"];
        var asked = desk.Sql.Select(sql => tables.Count(table => Regex.IsMatch(sql, $@"\b{table}\b"))).ToList();
        Assert.Equal((3, 1), (asked.Sum(), asked.Max()));
        var rest = await desk.GetAsync(first["@odata.nextLink"]!.GetValue<string>());
        Assert.Null(rest["@odata.nextLink"]);
        Assert.Equal(
            Enumerable.Range(1, 130), first["value"]!.AsArray().Concat(rest["value"]!.AsArray()).Select(t => t!["Id"]!.GetValue<int>()));

        Check(first["value"]!.AsArray()[6]!);
        Check(await desk.GetAsync($"/odata/Tickets(7)?{Expanded}"));
        var nested = await desk.GetAsync("/odata/TicketTags?$expand=Ticket($expand=Comments,Events)&$top=1");
        Assert.Equal(4, nested["value"]!.AsArray()[0]!["Ticket"]!["Comments"]!.AsArray().Count);
        Assert.Equal(
            2, (await desk.GetAsync("/odata/Tickets(7)?$expand=Comments($top=2;$orderby=Id desc),Events"))["Comments"]!.AsArray().Count);
        Assert.Empty(desk.Warnings);

        static void Check(JsonNode ticket)
        {
            Assert.Equal(4, ticket["Comments"]!.AsArray().Count);
            Assert.Equal(3, ticket["Tags"]!.AsArray().Count);
            var events = ticket["Events"]!.AsArray().Select(e => e!["Id"]!.GetValue<int>()).ToList();
            Assert.True(events.Count > 7);
            Assert.Equal(events.Distinct().Order(), events);
        }
    }
}
