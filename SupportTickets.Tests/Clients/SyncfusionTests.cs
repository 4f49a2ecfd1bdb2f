using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Clients;

/// <summary>The feed as Syncfusion's grids use it: its DataManager with the ODataV4Adaptor, from Node.js.</summary>
public sealed class SyncfusionTests
{
    [Theory, Providers]
    public async Task A_grid_filters_pages_counts_creates_changes_deletes_and_saves_in_a_batch(Provider provider)
    {
        ClientLibraries.Of("@syncfusion/ej2-data");
        await using var desk = await Desk.StartAsync(provider, kestrel: true);
        var before = await Seen.SeedAsync(desk);
        var seen = await Seen.ByAsync("syncfusion.mjs", desk);
        var after = (await desk.TicketsAsync()).ToDictionary(t => t.Id);

        AssertFilters(seen, before);
        AssertReads(seen, before);
        AssertWrites(seen, before, after);
        AssertWhatTheStandardDoesNotHave(seen, before);
        AssertBatches(seen, before, after);
    }

    private static void AssertFilters(Seen seen, List<Ticket> tickets)
    {
        seen.Found("text", "contains(tolower(Title),'ticket 1') and startswith(Description,'Desc')",
            tickets.Where(t => t.Title.StartsWith("Ticket 1", StringComparison.Ordinal)));
        seen.FoundOdd("quotes", tickets);
        seen.Found("wildcard", "startswith(Title,'Ticket') and endswith(Title,'1')", tickets.Where(t => t.Title.EndsWith('1')));
        seen.Found("like", "contains(Title,'cket 2')", tickets.Where(t => t.Title.StartsWith("Ticket 2", StringComparison.Ordinal)));
        seen.Found("without", "not contains(Title,'1')", tickets.Where(t => !t.Title.Contains('1', StringComparison.Ordinal)));
        seen.Found("member", "((Status eq 'resolved') or (Priority gt 'medium'))",
            tickets.Where(t => t.Status == Status.resolved || t.Priority > Priority.medium));
        seen.Found("moment", "CreatedAt ge 2026-01-05T00:00:00.000Z and CreatedAt lt 2026-01-06T00:00:00.000Z", Seen.OnDay(tickets, 5));
        seen.Found("empty", "ResolvedAt eq null", tickets.Where(t => t.ResolvedAt is null));
        seen.Found("number", "Id gt 10 and UrgencyScore le 50", tickets.Where(t => t.Id > 10 && t.UrgencyScore <= 50));
    }

    private static void AssertReads(Seen seen, List<Ticket> tickets)
    {
        seen.Paged("pages", tickets);
        seen.FoundBySearch("search", tickets);
        Assert.Equal("GET Tickets/?$apply=groupby((Status), aggregate($count as groupCount))", seen.Line("distinct"));
        Assert.Equal(tickets.GroupBy(t => t.Status).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}"),
            seen["distinct"]!.AsArray().Select(group => $"{group!["Status"]} {group["groupCount"]}"));
        Assert.Equal("GET Tickets/?$expand=Events($select=Field,NewValue)&$select=Id,Title&$filter=Id eq 2", seen.Line("one"));
        Seen.IsWithHistory(tickets[1], Assert.Single(seen["one"]!.AsArray()));
    }

    private static void AssertWrites(Seen seen, List<Ticket> before, Dictionary<int, Ticket> after)
    {
        seen.Created("created", "By Syncfusion");
        seen.Refused("refused", 400, "invalid_input");
        seen.SentVersion("changed", before[1]);
        Assert.Equal("return=representation", seen.Sent("changed", "prefer"));
        Assert.Equal($$"""{"@odata.etag":"W/\"{{before[1].Version}}\"","Id":2,"Status":"in_progress"}""", seen.Sent("changed", "body"));
        Assert.Equal("in_progress", seen["changed"]!["Status"]!.GetValue<string>());
        seen.Refused("stale", 412, "precondition_failed");
        // Without the row as it was read, the whole of it is sent; what the desk computes is passed over (Protocol 11.4.3).
        Assert.Contains("\"Version\":", seen.Sent("whole", "body"));
        Assert.Equal("All of it", seen["whole"]!["Title"]!.GetValue<string>());
        seen.Refused("gone", 404, "not_found");

        Seen.HasStatus(Status.in_progress, before[1], after[2]);
        Assert.Equal(("All of it", before[2].Status, before[2].Version + 1), (after[3].Title, after[3].Status, after[3].Version));
        Assert.False(after.ContainsKey(4));
    }

    // What the library sends though the standard has it otherwise, and what the feed makes of it.
    private static void AssertWhatTheStandardDoesNotHave(Seen seen, List<Ticket> tickets)
    {
        // URL Conventions 5.1.1.7.2: tolower takes text, and a member of an enumeration is none.
        seen.RefusedFilter("memberInAnyCase", "tolower(Status) eq 'resolved'", "'tolower'");
        // URL Conventions 5.1.1.1: a day compares with a day. The grid knows times only, and its days are midnights.
        seen.Found("day", "CreatedDate ge 2026-01-05T00:00:00.000Z and CreatedDate lt 2026-01-06T00:00:00.000Z", Seen.OnDay(tickets, 5));
    }

    private static void AssertBatches(Seen seen, List<Ticket> before, Dictionary<int, Ticket> after)
    {
        // RFC 2046, 5.1.1: lines end with CR LF. Protocol 11.7.7.1: Content-ID stands above the request, not in it.
        var sent = seen.Sent("batch", "body")!;
        Assert.DoesNotContain('\r', sent);
        Assert.Contains("PATCH Tickets(5) HTTP/1.1\nAccept: application/json, text/javascript, */*; q=0.01\nContent-Id: 1\n", sent);
        Assert.Contains($"\nIf-Match: W/\"{before[4].Version}\"\n\n{{\"Id\":5,\"Priority\":\"critical\"}}\n", sent);
        Assert.NotNull(seen["batch"]);
        Assert.Equal("In a batch", after[63].Title);
        Assert.Equal((before[4].Title, Priority.critical, before[4].Version + 1), (after[5].Title, after[5].Priority, after[5].Version));
        Assert.False(after.ContainsKey(6));

        // A change set of which one part is stale leaves nothing. The library does not look at the answers to the parts.
        Assert.Equal("{}", seen["undone"]!.ToJsonString());
        Assert.Equal(63, after.Keys.Max());
        Assert.Equal(("Changed meanwhile", Priority.low), (after[7].Title, after[7].Priority));
        Assert.True(after.ContainsKey(10));
    }
}
