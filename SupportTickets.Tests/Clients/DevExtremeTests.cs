using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Clients;

/// <summary>The feed as DevExtreme's grids use it: its ODataStore, ODataContext and DataSource, from Node.js.</summary>
public sealed class DevExtremeTests
{
    [Theory, Providers]
    public async Task A_grid_filters_pages_counts_creates_changes_and_deletes(Provider provider)
    {
        ClientLibraries.Of("devextreme");
        await using var desk = await Desk.StartAsync(provider, kestrel: true);
        var before = await Seen.SeedAsync(desk);
        var seen = await Seen.ByAsync("devextreme.mjs", desk);
        var after = await desk.TicketsAsync();

        AssertFilters(seen, before);
        AssertReads(seen, before);
        AssertWrites(seen, before, after);
        AssertWhatTheStandardDoesNotHave(seen, before);
    }

    private static void AssertFilters(Seen seen, List<Ticket> tickets)
    {
        seen.Found("text", "(contains(tolower(Title),'ticket 1')) and (startswith(tolower(Description),'desc'))",
            tickets.Where(t => t.Title.StartsWith("Ticket 1", StringComparison.Ordinal)));
        seen.FoundOdd("quotes", tickets);
        seen.Found("without", "not contains(tolower(Title),'1')", tickets.Where(t => !t.Title.Contains('1', StringComparison.Ordinal)));
        seen.Found("member", "(Status eq 'resolved') or (Priority gt SupportTickets.Priority'medium')",
            tickets.Where(t => t.Status == Status.resolved || t.Priority > Priority.medium));
        seen.Found("not", "not (Status eq 'open')", tickets.Where(t => t.Status != Status.open));
        seen.Found("moment", "(CreatedAt ge 2026-01-05T00:00:00Z) and (CreatedAt lt 2026-01-06T00:00:00Z)", Seen.OnDay(tickets, 5));
        seen.Found("dayAsText", "CreatedDate eq 2026-01-05", Seen.OnDay(tickets, 5));
        seen.Found("empty", "ResolvedAt eq null", tickets.Where(t => t.ResolvedAt is null));
        seen.Found("number", "(Id gt 10) and (UrgencyScore le 50)", tickets.Where(t => t.Id > 10 && t.UrgencyScore <= 50));
    }

    private static void AssertReads(Seen seen, List<Ticket> tickets)
    {
        seen.Paged("pages", tickets);
        seen.Walked("walk", tickets);
        Assert.Equal("GET Tickets?$filter=Category eq 'billing'&$top=0&$count=true", seen.Line("count"));
        Assert.Equal(tickets.Count(t => t.Category == Category.billing), seen["count"]!.GetValue<int>());
        Assert.Equal("GET Tickets(2)?$expand=Events($select=Field,NewValue)&$select=Id,Title", seen.Line("one"));
        Seen.IsWithHistory(tickets[1], seen["one"]);
        seen.Refused("missing", 404, "not_found");
    }

    private static void AssertWrites(Seen seen, List<Ticket> before, List<Ticket> after)
    {
        seen.Created("created", "By DevExtreme");
        seen.Refused("refused", 400, "invalid_input");
        Assert.Equal("Title", seen.Error("refused", "target"));
        seen.SentVersion("changed", before[1]);
        Assert.Equal("in_progress", seen["changed"]!["Status"]!.GetValue<string>());
        seen.Refused("stale", 412, "precondition_failed");
        Assert.Equal("resolved", seen["action"]!["Status"]!.GetValue<string>());

        Assert.Equal(Enumerable.Range(1, 62).Except([4]), after.Select(t => t.Id));
        Seen.HasStatus(Status.resolved, before[0], after[0]);
        Seen.HasStatus(Status.in_progress, before[1], after[1]);
    }

    // What the library sends though the standard has it otherwise, and what the feed makes of it.
    private static void AssertWhatTheStandardDoesNotHave(Seen seen, List<Ticket> tickets)
    {
        // URL Conventions 5.1.1.7.2: tolower takes text, and a member of an enumeration is none.
        seen.RefusedFilter("memberAsText", "contains(tolower(Status),'resol')", "'tolower'");
        seen.Refused("memberAsText", 400, "invalid_query");
        // Protocol 8.1.1: no format parameter of one's own begins with odata.
        Assert.Equal("application/json;odata=verbose", seen.Sent("created", "content-type"));
        Assert.StartsWith("application/json;odata=verbose,", seen.Sent("created", "accept"));
        // Protocol 11.4.5: a deletion has no body.
        Assert.Equal("null", seen.Sent("removed", "body"));
        // URL Conventions 5.1.1.1: a day compares with a day. The grid knows times only, and its days are midnights.
        seen.Found("day", "(CreatedDate ge 2026-01-05T00:00:00Z) and (CreatedDate lt 2026-01-06T00:00:00Z)", Seen.OnDay(tickets, 5));
    }
}
