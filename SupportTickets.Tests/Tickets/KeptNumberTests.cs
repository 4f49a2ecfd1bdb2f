using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Tickets;

/// <summary>Which numbers come from the totals, and that they are right.</summary>
public sealed class KeptNumberTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The number of a list is that of its tickets, and comes from the totals where they have it.</summary>
    [Theory]
    [CombinedProviders("", true)]
    [CombinedProviders("status=open", true)]
    [CombinedProviders("priority=high&category=general", true)]
    [CombinedProviders("sentiment=neutral", true)]
    [CombinedProviders("search=title", false)]
    [CombinedProviders("open=true", false)]
    [CombinedProviders("assignee=none", false)]
    public async Task A_list_has_its_number_from_the_totals_where_they_have_it(Provider provider, string query, bool isKept)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        // More than a page: a list of one page is not counted.
        await using (var db = desk.Database.Open())
        {
            for (var i = 0; i < 60; i++)
            {
                var draft = i < 55 ? new NewTicket("A title", "Text", Category.general, Priority.high, Status.open)
                    : new NewTicket("Another", "Text", Category.billing, Priority.low, Status.closed);
                db.Add(TicketLifeCycle.Create(
                    draft, new(i < 55 ? Sentiment.neutral : Sentiment.angry, 50), DateTime.UnixEpoch.AddDays(i), new("seed", Channel.web)));
            }
            await db.SaveChangesAsync(Cancel);
        }
        desk.Forget();
        var page = await desk.Client.GetStringAsync($"/tickets?{query}", Cancel);
        Assert.Contains($"50 of {(query is "" or "assignee=none" ? 60 : 55)}<", page, StringComparison.Ordinal);
        Assert.Equal(isKept, desk.Sql.Any(sql => sql.Contains("ticket_totals", StringComparison.Ordinal)));
    }

    [Theory]
    [CombinedProviders("/odata/Tickets/$count", true)]
    [CombinedProviders("/odata/Tickets?$count=true&$top=0", true)]
    [CombinedProviders("/odata/Tickets?$count=true&$skip=2&$orderby=Title&$select=Title", true)]
    [CombinedProviders("/odata/Tickets/$ref?$count=true", true)]
    [CombinedProviders("/odata/Tickets/$count?$filter=Id gt 0", false)]
    [CombinedProviders("/odata/Tickets/$count?$search=title", false)]
    [CombinedProviders("/odata/Tickets?$apply=filter(Id gt 0)&$count=true", false)]
    public async Task The_feed_has_its_number_from_the_totals_where_nothing_filters(Provider provider, string url, bool isKept)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        for (var i = 0; i < 5; i++) await desk.Desk.AddTicketAsync();
        desk.Forget();
        var answer = await desk.Client.GetStringAsync(url, Cancel);
        Assert.Equal("5", answer.StartsWith('{') ? JsonNode.Parse(answer)!["@odata.count"]!.ToString() : answer);
        Assert.Equal(isKept, desk.Sql.Any(sql => sql.Contains("ticket_totals", StringComparison.Ordinal)));
    }

    [Theory, Providers]
    public async Task Figures_and_the_dashboard_count_no_ticket(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(20);
        foreach (var url in (string[])["/api/tickets/stats/", "/odata/Tickets/Stats()", "/"])
        {
            desk.Forget();
            await desk.Client.GetStringAsync(url, Cancel);
            // What the dashboard reads of tickets is a day of them, or a few.
            Assert.All(
                desk.Sql.Where(sql => Regex.IsMatch(sql, "FROM \"?tickets\\b")), sql => Assert.Matches("LIMIT|created_at\"? > ", sql));
        }
    }
}
