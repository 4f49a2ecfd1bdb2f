using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tests.Pages;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Clients;

/// <summary>The feed as OpenUI5's sap.ui.model.odata.v4.ODataModel uses it, in a browser and against a server that listens.</summary>
public sealed class OpenUi5Tests(Browser browser, OpenUi5Tests.Reading reading) : IClassFixture<OpenUi5Tests.Reading>
{
    private const int PageSize = 100, Tickets = 120;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Types_and_descriptions_come_from_the_metadata(Provider provider)
    {
        var (_, page) = await reading.OpenAsync(provider);
        var seen = await page.CallAsync("types()");
        Assert.Equal("Edm.Int32 SupportTickets.Status Edm.DateTimeOffset Edm.Date Edm.Int32", string.Join(' ', seen["types"]!.AsArray()));
        Assert.Equal(Ticket.MaxTitleLength, seen["length"]!.GetValue<int>());
        Assert.Equal("Where it stands; resolved and closed count as done.", seen["description"]!.GetValue<string>());
        Assert.Equal("SupportTickets.TicketEvent", seen["events"]!.GetValue<string>());
        Assert.Equal("sap.ui.model.odata.type.DateTimeOffset", seen["uiType"]!.GetValue<string>());
        Assert.Empty(page.Complaints);
    }

    [Theory, Providers]
    public async Task A_list_is_filtered_sorted_counted_and_scrolled_through(Provider provider)
    {
        var (desk, page) = await reading.OpenAsync(provider);
        var tickets = await desk.TicketsAsync();
        var expected = tickets
            .Where(t =>
                t.UrgencyScore >= 20 && t.Status != Status.open && t.CreatedAt > new DateTime(2026, 1, 3, 0, 0, 0, DateTimeKind.Utc))
            .OrderByDescending(t => t.UrgencyScore)
            .ThenBy(t => t.Id)
            .ToList();
        foreach (var (options, batches) in new[]
        {
            ("{}", true),
            ("{ groupId: '$direct' }", false),
            ("{ odataVersion: '4.01' }", true),
            ("{ groupId: '$direct', odataVersion: '4.01' }", false),
        })
        {
            page.Requests.Clear();
            var seen = await page.CallAsync($"list({options}, '2026-01-03T00:00:00Z', 10)");
            Assert.Equal(
                expected.Select(t => $"{t.Id} {t.Title} {t.Status} {t.CreatedDate:O}"),
                seen["rows"]!.AsArray().Select(row => $"{row!["Id"]} {row["Title"]} {row["Status"]} {row["CreatedDate"]}"));
            Assert.Equal(
                expected.Chunk(10).Select(chunk => chunk.Length),
                seen["pages"]!.AsArray().Select(length => length!.GetValue<int>()).Where(length => length > 0));
            Assert.True(expected.Count > 20);
            Assert.Equal(expected.Count, seen["count"]!.GetValue<int>());
            Assert.All(seen["rows"]!.AsArray(), row => Assert.StartsWith("W/\"", row!["@odata.etag"]!.GetValue<string>()));
            Assert.Equal(batches, page.Requests.Exists(r => r.StartsWith("POST", StringComparison.Ordinal)));
            Assert.Equal(!batches, page.Requests.Exists(r => r.Contains("/odata/Tickets?sap-client=100&", StringComparison.Ordinal)));
        }
        // The feed gives a page at once, and its nextLink tells the model that these are not all.
        var all = await page.CallAsync("all(150)");
        Assert.Equal($"{PageSize} {Tickets - PageSize} 0", string.Join(' ', all["pages"]!.AsArray()));
        Assert.Equal(tickets.Select(t => t.Id).OrderDescending(), all["rows"]!.AsArray().Select(id => id!.GetValue<int>()));
        Assert.Empty(page.Complaints);
    }

    [Theory, Providers]
    public async Task One_ticket_comes_with_its_history_and_lists_can_be_counted_and_aggregated(Provider provider)
    {
        var (desk, page) = await reading.OpenAsync(provider);
        var tickets = await desk.TicketsAsync();

        var ticket = await page.CallAsync("ticket(2)");
        Assert.Equal(tickets[1].Title, ticket["Title"]!.GetValue<string>());
        Assert.Equal(
            tickets[1].Events.OrderBy(e => e.Id).Select(e => $"{e.Id} {e.Field} {e.NewValue}"),
            // 64 bits come as text.
            ticket["Events"]!.AsArray().Select(e => $"{e!["Id"]!.GetValue<string>()} {e["Field"]} {e["NewValue"]}"));
        Assert.Equal(Tickets, (await page.CallAsync("count()"))["count"]!.GetValue<int>());

        var figures = await page.CallAsync("figures()");
        var groups = tickets
            .Where(t => t.UrgencyScore >= 20)
            .GroupBy(t => (t.Status, t.Priority))
            .OrderBy(g => g.Key.Status)
            .ThenBy(g => g.Key.Priority)
            .ToList();
        Assert.Equal(
            groups.Select(g => $"{g.Key.Status} {g.Key.Priority} {g.Count()} {g.Sum(t => t.UrgencyScore)}"),
            figures["apply"]!.AsArray().Select(row => $"{row!["Status"]} {row["Priority"]} {row["Count"]} {row["Urgency"]}"));
        Assert.Equal(
            groups.Select(g => $"{g.Key.Status} {g.Key.Priority} {g.Sum(t => t.UrgencyScore)} {g.Max(t => t.UrgencyScore)}"),
            figures["aggregation"]!.AsArray().Select(row => $"{row!["Status"]} {row["Priority"]} {row["Urgency"]} {row["Highest"]}"));
        Assert.Empty(page.Complaints);
    }

