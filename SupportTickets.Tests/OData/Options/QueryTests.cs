using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

public sealed class QueryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Filters_find_what_they_say_in_one_statement(Provider provider)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));
        await using var desk = await FeedDesk.StartAsync(provider, clock);
        await desk.SeedAsync(40);
        await using var db = desk.Database.Open();
        var tickets = await db.Tickets.AsNoTracking().Include(t => t.Events).ToListAsync(Cancel);
        var day = new DateOnly(2026, 1, 3);
        (string Filter, Func<Ticket, bool> Expected)[] filters =
        [
            ("CreatedAt lt now()", t => t.CreatedAt < clock.Now()),
            ("ResolvedAt ge now() sub duration'P2D'", t => t.ResolvedAt >= clock.Now().AddDays(-2)),
            ("date(CreatedAt) eq 2026-01-03", t => t.CreatedDate == day),
            ("CreatedDate eq 2026-01-03", t => t.CreatedDate == day),
            (
                "CreatedDate gt 2026-01-03 and CreatedDate le date(now())",
                t => t.CreatedDate > day && t.CreatedDate <= new DateOnly(2026, 1, 5)),
            ("CreatedDate in (2026-01-03,2026-01-04)", t => t.CreatedDate == day || t.CreatedDate == day.AddDays(1)),
            ("CreatedAt ge 2026-01-03", t => t.CreatedAt >= new DateTime(2026, 1, 3, 0, 0, 0, DateTimeKind.Utc)),
            ("CreatedAt in (2026-01-01T00:30:00Z,2026-01-01T10:30:00%2B03:00)", t => t.Id is 1 or 2),
            ("date(ResolvedAt) eq 2026-01-03", t => t.ResolvedAt is { } at && DateOnly.FromDateTime(at) == day),
            ("ResolvedAt eq null", t => t.ResolvedAt is null),
            ("ResolvedAt in (null,2026-01-01T07:41:00Z)", t => t.ResolvedAt is null || t.Id == 2),
            ("Status in ('open','closed')", t => t.Status is Status.open or Status.closed),
            (
                "Status eq 'closed' or Priority eq SupportTickets.Priority'high'",
                t => t.Status == Status.closed || t.Priority == Priority.high),
            ("Priority gt SupportTickets.Priority'medium'", t => t.Priority > Priority.medium),
            ("year(CreatedAt) eq 2026 and month(CreatedAt) eq 1 and day(CreatedAt) eq 3", t => t.CreatedDate == day),
            ("contains(Title,'%25') or endswith(Title,'7')", t => t.Title.EndsWith('7')),
            (
                "Events/any(e: e/NewValue eq 'closed' and date(e/At) eq 2026-01-03)",
                t => t.Events.Any(e => e.NewValue == "closed" && e.Date == day)),
            ("Events/$count gt 1", t => t.Events.Count > 1),
        ];
        foreach (var (filter, expected) in filters)
        {
            desk.Forget();
            var rows = await desk.RowsAsync($"/odata/Tickets?$select=Id&$filter={filter}");
            Assert.Equal(tickets.Where(expected).Select(t => t.Id).Order(), rows.Select(row => row["Id"]!.GetValue<int>()));
            Assert.True(rows.Count is > 0 and < 40, filter);
            Assert.Single(desk.Sql);
            desk.Forget();
            Assert.Equal(rows.Count, int.Parse(await desk.Client.GetStringAsync($"/odata/Tickets/$count?$filter={filter}", Cancel)));
            Assert.Single(desk.Sql);
        }
    }

    [Theory, Providers]
    public async Task Days_and_times_are_compared_as_columns_with_parameters(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var filter in new[] { "date(CreatedAt) ge 2026-01-03", "CreatedDate ge 2026-01-03" })
        {
            desk.Forget();
            await desk.RowsAsync($"/odata/Tickets?$filter={filter}");
            Assert.Matches("WHERE t.created_date >= @\\w+\\s", Assert.Single(desk.Sql).Replace("\"", ""));
        }
        desk.Forget();
        await desk.RowsAsync("/odata/Tickets?$filter=CreatedAt lt now()");
        Assert.Matches("WHERE t.created_at < @\\w+\\s", Assert.Single(desk.Sql).Replace("\"", ""));
    }

    [Theory, Providers]
    public async Task Select_expand_and_compute_shape_the_rows_in_one_statement(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        desk.Forget();
        var rows = await desk.RowsAsync(
            "/odata/Tickets?$select=Title,Twice&$compute=UrgencyScore mul 2 as Twice"
                + "&$expand=Events($select=NewValue;$filter=OldValue ne null)");
        Assert.Single(desk.Sql);
        Assert.Equal("Ticket 1", rows[1]["Title"]!.GetValue<string>());
        Assert.Equal(14, rows[1]["Twice"]!.GetValue<int>());
        Assert.Equal("closed", Assert.Single(rows[1]["Events"]!.AsArray())!["NewValue"]!.GetValue<string>());
        Assert.Empty(rows[0]["Events"]!.AsArray());
        Assert.False(rows[0].ContainsKey("Id"));

        desk.Forget();
        var ofEvent = await desk.GetAsync("/odata/Events(1)?$expand=Ticket($select=Title)");
        Assert.Single(desk.Sql);
        Assert.Equal("Ticket 0", ofEvent["Ticket"]!["Title"]!.GetValue<string>());
        Assert.Equal("Ticket 0", (await desk.GetAsync("/odata/Events(1)/Ticket"))["Title"]!.GetValue<string>());
        Assert.Equal(
            ["open", "closed"], (await desk.RowsAsync("/odata/Tickets(2)/Events")).Select(row => row["NewValue"]!.GetValue<string>()));
        Assert.Equal("2", await desk.Client.GetStringAsync("/odata/Tickets/2/Events/$count", Cancel));
    }

    [Theory, Providers]
    public async Task A_ticket_is_read_by_its_key_with_its_ETag(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var url in new[] { "/odata/Tickets(2)", "/odata/Tickets/2", "/odata/Tickets(2)?$select=Title" })
        {
            desk.Forget();
            using var response = await desk.Client.GetAsync(url, Cancel);
            Assert.Equal("W/\"2\"", response.Headers.ETag!.ToString());
            var ticket = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
            Assert.Equal("W/\"2\"", ticket["@odata.etag"]!.GetValue<string>());
            Assert.Equal("Ticket 1", ticket["Title"]!.GetValue<string>());
            Assert.Single(desk.Sql);
        }
    }

    [Fact]
    public async Task The_model_is_the_same_on_both_databases_and_describes_everything()
    {
        var texts = new List<string>();
        foreach (var provider in Enum.GetValues<Provider>())
        {
            await using var desk = await FeedDesk.StartAsync(provider);
            texts.Add(await desk.Client.GetStringAsync("/odata/$metadata", Cancel));
            var json = await desk.GetAsync("/odata/$metadata?$format=json");
            Assert.Equal("SupportTickets.Desk", json["$EntityContainer"]!.GetValue<string>());
            var service = await desk.GetAsync("/odata/");
            Assert.Equal(
                ["Tickets", "Events", "Dates", "Agents", "Comments", "Requesters", "Tags", "Attachments", "TicketTags"],
                service["value"]!.AsArray().Select(set => set!["name"]!.GetValue<string>()));
        }
        Assert.Equal(texts[0], texts[1]);
        var schema = System.Xml.Linq.XDocument.Parse(texts[0]);
        var described = schema
            .Descendants()
            .Where(e => e.Name.LocalName is "EntityType" or "EnumType" or "Property" or "NavigationProperty")
            .ToList();
        Assert.True(described.Count > 30);
        Assert.All(described, e => Assert.Contains(e.Elements(), a => a.Attribute("Term")?.Value == "Core.Description"));
        Assert.All(
            described.Where(e => e.Name.LocalName == "NavigationProperty"), e => Assert.NotEqual("false", e.Attribute("Nullable")?.Value));
        Assert.Contains("Core.OptimisticConcurrency", texts[0]);
        Assert.Contains("<Member Name=\"in_progress\"", texts[0]);
    }
}
