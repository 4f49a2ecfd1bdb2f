using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Clients;

/// <summary>The feed as @odata/client uses it, from Node.js.</summary>
public sealed class ODataClientTests
{
    [Theory, Providers]
    public async Task A_program_filters_pages_counts_creates_changes_deletes_and_batches_in_both_formats(Provider provider)
    {
        ClientLibraries.Of("@odata/client");
        await using var desk = await Desk.StartAsync(provider, kestrel: true);
        var before = await Seen.SeedAsync(desk);
        var seen = await Seen.ByAsync("odata-client.mjs", desk);
        var after = (await desk.TicketsAsync()).ToDictionary(t => t.Id);

        AssertFilters(seen, before);
        AssertReads(seen, before);
        AssertWrites(seen, before, after);
        AssertBatches(seen, before, after);
        AssertWhatTheStandardDoesNotHave(seen, before);
    }

    private static void AssertFilters(Seen seen, List<Ticket> tickets)
    {
        seen.Found("text", "contains(tolower(Title),'ticket 1') eq true and Description gt 'Description'",
            tickets.Where(t => t.Title.StartsWith("Ticket 1", StringComparison.Ordinal)));
        seen.FoundOdd("quotesByTheProgram", tickets);
        seen.Found("member", "(Status eq 'resolved' or Status eq 'closed') and Priority gt 'medium'",
            tickets.Where(t => t.Status >= Status.resolved && t.Priority > Priority.medium));
        seen.Found("typedMember", "Status eq SupportTickets.Status'open'", tickets.Where(t => t.Status == Status.open));
        seen.Found("moment", "(CreatedAt ge 2026-01-05T00:00:00.000Z and CreatedAt le 2026-01-06T00:00:00.000Z)", Seen.OnDay(tickets, 5));
        seen.Found("day", "(CreatedDate ge 2026-01-05 and CreatedDate le 2026-01-06)", Seen.OnDay(tickets, 5, 6));
        seen.Found("empty", "ResolvedAt eq null", tickets.Where(t => t.ResolvedAt is null));
        seen.Found("number", "(UrgencyScore ge 20 and UrgencyScore le 50)", tickets.Where(t => t.UrgencyScore is >= 20 and <= 50));
    }

    private static void AssertReads(Seen seen, List<Ticket> tickets)
    {
        seen.Paged("pages", tickets);
        Assert.Equal(tickets.Take(25).Select(t => t.Id), seen["page"]!["value"]!.AsArray().Select(row => row!["Id"]!.GetValue<int>()));
        Assert.Contains("$skiptoken=", seen["page"]!["@odata.nextLink"]!.GetValue<string>());
        seen.Found("find", "Category eq 'billing' and Priority eq 'low'",
            tickets.Where(t => t.Category == Category.billing && t.Priority == Priority.low));
        Seen.IsWithHistory(tickets[1], seen["one"]);
        Assert.Equal("There is no such resource.", seen.Error("missing"));
        seen.FoundBySearch("search", tickets);
    }

    private static void AssertWrites(Seen seen, List<Ticket> before, Dictionary<int, Ticket> after)
    {
        seen.Created("created", "By @odata/client");
        Assert.Equal("Title: This field may not be blank.", seen.Error("refused"));
        seen.SentVersion("changed", before[1]);
        Assert.Null(seen["changed"]);
        Assert.StartsWith("The ticket changed since you read it.", seen.Error("stale"));
        Assert.Null(seen["removed"]);
        Assert.Equal("There is no such ticket.", seen.Error("gone"));
        Assert.Equal("resolved", seen["action"]!["Status"]!.GetValue<string>());

        Seen.HasStatus(Status.resolved, before[0], after[1]);
        Seen.HasStatus(Status.in_progress, before[1], after[2]);
        Assert.False(after.ContainsKey(4));
    }

    private static void AssertBatches(Seen seen, List<Ticket> before, Dictionary<int, Ticket> after)
    {
        // Protocol 11.7.1: Accept says how a batch is answered. The library asks for JSON, gets it, and looks for multipart in it.
        Assert.Equal("application/json", seen.Sent("batchAsItIs", "accept"));
        Assert.Equal("multipartBody.split is not a function", seen.Error("batchAsItIs"));
        // Protocol 11.7.7.1: each part of a change set has a Content-ID. The library sends none, and two empty lines before a body.
        Assert.DoesNotContain("Content-ID", seen.Sent("multipart", "body"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\n\r\n\r\n{\"Title\":\"In a batch\"", seen.Sent("multipart", "body"));
        foreach (var (name, title) in new[] { ("multipart", "In a batch"), ("json", "In JSON") })
        {
            var answers = seen[name]!.AsArray();
            Assert.Equal("200 201 200 204", string.Join(' ', answers.Select(answer => answer!["status"])));
            Assert.Equal("1 2", string.Join(' ', answers[0]!["body"]!["value"]!.AsArray().Select(row => row!["Id"])));
            Assert.Equal($"{title} critical", $"{answers[1]!["body"]!["Title"]} {answers[2]!["body"]!["Priority"]}");
        }
        // A group of which one part fails leaves nothing.
        var undone = seen["undone"]!.AsArray().Select(answer => answer!["status"]!.GetValue<int>()).ToList();
        Assert.Contains(404, undone);
        Assert.All(undone, status => Assert.True(status >= 400));

        Assert.Equal(["Asked as it is", "In a batch", "In JSON"], after.Keys.Where(id => id > 62).Order().Select(id => after[id].Title));
        Assert.All(new[] { 5, 8, 10 }, id => Assert.Equal(Priority.critical, after[id].Priority));
        Assert.Equal([4, 6, 9, 11], before.Select(t => t.Id).Except(after.Keys));
        Assert.Equal(before[6].Version, after[7].Version);
    }

    // What the library sends though the standard has it otherwise, and what the feed makes of it.
    private static void AssertWhatTheStandardDoesNotHave(Seen seen, List<Ticket> tickets)
    {
        // URL Conventions 2: a quote within a text is written twice, and a percent sign is encoded. The library does neither.
        seen.RefusedFilter("quotes", "Title eq 'O'Neil'", "unterminated literal");
        Assert.EndsWith("$search=%ticket%", seen.Line("fuzzySearch"));
        Assert.Contains("%25", seen.Error("fuzzySearch"));
        // URL Conventions 5.1.1.14.1: version 4 writes a time without type and quotes. The library's older way is of version 2.
        seen.RefusedFilter("momentOfVersion2", "(CreatedAt ge datetimeoffset'2026-01-05T00:00:00.000Z'", "datetimeoffset");
        // Data Aggregation 3.2.3: the transformation is named groupby.
        Assert.StartsWith("GET Tickets?$apply=groupBy((Status),aggregate($count as Count,", seen.Line("figures"));
        Assert.Equal(tickets.GroupBy(t => t.Status).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()} {g.Max(t => t.UrgencyScore)}"),
            seen["figures"]!.AsArray().Select(group => $"{group!["Status"]} {group["Count"]} {group["Highest"]}"));
        // URL Conventions 5.1.1.1: a day compares with a day. It is taken for the day that begins at this time.
        seen.Found("dayAsMoment", "(CreatedDate ge 2026-01-05T00:00:00.000Z and CreatedDate le 2026-01-06T00:00:00.000Z)",
            Seen.OnDay(tickets, 5, 6));
    }
}
