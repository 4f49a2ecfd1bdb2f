using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Analytics;

/// <summary>The most urgent tickets that wait are found without a look at the others, also where all others are more urgent.</summary>
public sealed class WaitingPlanTests
{
    private const int Count = 4000, Waiting = 40;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_most_urgent_ones_come_from_an_index(Provider provider)
    {
        var last = new LastQuery();
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: last);
        await desk.SeedManyAsync(Count, ManualClock.Monday.UtcDateTime);
        await using var db = desk.Database.Open();
        await db.Tickets.ExecuteUpdateAsync(
            set => set.SetProperty(t => t.Status, t => t.Id <= Waiting ? Status.open : Status.closed)
                .SetProperty(t => t.UrgencyScore, t => t.Id <= Waiting ? t.Id : 99),
            Cancel);
        if (provider == Provider.Postgres) await db.Database.ExecuteSqlRawAsync("ANALYZE tickets", Cancel);

        using var page = await desk.Client.GetAsync("/", Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Matches("urgency_score\"? DESC", last.Text);
        var plan = await last.ExplainAsync(db, provider == Provider.Postgres ? "EXPLAIN (COSTS OFF) " : "EXPLAIN QUERY PLAN ");
        Assert.Equal(
            2, Regex.Count(plan, provider == Provider.Postgres
                ? "Index Scan Backward using ix_tickets_status_urgency_score_id on tickets"
                : "SEARCH t0? USING INDEX ix_tickets_status_urgency_score_id"));
    }
}
