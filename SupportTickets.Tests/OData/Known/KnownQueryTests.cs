using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.OData.Query.Known;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Known;

/// <summary>
/// A query that is asked again and again is compiled, and its later answers are those of the first. StraightTests compare their bytes.
/// </summary>
public sealed class KnownQueryTests
{
    /// <summary>More often than a query is bound before it is known.</summary>
    private const int Often = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Each_key_gives_its_own_entity(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        for (var id = 1; id <= 9; id++)
        {
            Assert.Equal($"Ticket {id - 1}", (await desk.GetAsync($"/odata/Tickets({id})"))["Title"]!.GetValue<string>());
            Assert.All(await desk.RowsAsync($"/odata/Tickets({id})/Events"), row => Assert.Equal(id, row["TicketId"]!.GetValue<int>()));
        }
        await desk.FailAsync("/odata/Tickets(10)", HttpStatusCode.NotFound);
        await desk.FailAsync("/odata/Tickets(10)/Events", HttpStatusCode.NotFound);
        await desk.FailAsync("/odata/Tickets(99999999999)", HttpStatusCode.NotFound);
        using var unchanged = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(1)", (string?)null, ("If-None-Match", "W/\"1\""));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory, Providers]
    public async Task A_changed_entity_is_given_as_it_is_now(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        for (var n = 1; n <= Often; n++)
        {
            using var changed = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(1)", $$"""{"Title":"Title {{n}}"}""");
            changed.EnsureSuccessStatusCode();
            Assert.Equal($"Title {n}", (await desk.GetAsync("/odata/Tickets(1)"))["Title"]!.GetValue<string>());
            Assert.Equal($"Title {n}", (await desk.RowsAsync("/odata/Tickets?$orderby=Id"))[0]["Title"]!.GetValue<string>());
        }
    }

    [Theory, Providers]
    public async Task Options_that_differ_are_different_queries(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6);
        for (var n = 0; n < Often; n++)
        {
            for (var i = 0; i < 6; i++)
            {
                Assert.Equal(i + 1, Assert.Single(await IdsAsync($"$filter=Title eq 'Ticket {i}'")));
                Assert.Equal(Enumerable.Range(1, i + 1), await IdsAsync($"$top={i + 1}"));
                Assert.Equal(Enumerable.Range(i + 1, 6 - i), await IdsAsync($"$skip={i}"));
                Assert.Equal(Enumerable.Range(1, 6).Where(id => id != i + 1), await IdsAsync($"$filter=Id ne {i + 1}"));
                Assert.Equal([i + 1], await IdsAsync($"$filter=Id in ({i + 1},99)"));
            }
            // The text of one option is not that of two.
            Assert.Empty(await IdsAsync(Uri.EscapeDataString("$filter") + "=" + Uri.EscapeDataString("Title eq '\n$top=1:1'")));
            Assert.Equal([6, 5], await IdsAsync("$orderby=Id desc&$top=2"));
            Assert.Equal([6, 5], await IdsAsync("top=2&OrderBy=Id desc"));
        }

        async Task<IEnumerable<int>> IdsAsync(string query) =>
            (await desk.RowsAsync($"/odata/Tickets?{query}")).Select(row => row["Id"]!.GetValue<int>());
    }

    [Theory, Providers]
    public async Task Pages_follow_each_other_however_often_they_were_read(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(20);
        await desk.AssignSomeAsync();
        foreach (var query in new[]
        {
            "", "$orderby=ResolvedAt", "$orderby=ResolvedAt desc", "$orderby=AssigneeId,Title desc", "$orderby=AssigneeId desc,ResolvedAt",
            "$top=11", "$skip=3&$top=9", "$skip=4&$orderby=Status", "$filter=UrgencyScore gt 20&$select=Title", "$expand=Assignee",
            "$count=true",
        })
        {
            var whole = (await desk.RowsAsync($"/odata/Tickets?{query}")).ConvertAll(row => row.ToJsonString());
            foreach (var size in new[] { 3, 3, 3, 7, 3 })
                Assert.Equal(whole, (await desk.WalkAsync($"/odata/Tickets?{query}", size)).ConvertAll(row => row.ToJsonString()));
        }
    }

    [Theory, Providers]
    public async Task A_token_of_another_query_is_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var others = "";
        for (var n = 0; n < Often; n++)
        {
            await desk.WalkAsync("/odata/Tickets?$orderby=Title", 2);
            var page = await desk.GetAsync("/odata/Tickets?$orderby=Status", ("Prefer", "maxpagesize=2"));
            others = page["@odata.nextLink"]!.GetValue<string>().Split("skiptoken=")[1];
        }
        foreach (var token in new[] { others, "nope", others[..^3] })
        {
            var error = await desk.FailAsync($"/odata/Tickets?$orderby=Title&$skiptoken={token}", HttpStatusCode.BadRequest);
            Assert.Equal("$skiptoken", error["target"]!.GetValue<string>());
        }
    }

    [Theory, Providers]
    public async Task Nothing_that_a_request_hides_decides_the_answer_of_others(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        for (var n = 0; n < Often; n++)
        {
            foreach (var name in new[] { "%20$top", "$top%20", "%20top", "+$skip", "%09$filter", "%20@p", "%C2%A0$select" })
                await desk.FailAsync($"/odata/Tickets?{name}=1", HttpStatusCode.BadRequest);
            foreach (var other in new[] { "x$top=1", "topp=1", "%20x=1" })
                Assert.Equal(4, (await desk.RowsAsync($"/odata/Tickets?{other}")).Count);
            Assert.Equal(4, (await desk.RowsAsync("/odata/Tickets")).Count);
        }
    }

    [Theory, Providers]
    public async Task An_alias_has_the_value_of_its_request(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        foreach (var aliases in new[] { "@p&@p={0}", "@é&@é={0}", "@p&@p=@q&@q={0}", "@p and Title ne 'a@b'&@p={0}" })
        {
            for (var n = 0; n < 2 * Often; n++)
            {
                var id = (n % 4) + 1;
                var row = Assert.Single(await desk.RowsAsync($"/odata/Tickets?$filter=Id eq {string.Format(null, aliases, id)}"));
                Assert.Equal(id, row["Id"]!.GetValue<int>());
            }
        }
    }

    [Theory, Providers]
    public async Task A_query_with_now_has_the_time_of_each_request(Provider provider)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero));
        await using var desk = await FeedDesk.StartAsync(provider, clock);
        await desk.SeedAsync(9); // seven hours apart
        for (var n = 1; n <= 9; n++)
        {
            Assert.Equal(n, (await desk.RowsAsync("/odata/Tickets?$filter=CreatedAt lt now()")).Count);
            clock.Advance(TimeSpan.FromHours(7));
        }
    }

    [Fact]
    public async Task The_number_of_known_queries_is_bounded()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite, new ManualClock(ManualClock.Monday));
        await desk.SeedAsync(1);
        var known = desk.Services.GetRequiredService<KnownQueries>();
        for (var n = 0; n < KnownQueries.Most + 200; n++)
            await desk.GetAsync($"/odata/Tickets?$filter=Id eq {n}");
        Assert.InRange(known.Count, 1, KnownQueries.Most);
    }

    [Fact]
    public async Task Each_answer_names_the_host_that_it_was_asked_at()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite, settings: ("ALLOWED_HOSTS", "*"));
        await desk.SeedAsync(1);
        for (var n = 0; n < 40; n++)
        {
            foreach (var host in new[] { $"h{n}.example", "usual.example" })
            {
                using var answer = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(1)", (string?)null, ("Host", host));
                var text = await answer.Content.ReadAsStringAsync(Cancel);
                Assert.Contains($"http://{host}/odata/$metadata", text, StringComparison.Ordinal);
            }
        }
    }
}
