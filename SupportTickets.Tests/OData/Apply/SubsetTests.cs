using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Apply;

/// <summary>Transformations that give a part of their input (Data Aggregation 4.0, 3.3).</summary>
public sealed class SubsetTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_largest_and_smallest_groups_are_one_statement(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(31);
        await using var db = desk.Database.Open();
        var groups = (await db.Tickets.ToListAsync(Cancel)).GroupBy(t => t.Category).Select(g => (g.Key, N: g.Count())).ToList();
        (string Apply, IEnumerable<(Category Key, int N)> Expected)[] cases =
        [
            ("topcount(2,N)", groups.OrderByDescending(g => g.N).ThenBy(g => g.Key).Take(2)),
            ("bottomcount(2,N)", groups.OrderBy(g => g.N).ThenBy(g => g.Key).Take(2)),
            ("topcount(3,N mod 8 mul 2)", groups.OrderByDescending(g => g.N % 8 * 2).ThenBy(g => g.Key).Take(3)),
            ("orderby(N,Category desc)/top(3)", groups.OrderBy(g => g.N).ThenByDescending(g => g.Key).Take(3)),
            ("orderby(Category desc)/skip(1)/top(2)", groups.OrderByDescending(g => g.Key).Skip(1).Take(2)),
            (
                "topcount(3,N)/orderby(Category desc)/top(2)",
                groups.OrderByDescending(g => g.N).ThenBy(g => g.Key).Take(3).OrderByDescending(g => g.Key).Take(2)),
            (
                "topcount(3,N)/filter(Category ne 'technical')",
                groups.OrderByDescending(g => g.N).ThenBy(g => g.Key).Take(3).Where(g => g.Key != Category.technical)),
            ("top(2)", groups.OrderBy(g => g.Key).Take(2)),
            ("top(99999999999999999999)", groups.OrderBy(g => g.Key)),
            ("skip(99999999999999999999)", []),
            ("top(0)", []),
            ("identity/topcount(1,N)/identity", groups.OrderByDescending(g => g.N).ThenBy(g => g.Key).Take(1)),
        ];
        foreach (var (apply, expected) in cases)
        {
            desk.Forget();
            var rows = await desk.RowsAsync($"/odata/Tickets?$apply=groupby((Category),aggregate($count as N))/{apply}");
            Assert.Single(desk.Sql);
            Assert.True(
                expected.Select(g => $"{g.Key} {g.N}").SequenceEqual(rows.Select(row => $"{row["Category"]} {row["N"]}")),
                $"{apply}: {string.Join(", ", rows.Select(row => row.ToJsonString()))}");
        }
    }

    [Theory, Providers]
    public async Task The_most_urgent_tickets_are_tickets(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(40);
        await using var db = desk.Database.Open();
        var all = await db.Tickets.ToListAsync(Cancel);
        var urgent = all.OrderByDescending(t => t.UrgencyScore).ThenBy(t => t.Id).Take(10).ToList();
        desk.Forget();
        var page = await desk.GetAsync(
            "/odata/Tickets?$apply=topcount(10,UrgencyScore)&$select=Id,Title&$expand=Events($select=NewValue)&$count=true");
        Assert.Equal(2, desk.Sql.Count); // the count is one of its own
        Assert.Equal(10, page["@odata.count"]!.GetValue<int>());
        Assert.EndsWith("#Tickets(Id,Title,Events(NewValue))", page["@odata.context"]!.GetValue<string>());
        Assert.Equal(urgent.Select(t => t.Id), Ids(page["value"]!.AsArray()));
        Assert.Contains("open", page["value"]![0]!["Events"]!.AsArray().Select(change => change!["NewValue"]!.GetValue<string>()));
        Assert.Equal($"W/\"{urgent[0].Version}\"", page["value"]![0]!["@odata.etag"]!.GetValue<string>());

        Assert.Equal(urgent.Select(t => t.Id), Ids(await desk.WalkAsync("/odata/Tickets?$apply=topcount(10,UrgencyScore)", pageSize: 3)));
        Assert.Equal(
            urgent.OrderBy(t => t.Title, StringComparer.Ordinal).Take(4).Select(t => t.Id),
            Ids(await desk.WalkAsync("/odata/Tickets?$apply=topcount(10,UrgencyScore)&$orderby=Title&$top=4", pageSize: 3)));
        Assert.Equal(
            urgent.Where(t => t.Id > 20).Select(t => t.Id),
            Ids(await desk.RowsAsync("/odata/Tickets?$apply=topcount(10,UrgencyScore)&$filter=Id gt 20")));
        Assert.Equal("10", await desk.Client.GetStringAsync("/odata/Tickets/$count?$apply=topcount(10,UrgencyScore)", Cancel));
        // Missing values are lowest on both databases.
        Assert.Equal(
            all.OrderBy(t => t.ResolvedAt).ThenBy(t => t.Id).Take(16).Select(t => t.Id),
            Ids(await desk.WalkAsync("/odata/Tickets?$apply=bottomcount(16,ResolvedAt)", pageSize: 5)));
        Assert.Equal(
            all.OrderByDescending(t => t.ResolutionMinutes).ThenBy(t => t.Id).Take(30).Select(t => t.Id),
            Ids(await desk.WalkAsync("/odata/Tickets?$apply=topcount(30,ResolutionMinutes)", pageSize: 7)));
        var longest = await desk.RowsAsync("/odata/Tickets?$apply=topcount(5,UrgencyScore)/aggregate(ResolutionMinutes with max as M)");
        Assert.Equal(
            all.OrderByDescending(t => t.UrgencyScore).ThenBy(t => t.Id).Take(5).Max(t => t.ResolutionMinutes),
            longest[0]["M"]!.GetValue<int?>());
        var full = await desk.GetAsync("/odata/Tickets?$apply=topcount(1,UrgencyScore)&$format=application/json;odata.metadata=full");
        Assert.EndsWith($"Tickets({urgent[0].Id})", full["value"]![0]!["@odata.id"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task Searching_is_a_step_too(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(30);
        desk.Forget();
        var rows = await desk.RowsAsync(
            "/odata/Tickets?$apply=search(\"ticket 1\" OR \"ticket 2\")/groupby((Status),aggregate($count as N))");
        Assert.Equal(22, rows.Sum(row => row["N"]!.GetValue<int>())); // 1, 2, 10 to 19, 20 to 29
        Assert.Single(desk.Sql);
        Assert.Equal([28, 18], Ids(await desk.RowsAsync("/odata/Tickets?$apply=topcount(20,Id)/search(7)&$select=Id"))); // of 8, 18 and 28
        await desk.FailAsync("/odata/Tickets?$apply=groupby((Status))/search(a)", HttpStatusCode.NotImplemented);
        await desk.FailAsync("/odata/Events?$apply=search(a)", HttpStatusCode.NotImplemented);
        await desk.FailAsync("/odata/Tickets?$apply=search(a AND)", HttpStatusCode.BadRequest);
    }

    private static IEnumerable<int> Ids(IEnumerable<JsonNode?> rows) => rows.Select(row => row!["Id"]!.GetValue<int>());
}
