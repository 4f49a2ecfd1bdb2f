using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Analytics;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Apply;

public sealed class ApplyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Groups_equal_the_statistics_and_are_one_statement(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(143);
        await using var scope = desk.Services.CreateAsyncScope();
        var stats = await scope.ServiceProvider.GetRequiredService<StatsQuery>().HandleAsync(Cancel);
        desk.Forget();

        var rows = await desk.RowsAsync(
            "/odata/Tickets?$apply=groupby((Status,Priority),aggregate($count as Count,UrgencyScore with average as Avg))");

        Assert.Contains("GROUP BY", Assert.Single(desk.Sql));
        Assert.Equal(stats.Total, rows.Sum(Count));
        foreach (var status in Enum.GetValues<Status>())
            Assert.Equal(stats.ByStatus[status], rows.Where(row => row["Status"]!.GetValue<string>() == status.ToString()).Sum(Count));
        foreach (var priority in Enum.GetValues<Priority>())
            Assert.Equal(
                stats.ByPriority[priority], rows.Where(row => row["Priority"]!.GetValue<string>() == priority.ToString()).Sum(Count));
        Assert.Equal(stats.AverageUrgency, rows.Sum(row => Count(row) * row["Avg"]!.GetValue<double>()) / stats.Total, 1e-9);

        var all = Assert.Single(await desk.RowsAsync(
            "/odata/Tickets?$apply=aggregate($count as Count,UrgencyScore with average as Avg,CreatedDate with countdistinct as Days)"));
        Assert.Equal(stats.Total, Count(all));
        Assert.Equal(stats.AverageUrgency, all["Avg"]!.GetValue<double>(), 1e-9);
        Assert.Equal(stats.PerDay, (double)stats.Total / all["Days"]!.GetValue<int>(), 1e-9);
    }

    [Theory, Providers]
    public async Task Days_group_by_their_own_column(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(40);
        await using var db = desk.Database.Open();
        var expected = (await db.Tickets.AsNoTracking().ToListAsync(Cancel)).GroupBy(t => t.CreatedDate).OrderBy(g => g.Key)
            .Select(g => $"{g.Key:yyyy-MM-dd} {g.Count()}").ToList();
        desk.Forget();

        var stored = await desk.RowsAsync("/odata/Tickets?$apply=groupby((CreatedDate),aggregate($count as Count))&$orderby=CreatedDate");
        var computed = await desk.RowsAsync(
            "/odata/Tickets?$apply=compute(date(CreatedAt) as Day)/groupby((Day),aggregate($count as Count))&$orderby=Day");
        var ofEvents = await desk.RowsAsync(
            "/odata/Events?$apply=filter(OldValue eq null)/compute(date(At) as Day)/groupby((Day),aggregate($count as Count))");

        Assert.Equal(expected, stored.Select(row => $"{row["CreatedDate"]} {row["Count"]}"));
        Assert.Equal(expected, computed.Select(row => $"{row["Day"]} {row["Count"]}"));
        Assert.Equal(expected, ofEvents.Select(row => $"{row["Day"]} {row["Count"]}"));
        Assert.Equal(3, desk.Sql.Count);
        Assert.All(desk.Sql, sql => Assert.Matches("day_totals|created_date|\\bdate\\b", sql));
        Assert.All(desk.Sql, sql => Assert.DoesNotMatch("created_at|\"at\"|t\\.at\\b", sql));
    }

    [Theory, Providers]
    public async Task The_first_and_last_time_are_written_as_UTC(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(10);
        var row = Assert.Single(await desk.RowsAsync(
            "/odata/Tickets?$apply=aggregate(CreatedAt with min as First,ResolvedAt with max as Last,CreatedDate with max as Day)"));
        Assert.Equal("2026-01-01T00:30:00Z", row["First"]!.GetValue<string>());
        Assert.Equal("2026-01-03T09:03:00Z", row["Last"]!.GetValue<string>());
        Assert.Equal("2026-01-03", row["Day"]!.GetValue<string>());
        var groups = await desk.RowsAsync("/odata/Tickets?$apply=groupby((Status),aggregate(ResolvedAt with max as Last))&$orderby=Status");
        Assert.Null(groups[0]["Last"]);
        Assert.EndsWith("Z", groups[1]["Last"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task Nothing_aggregates_to_one_row(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        var row = Assert.Single(await desk.RowsAsync(
            "/odata/Tickets?$apply=aggregate($count as N,UrgencyScore with sum as S,UrgencyScore with average as A,"
                + "CreatedAt with max as M,Status with countdistinct as D)"));
        Assert.Equal(
            """{"N@odata.type":"#Decimal","N":0,"S":null,"A":null,"M":null,"D@odata.type":"#Decimal","D":0}""", row.ToJsonString());
        Assert.Empty(await desk.RowsAsync("/odata/Tickets?$apply=groupby((Status),aggregate($count as N))"));
    }

    [Theory, Providers]
    public async Task Events_group_by_a_property_of_their_ticket(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(10);
        desk.Forget();
        var rows = await desk.RowsAsync("/odata/Events?$apply=groupby((Ticket/Status),aggregate($count as N))");
        Assert.Equal(["open 4", "resolved 6", "closed 6"], rows.Select(row => $"{row["Ticket"]!["Status"]} {row["N"]}"));
        Assert.Single(desk.Sql);
    }

    [Theory, Providers]
    public async Task Groups_can_be_filtered_sorted_and_counted(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(30);
        await using var db = desk.Database.Open();
        var expected = (await db.Tickets.Where(t => t.Id <= 20).ToListAsync(Cancel)).GroupBy(t => t.Category)
            .Select(g => (g.Key, N: g.Count(), S: g.Sum(t => t.UrgencyScore))).OrderByDescending(g => g.S).ToList();
        Assert.Equal(4, expected.Select(g => g.S).Distinct().Count());
        var page = await desk.GetAsync(
            "/odata/Tickets?$apply=filter(Id le 20)/groupby((Category),aggregate($count as N,UrgencyScore with sum as S))"
                + $"/filter(S gt {expected[2].S})&$orderby=S desc&$count=true&$top=1");
        Assert.Equal(2, page["@odata.count"]!.GetValue<int>());
        var row = Assert.Single(page["value"]!.AsArray())!;
        Assert.Equal($"{expected[0].Key} {expected[0].N} {expected[0].S}", $"{row["Category"]} {row["N"]} {row["S"]}");
    }

    [Theory, Providers]
    public async Task A_sum_may_be_larger_than_what_it_sums(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteUpdateAsync(t => t.SetProperty(x => x.ReopenCount, int.MaxValue), Cancel);
        var row = Assert.Single(await desk.RowsAsync("/odata/Tickets?$apply=aggregate(ReopenCount with sum as S)"));
        Assert.Equal(3L * int.MaxValue, row["S"]!.GetValue<long>());
    }

    [Theory, Providers]
    public async Task Full_metadata_does_not_break_groups_off(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        var page = await desk.GetAsync(
            "/odata/Tickets?$apply=groupby((Status),aggregate($count as N))", ("Accept", "application/json;odata.metadata=full"));
        Assert.Equal(3, page["value"]!.AsArray().Sum(row => row!["N"]!.GetValue<int>()));
    }

    private static int Count(JsonObject row) => row["Count"]!.GetValue<int>();
}