    [Theory, Providers]
    public async Task A_ticket_is_created_in_a_list_and_several_are_changed_in_one_change_set(Provider provider)
    {
        await using var desk = await DeskAsync(provider, 7);
        await using var page = await OpenUi5Page.OpenAsync(browser, desk.Address);

        var created = await page.CallAsync("create('Grüße ✓')");
        Assert.Equal("/Tickets(8)", created["path"]!.GetValue<string>());
        var row = created["row"]!;
        Assert.Equal(
            "8 Grüße ✓ open odata W/\"1\"",
            $"{row["Id"]} {row["Title"]} {row["Status"]} {row["Channel"]} {row["@odata.etag"]}");
        Assert.Equal(8, created["count"]!.GetValue<int>());
        Assert.False(created["pending"]!.GetValue<bool>());

        page.Requests.Clear();
        var changed = await page.CallAsync("change()");
        Assert.Equal(
            "critical in_progress W/\"2\"",
            $"{changed["first"]!["Priority"]} {changed["first"]!["Status"]} {changed["first"]!["@odata.etag"]}");
        Assert.Equal("Changed too W/\"3\"", $"{changed["second"]!["Title"]} {changed["second"]!["@odata.etag"]}");
        Assert.False(changed["pending"]!.GetValue<bool>());
        var changeSet = Assert.Single(page.Requests, r => r.Contains("changeset_", StringComparison.Ordinal));
        Assert.Contains("PATCH Tickets(1)?sap-client=100 HTTP/1.1", changeSet);
        Assert.Contains("If-Match:W/\"1\"", changeSet);
        Assert.Contains("If-Match:W/\"2\"", changeSet);

        var tickets = await desk.TicketsAsync();
        Assert.Equal((Priority.critical, Status.in_progress, 2), (tickets[0].Priority, tickets[0].Status, tickets[0].Version));
        Assert.Equal(("Changed too", 3), (tickets[1].Title, tickets[1].Version));
        Assert.Equal("Grüße ✓", tickets[7].Title);
        Assert.All(tickets[1].Events.Where(e => e.Field == TicketField.title), e => Assert.Equal(Channel.odata, e.Channel));
        // Its own complaint about enumerations: it has no control for them.
        Assert.All(page.Complaints, complaint => Assert.Contains("Unsupported type 'SupportTickets.Priority'", complaint));
    }

    [Theory, Providers]
    public async Task A_change_of_what_somebody_else_changed_is_refused_and_reported(Provider provider)
    {
        await using var desk = await DeskAsync(provider, 3);
        await using var page = await OpenUi5Page.OpenAsync(browser, desk.Address);
        var seen = await page.CallAsync("stale(1)");
        Assert.Equal(412, seen["refusal"]!["status"]!.GetValue<int>());
        var message = Assert.Single(seen["messages"]!.AsArray());
        Assert.Equal("precondition_failed Error 412", $"{message!["code"]} {message["type"]} {message["status"]}");
        Assert.StartsWith("The ticket changed since you read it.", message["text"]!.GetValue<string>());
        Assert.Equal("", message["target"]!.GetValue<string>());
        Assert.Equal("By another", seen["current"]!.GetValue<string>());
        Assert.Equal("Mine after all", seen["after"]!.GetValue<string>());
        Assert.Equal(("Mine after all", 3), (await desk.TicketsAsync()).Select(t => (t.Title, t.Version)).First());
    }

    [Theory, Providers]
    public async Task A_change_set_that_breaks_a_rule_changes_nothing_and_says_why(Provider provider)
    {
        await using var desk = await DeskAsync(provider, 3);
        await using var page = await OpenUi5Page.OpenAsync(browser, desk.Address);
        var seen = await page.CallAsync("broken(1, 2)");
        Assert.Equal("refused refused", string.Join(' ', seen["refused"]!.AsArray()));
        Assert.Contains(
            seen["messages"]!.AsArray(),
            message => message!["text"]!.GetValue<string>().EndsWith("Title: This field may not be blank.", StringComparison.Ordinal));
        Assert.Equal(["Ticket 0", "Ticket 1", "Ticket 2"], (await desk.TicketsAsync()).Select(t => t.Title));
    }

    private static async Task<Desk> DeskAsync(Provider provider, int tickets, params (string, string)[] settings)
    {
        var desk = await Desk.StartAsync(provider, kestrel: true, settings: settings);
        await FeedDesk.SeedAsync(desk.Database, tickets);
        return desk;
    }

    /// <summary>For tests that only read: a desk on each database, and a page at it.</summary>
    public sealed class Reading(Browser browser) : IAsyncDisposable
    {
        private readonly Dictionary<Provider, (Desk Desk, OpenUi5Page Page)> _open = [];

        /// <inheritdoc />
        public async ValueTask DisposeAsync()
        {
            foreach (var (desk, page) in _open.Values)
            {
                await page.DisposeAsync();
                await desk.DisposeAsync();
            }
        }

        internal async Task<(Desk Desk, OpenUi5Page Page)> OpenAsync(Provider provider)
        {
            if (_open.TryGetValue(provider, out var open)) return open;
            var desk = await DeskAsync(provider, Tickets, ("ODATA_PAGE_SIZE", $"{PageSize}"));
            return _open[provider] = (desk, await OpenUi5Page.OpenAsync(browser, desk.Address));
        }
    }
}
