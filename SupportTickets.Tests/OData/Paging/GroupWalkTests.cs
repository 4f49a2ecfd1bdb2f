using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>
/// What a walk over groups promises while people work: a group that is there throughout comes exactly once, in its place.
/// </summary>
public sealed class GroupWalkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly string[] Queries =
    [
        "$apply=groupby((Title))",
        "$apply=groupby((Title))&$orderby=Title desc",
        "$apply=groupby((Title),aggregate($count as N))",
        "$apply=groupby((Title),aggregate($count as N))&$orderby=N desc,Title desc",
        "$apply=groupby((Title,Id,Status,ResolvedAt,CreatedDate))&$orderby=ResolvedAt desc",
        "$apply=groupby((ResolvedAt,Title,Assignee/Name),aggregate(UrgencyScore with average as M))&$orderby=Assignee/Name",
        "$apply=groupby((Title),aggregate(Id with max as M))&$orderby=M desc",
        "$apply=groupby((Title),aggregate(Id with sum as M,$count as N))/filter(M ge 0 and N lt 2)/compute(M mul 2.5 as K)&$orderby=K desc",
        "$apply=groupby((Title),aggregate(UrgencyScore with average as M))&$filter=M ge 0&$orderby=M",
        "$apply=compute(length(Title) as L,UrgencyScore gt 50 as B)/groupby((B,L,Title))",
        "$apply=groupby((Title),aggregate(Id with max as M))/topcount(1000,M)",
        "$apply=concat(groupby((Title)),groupby((Title,Status))/orderby(Title desc))",
        "$apply=groupby((Title),aggregate(Events/$count as N))&$count=true",
    ];

    [Theory, Providers]
    public async Task A_walk_over_groups_gives_what_was_there_throughout_exactly_once(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await using var db = desk.Database.Open();
        foreach (var query in Queries)
        {
            await db.Tickets.ExecuteDeleteAsync(Cancel);
            await db.Set<Person>().ExecuteDeleteAsync(Cancel);
            await desk.SeedAsync(24);
            await desk.AssignSomeAsync();
            var url = $"/odata/Tickets?{query}";
            var before = (await desk.RowsAsync(url)).Select(Text).ToList();
            var (walked, gone) = (new List<string>(), new HashSet<string>());
            var page = 0;
            for (string? next = url; next is not null; page++)
            {
                desk.Forget();
                var answer = await desk.GetAsync(next, ("Prefer", "odata.maxpagesize=5"));
                next = answer["@odata.nextLink"]?.GetValue<string>();
                walked.AddRange(answer["value"]!.AsArray().Select(row => Text(row!.AsObject())));
                Assert.True(page < 50, "The walk does not end.");
                // Before and behind every place that the walk could be at; and one that was given already is deleted.
                foreach (var title in new[] { $"A {page}", $"Z {page}" })
                    await CreateAsync(desk, title);
                gone.Add(await DeleteFirstAsync(desk));
            }
            var steady = before.Where(row => !gone.Any(title => row.Contains($"\"{title}\"", StringComparison.Ordinal))).ToList();
            Assert.True(steady.Count > 10 && page > 3);
            Assert.True(
                steady.SequenceEqual(walked.Where(steady.Contains)),
                $"{query}\n{string.Join('\n', steady)}\nbut\n{string.Join('\n', walked)}");
        }
    }

    [Theory, Providers]
    public async Task A_later_page_of_groups_is_one_statement_behind_the_last_row_by_its_values(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(24);
        foreach (var query in new[] { Queries[0], Queries[2], Queries[6], Queries[7], Queries[8] })
        {
            var first = await desk.GetAsync($"/odata/Tickets?{query}", ("Prefer", "maxpagesize=5"));
            desk.Forget();
            await desk.GetAsync(first["@odata.nextLink"]!.GetValue<string>(), ("Prefer", "maxpagesize=5"));
            var sql = Assert.Single(desk.Sql);
            Assert.DoesNotContain("OFFSET", sql, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("GROUP BY", sql, StringComparison.OrdinalIgnoreCase);
        }
    }

    // The documented rest: a group has no key to look such a text up by.
    [Theory, Providers]
    public async Task Groups_by_texts_that_no_link_can_hold_are_paged_by_number(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var same = new string('x', 5000);
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id > 3).ExecuteUpdateAsync(t => t.SetProperty(x => x.Description, x => same + x.Title), Cancel);
        const string Url = "/odata/Tickets?$apply=groupby((Description),aggregate($count as N))";
        var whole = (await desk.RowsAsync(Url)).Select(Text).ToList();
        Assert.Equal(9, whole.Count);
        Assert.Equal(whole, (await desk.WalkAsync(Url, 2)).Select(Text));
        Assert.Equal(whole.Skip(1).Take(7), (await desk.WalkAsync($"{Url}&$skip=1&$top=7", 2)).Select(Text));
    }

    private static string Text(JsonObject row) => row.ToJsonString();

    private static async Task CreateAsync(FeedDesk desk, string title)
    {
        using var created = await desk.SendAsync(
            HttpMethod.Post, "/odata/Tickets", $$"""{"Title":"{{title}}","Description":"D","Category":"billing","Priority":"low"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }

    // The ticket of the lowest title that the desk began with; what is sorted by it is given already.
    private static async Task<string> DeleteFirstAsync(FeedDesk desk)
    {
        var first = Assert.Single(
            await desk.RowsAsync("/odata/Tickets?$filter=startswith(Title,'Ticket')&$orderby=Title&$top=1&$select=Id,Title"));
        using var deleted = await desk.SendAsync(HttpMethod.Delete, $"/odata/Tickets({first["Id"]})");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        return first["Title"]!.GetValue<string>();
    }
}
