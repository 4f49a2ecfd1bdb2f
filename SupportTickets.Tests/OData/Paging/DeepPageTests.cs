using System.Text.RegularExpressions;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>A page far behind the start costs what the first one costs: the database starts in the index where the page starts.</summary>
public sealed class DeepPageTests(DeepPageTests.SeededDesks desks) : IClassFixture<DeepPageTests.SeededDesks>
{
    private const int Count = 4000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("Id", "id", "pk_tickets")]
    [CombinedProviders("Id desc", "id", "pk_tickets")]
    [CombinedProviders("CreatedAt", "created_at", "ix_tickets_created_at_id")]
    [CombinedProviders("CreatedAt desc", "created_at", "ix_tickets_created_at_id")]
    [CombinedProviders("UrgencyScore", "urgency_score", "ix_tickets_urgency_score_id")]
    [CombinedProviders("ResolvedAt", "resolved_at", "ix_tickets_resolved_at_id")]
    public async Task It_starts_in_the_index_at_the_row_before_it(Provider provider, string order, string column, string index)
    {
        var (desk, last) = await desks.OfAsync(provider);
        await using var db = desk.Database.Open();
        var page = await desk.GetAsync($"/odata/Tickets?$select=Id&$orderby={order}&$skip=3000", ("Prefer", "maxpagesize=10"));
        await desk.GetAsync(page["@odata.nextLink"]!.GetValue<string>(), ("Prefer", "maxpagesize=10"));

        Assert.Matches($@"WHERE t\.{column} [<>]={(column == "id" ? "?" : "")} @\w+", last.Text.Replace("\"", ""));
        var plan = await last.ExplainAsync(
            db, provider == Provider.Postgres ? "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " : "EXPLAIN QUERY PLAN ");
        if (provider == Provider.Sqlite)
        {
            Assert.Matches(
                column == "id"
                    ? @"SEARCH t USING INTEGER PRIMARY KEY \(rowid[<>]\?\)"
                    : $@"SEARCH t USING (COVERING )?INDEX {index} \({column}[<>]\?\)",
                plan);
            Assert.DoesNotContain("TEMP B-TREE FOR ORDER BY", plan); // of rows with the same value at most
            return;
        }
        Assert.Matches($@"Index (Only )?Scan (Backward )?using {index} on tickets", plan);
        Assert.Matches($@"Index Cond: \(+{column} [<>]=?", plan);
        // Rows with the value of the last row are passed over; there are few, and the rest is not even looked at.
        var removed = Regex.Match(plan, @"Rows Removed by Filter: (\d+)") is { Success: true } match ? int.Parse(match.Groups[1].Value) : 0;
        Assert.InRange(removed, 0, Count / 20);
        Assert.DoesNotMatch(@"(?m)^\s*(->\s+)?Sort\s+\(", plan); // sorts rows with the same value at most
    }

    /// <summary>One desk with many tickets for each database, because the tests only read.</summary>
    public sealed class SeededDesks : IAsyncDisposable
    {
        private readonly Dictionary<Provider, (FeedDesk Desk, LastQuery Last)> _desks = [];

        internal async Task<(FeedDesk Desk, LastQuery Last)> OfAsync(Provider provider)
        {
            if (_desks.TryGetValue(provider, out var known))
                return known;
            var last = new LastQuery();
            var desk = await FeedDesk.StartAsync(provider, interceptor: last);
            _desks[provider] = (desk, last);
            await desk.SeedManyAsync(Count, ManualClock.Monday.UtcDateTime);
            return (desk, last);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (desk, _) in _desks.Values)
                await desk.DisposeAsync();
        }
    }
}
