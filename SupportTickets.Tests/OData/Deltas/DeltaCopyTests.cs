using CsCheck;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Deltas;

public sealed class DeltaCopyTests
{
    private static readonly string[] Statuses = ["open", "in_progress", "resolved", "closed"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private enum Step
    {
        Create,
        Change,
        Delete,
        Follow,
    }

    /// <summary>Whatever happens between and during the pulls, in the end the copy is what a fresh pull gives.</summary>
    [Theory, Providers]
    public async Task A_copy_kept_by_changes_is_the_one_that_is_pulled_afresh(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var random = new Ids();
        (string Query, int PageSize, string Version)[] kinds =
        [
            ("", 1, "4.0"),
            ("", 1000, "4.01"),
            ("$filter=Status eq 'open'", 2, "4.01"),
            ("$filter=Status ne 'open' and Priority gt 'low'&$select=Title", 3, "4.0"),
            ("$search=printer&$orderby=Priority desc", 2, "4.0"),
            ("$filter=Events/$count gt 2&$compute=UrgencyScore add Version as Sum&$select=Id,Sum", 4, "4.01"),
            ("$expand=Events($filter=Field eq 'status';$orderby=Id)", 2, "4.01"),
        ];
        var copies = kinds.Select(kind => new Copy(desk, kind.Query, kind.PageSize, kind.Version)).ToList();
        var work = Gen.Select(
            Gen.Frequency(
                (4, Gen.Const(Step.Create)), (6, Gen.Const(Step.Change)), (3, Gen.Const(Step.Delete)), (2, Gen.Const(Step.Follow))),
            Gen.Int[0, 1000]);
        foreach (var copy in copies)
            await copy.PullAsync();

        await work.List[1, 12].ForSamplesAsync(12, async steps =>
        {
            foreach (var (step, n) in steps)
            {
                if (step != Step.Follow) await ActAsync(step, n);
                // While some of them read.
                else await copies[n % copies.Count].FollowAsync(() => ActAsync((Step)(n % 3), n + 1));
            }
            if (steps.Count % 3 == 0) // one begins anew, while others work
                await copies[steps.Count % copies.Count].PullAsync(() => ActAsync((Step)(steps.Count % 3), steps.Count));
            foreach (var copy in copies)
            {
                await copy.FollowAsync();
                Assert.Equal(await copy.FreshAsync(), copy.Rows);
            }
        });

        async Task ActAsync(Step step, int n)
        {
            var title = n % 2 == 0 ? $"printer {n}" : $"screen {n}";
            using var response = step switch
            {
                Step.Create => await desk.SendAsync(
                    HttpMethod.Post, "/odata/Tickets",
                    $$"""{"Title":"{{title}}","Description":"d","Category":"billing","Priority":"high","Status":"{{Statuses[n % 4]}}"}"""),
                Step.Change => await desk.SendAsync(
                    HttpMethod.Patch, $"/odata/Tickets({random.Pick(n)})",
                    n % 3 == 0 ? $$"""{"Title":"{{title}}"}""" : $$"""{"Status":"{{Statuses[n % 4]}}","Priority":"low"}"""),
                _ => await desk.SendAsync(HttpMethod.Delete, $"/odata/Tickets({random.Pick(n)})"),
            };
            if (response.Headers.Location is not null) random.Highest++;
            Assert.True((int)response.StatusCode is >= 200 and < 300 or 404, $"{step} {(int)response.StatusCode}");
        }
    }

    [Theory, Providers]
    public async Task What_changes_behind_the_reader_during_the_first_walk_is_told_later(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6);
        var copy = new Copy(desk, pageSize: 2);
        var page = 0;
        await copy.PullAsync(async () =>
        {
            if (page++ > 0) return;
            using var changed = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(1)", """{"Title":"Behind"}""");
            using var ahead = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(6)", """{"Title":"Ahead"}""");
            using var deleted = await desk.SendAsync(HttpMethod.Delete, "/odata/Tickets(2)");
        });
        Assert.Equal(["1", "2", "3", "4", "5", "6"], copy.Told);
        await copy.FollowAsync();
        Assert.Equal(["1", "6", "2 deleted"], copy.Told.Order(StringComparer.Ordinal).OrderBy(t => t.Contains(' ')));
        Assert.Equal(await copy.FreshAsync(), copy.Rows);
        await copy.FollowAsync();
        Assert.Empty(copy.Told);
    }

    private sealed class Ids
    {
        public int Highest { get; set; } = 9;

        // Rather the newer ones: the newest is the one whose deletion lowers the highest id that is there.
        public int Pick(int n) => Math.Max(1, Highest - n % 12);
    }
}
