using CsCheck;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Apply;

/// <summary>Pages of groups: the order is total, so no page repeats or loses one, whatever was grouped and sorted by.</summary>
public sealed class GroupPagingTests
{
    private static readonly string[] Keys =
    [
        "Status", "Priority", "Category", "CreatedDate", "ResolvedAt", "ResolutionMinutes", "Sentiment", "UrgencyScore", "AssigneeId",
        "Assignee/Name",
    ];

    [Theory, Providers]
    public async Task Pages_of_groups_neither_repeat_nor_lose_any(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(47);
        await desk.AssignSomeAsync();
        var keys = Gen.Select(Gen.Shuffle(Keys), Gen.Int[1, 3], (all, count) => all.Take(count).ToArray());
        var orders = Gen.OneOf("", "N", "N desc", "M", "M desc", "M desc,N");
        var steps = Gen.OneOf(
            "", "/filter(N gt 0)", "/orderby(M desc)", "/topcount(9,N)", "/bottomcount(7,M)", "/orderby(N)/skip(2)",
            "/compute(N mul 2 as K)/filter(K gt 2)");
        await Gen.Select(keys, orders, steps, Gen.Int[1, 9]).ForSamplesAsync(40, async sample =>
        {
            var (by, order, step, size) = sample;
            var query = $"/odata/Tickets?$apply=groupby(({string.Join(',', by)}),"
                + $"aggregate($count as N,ResolutionMinutes with average as M)){step}{(order.Length > 0 ? $"&$orderby={order}" : "")}";
            var whole = (await desk.RowsAsync(query)).Select(row => row.ToJsonString()).ToList();
            Assert.Equal(whole.Count, whole.Distinct().Count());
            Assert.Equal(whole, (await desk.WalkAsync(query, size)).Select(row => row.ToJsonString()));
            Assert.Equal(whole.Skip(3).Take(8), (await desk.WalkAsync($"{query}&$skip=3&$top=8", size)).Select(row => row.ToJsonString()));
        });
    }
}
