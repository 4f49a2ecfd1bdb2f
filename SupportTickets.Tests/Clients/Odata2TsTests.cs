using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Clients;

/// <summary>The feed as a typed client uses it that odata2ts makes of <c>$metadata</c>, from Node.js.</summary>
public sealed class Odata2TsTests(TypedClient client) : IClassFixture<TypedClient>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_typed_client_is_made_of_the_metadata_and_compiles()
    {
        ClientLibraries.Of("@odata2ts/odata2ts");
        Assert.Equal("", string.Join('\n', await client.ErrorsAsync()));
        var model = await File.ReadAllTextAsync(Path.Combine(client.Folder, "generated", "SupportTicketsModel.ts"), Cancel);
        Assert.All(Enum.GetNames<Status>(), status => Assert.Contains($"    {status} = \"{status}\"", model));
    }

    [Theory, Providers]
    public async Task A_program_filters_pages_counts_creates_changes_and_deletes(Provider provider)
    {
        ClientLibraries.Of("@odata2ts/odata2ts");
        Assert.Empty(await client.ErrorsAsync());
        await using var desk = await Desk.StartAsync(provider, kestrel: true);
        var before = await Seen.SeedAsync(desk);
        var seen = await Seen.ByAsync("odata2ts.mjs", desk, client.Folder);
        var after = await desk.TicketsAsync();

        AssertFilters(seen, before);
        AssertReads(seen, before);
        AssertWrites(seen, before, after);
    }

    private static void AssertFilters(Seen seen, List<Ticket> tickets)
    {
        seen.Found("text", "contains(tolower(Title),'ticket 1') and startswith(Description,'Desc')",
            tickets.Where(t => t.Title.StartsWith("Ticket 1", StringComparison.Ordinal)));
        // URL Conventions 2: a quote within a text is written twice. The library leaves that to the program.
        seen.RefusedFilter("quotes", "Title eq 'O'Neil & Co. 100% +1 #2 Größe 🎫'", "Syntax error");
        seen.FoundOdd("quotesByTheProgram", tickets);
        seen.Found("without", "not(contains(Title,'1'))", tickets.Where(t => !t.Title.Contains('1', StringComparison.Ordinal)));
        seen.Found("member", "(Status eq 'resolved' or Priority gt 'medium')",
            tickets.Where(t => t.Status == Status.resolved || t.Priority > Priority.medium));
        seen.Found("members", "(Status eq 'resolved' or Status eq 'closed')", tickets.Where(t => t.Status >= Status.resolved));
        seen.Found("moment", "CreatedAt ge 2026-01-05T00:00:00Z and CreatedAt lt 2026-01-06T00:00:00Z", Seen.OnDay(tickets, 5));
        seen.Found("day", "CreatedDate eq 2026-01-05", Seen.OnDay(tickets, 5));
        seen.Found("partsOfTime", "year(CreatedAt) eq 2026 and month(CreatedAt) eq 1 and day(CreatedAt) lt 3", Seen.OnDay(tickets, 1, 2));
        seen.Found("empty", "ResolvedAt eq null", tickets.Where(t => t.ResolvedAt is null));
        seen.Found("number", "Id gt 10 and UrgencyScore le 50", tickets.Where(t => t.Id > 10 && t.UrgencyScore <= 50));
        seen.Found("history", "Events/any(a:a/NewValue eq 'closed')", tickets.Where(t => t.Events.Any(e => e.NewValue == "closed")));
        seen.Found("calendar", "CreatedOn/IsWeekend eq true",
            tickets.Where(t => t.CreatedDate.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
    }

    private static void AssertReads(Seen seen, List<Ticket> tickets)
    {
        seen.Paged("pages", tickets);
        seen.Walked("walk", tickets);
        Assert.Equal("GET Tickets(2)?$select=Id,Title&$expand=Events($select=Field,NewValue;$orderby=Id asc)", seen.Line("one"));
        Seen.IsWithHistory(tickets[1], seen["one"]);
        Assert.Equal(tickets[1].Events.Count, seen["eventsByPath"]!["@odata.count"]!.GetValue<int>());
        Assert.Equal("404", seen.Error("missing", "status"));
        seen.FoundBySearch("search", tickets);
        var groups = seen["groups"]!.AsArray().Select(status => $"{status}");
        Assert.Equal(tickets.Select(t => $"{t.Status}").Distinct().Order(), groups.Order());
        Assert.Equal(tickets.Count, seen["statistics"]!["Total"]!.GetValue<int>());
        Assert.Contains(seen["classified"]!["Category"]!.GetValue<string>(), Enum.GetNames<Category>());
    }

    private static void AssertWrites(Seen seen, List<Ticket> before, List<Ticket> after)
    {
        seen.Created("created", "By odata2ts");
        Assert.Equal("400", seen.Error("refused", "status"));
        Assert.EndsWith("Title: This field may not be blank.", seen.Error("refused"));
        seen.SentVersion("changed", before[1]);
        Assert.Equal("in_progress", seen["changed"]!["Status"]!.GetValue<string>());
        Assert.Equal("412", seen.Error("stale", "status"));
        Assert.Equal("PUT Tickets(3)", seen.Line("replaced"));
        Assert.Equal(204, seen["removed"]!.GetValue<int>());
        Assert.Equal("POST Tickets(1)/SupportTickets.Resolve resolved", $"{seen.Line("action")} {seen["action"]!["Status"]}");

        Assert.Equal(Enumerable.Range(1, 62).Except([4]), after.Select(t => t.Id));
        Seen.HasStatus(Status.resolved, before[0], after[0]);
        Seen.HasStatus(Status.in_progress, before[1], after[1]);
        Assert.Equal(("Replaced", Status.open, Priority.high), (after[2].Title, after[2].Status, after[2].Priority));
    }
}
