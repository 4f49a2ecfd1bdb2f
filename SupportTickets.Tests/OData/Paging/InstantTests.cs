using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>now() is one instant for a whole walk (OData URL Conventions 4.01, 5.1.1.8), wherever it stands.</summary>
public sealed class InstantTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero);

    [Theory, Providers]
    public async Task A_walk_has_one_now_in_every_option(Provider provider)
    {
        foreach (var query in new[]
        {
            "$select=Id&$orderby=totalseconds(now() sub CreatedAt)", "$select=Id&$orderby=totalseconds(now() sub CreatedAt) desc",
            "$select=Id&$orderby=now()", "$select=Id&$orderby=now() desc,Title",
            "$select=Id&$filter=CreatedAt lt now()&$count=true", "$select=Id&$filter=CreatedAt gt now()",
            "$compute=totalseconds(now() sub CreatedAt) as Age&$select=Id,Age",
            "$compute=totalseconds(now() sub CreatedAt) as Age&$select=Id,Age&$orderby=Age",
            "$apply=filter(CreatedAt lt now())/compute(totalseconds(now() sub CreatedAt) as Age)&$orderby=Age&$select=Id,Age",
            "$apply=groupby((Id,CreatedAt))/filter(CreatedAt lt now())", "$select=Id&$expand=Events($filter=At lt now();$select=Id)",
            "$select=Id&$orderby=Events/$count($filter=At lt now()) desc",
        })
        {
            var clock = new ManualClock(Start);
            await using var desk = await FeedDesk.StartAsync(provider, clock);
            // Seven hours apart: some before the start, others overtaken by the clock while the walk is on its way.
            await desk.SeedAsync(20);
            var whole = (await desk.RowsAsync($"/odata/Tickets?{query}")).Select(row => row.ToJsonString()).ToList();
            Assert.NotEmpty(whole);
            var walked = new List<string>();
            for (var next = $"/odata/Tickets?{query}"; next is not null;)
            {
                var page = await desk.GetAsync(next, ("Prefer", "odata.maxpagesize=3"));
                walked.AddRange(page["value"]!.AsArray().Select(row => row!.ToJsonString()));
                Assert.True(walked.Count < 100, $"{query}: the walk does not end.");
                next = page["@odata.nextLink"]?.GetValue<string>();
                clock.Advance(TimeSpan.FromHours(10.5));
            }
            Assert.Equal(whole, walked);
        }
    }

    [Theory, Providers]
    public async Task A_query_that_is_asked_anew_has_the_time_of_then(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await FeedDesk.StartAsync(provider, clock);
        await desk.SeedAsync(20);
        var before = (await desk.RowsAsync("/odata/Tickets?$filter=CreatedAt lt now()")).Count;
        clock.Advance(TimeSpan.FromDays(1));
        Assert.InRange((await desk.RowsAsync("/odata/Tickets?$filter=CreatedAt lt now()")).Count, before + 3, 20);
    }
}
