using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Apply;

/// <summary><c>concat</c> (Data Aggregation 4.0, 3.2.2): totals below their parts in one answer.</summary>
public sealed class ConcatTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Parts_follow_each_other_and_are_counted_together(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(30);
        desk.Forget();
        var page = await desk.GetAsync(
            "/odata/Tickets?$apply=filter(Id le 20)/concat(groupby((Status),aggregate($count as N)),aggregate($count as N))&$count=true");
        Assert.Equal(4, desk.Sql.Count); // two counts, two parts
        Assert.Equal(4, page["@odata.count"]!.GetValue<int>());
        Assert.EndsWith("#Tickets(N)", page["@odata.context"]!.GetValue<string>());
        Assert.Equal(
            """[{"Status":"open","N":7},{"Status":"resolved","N":6},{"Status":"closed","N":7},{"N":20}]""",
            page["value"]!.ToJsonString().Replace("\"N@odata.type\":\"#Decimal\",", "", StringComparison.Ordinal));
        Assert.Equal("4", await desk.Client.GetStringAsync(
            "/odata/Tickets/$count?$apply=filter(Id le 20)/concat(groupby((Status)),aggregate($count as N))", Cancel));

        desk.Forget();
        page = await desk.GetAsync(
            "/odata/Tickets?$apply=groupby((Category,Status),aggregate($count as N))"
                + "/concat(topcount(1,N),groupby((Category),aggregate(N with sum as N)),concat(identity,aggregate(N with sum as S)))");
        Assert.Equal(4, desk.Sql.Count);
        Assert.Equal(
            30,
            page["value"]!
                .AsArray()
                .Where(row => row!.AsObject() is var r && r.ContainsKey("Category") && !r.ContainsKey("Status"))
                .Sum(row => row!["N"]!.GetValue<int>()));
        Assert.Equal(30, page["value"]!.AsArray().Last()!["S"]!.GetValue<int>());
    }

    [Theory, Providers]
    public async Task What_is_the_same_for_all_rows_groups_them_into_one(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var (value, text) in new[]
        {
            ("33.25", "33.25"),
            ("time(2026-01-01T00:00:00.5Z)", "\"00:00:00.5000000\""),
            ("mindatetime()", "\"0001-01-01T00:00:00Z\""),
        })
        {
            foreach (var apply in new[]
            {
                "groupby((A))", "groupby((A))/filter(A eq A)/orderby(A)/top(2)",
                "concat(filter(false),groupby((A)))", "groupby((A,B),aggregate(Id with max as M))/groupby((A))",
            })
            {
                Assert.Equal($$"""[{"A":{{text}}}]""", await PlainAsync(desk, $"compute({value} as A,'x' as B)/{apply}"));
            }
        }
        Assert.Equal(
            "[]", (await desk.GetAsync("/odata/Tickets?$apply=filter(false)/compute(1 as A)/groupby((A))"))["value"]!.ToJsonString());
    }

    [Theory, Providers]
    public async Task Groups_of_the_largest_come_in_the_order_of_what_they_are_grouped_by(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(20);
        foreach (var property in new[] { "Id", "CreatedAt", "Title", "Priority", "ResolvedAt", "CreatedDate" })
        {
            var rows = (await desk.RowsAsync($"/odata/Tickets?$apply=topcount(7,{property})/groupby(({property}))"))
                .Select(row => row[property]!.ToJsonString())
                .ToList();
            Assert.Equal(
                (await desk.RowsAsync($"/odata/Tickets?$apply=topcount(7,{property})/groupby(({property}))&$orderby={property} desc"))
                    .Select(row => row[property]!.ToJsonString())
                    .Reverse(),
                rows);
        }
        foreach (var name in new[] { "UrgencyScore with min", "Title with min", "Priority with max", "CreatedAt with max" })
        {
            foreach (var step in new[]
            {
                "topcount(7,N)/groupby((N))",
                "topcount(7,N)/groupby((N))/orderby(N)",
                "orderby(N desc)/top(7)/groupby((N),aggregate($count as C))",
            })
            {
                var apply = $"/odata/Tickets?$apply=groupby((CreatedDate,UrgencyScore),aggregate({name} as N))/{step}";
                var rows = (await desk.RowsAsync(apply)).Select(row => row["N"]!.ToJsonString()).ToList();
                Assert.Equal(rows, (await desk.RowsAsync(apply + "&$orderby=N")).Select(row => row["N"]!.ToJsonString()));
                Assert.Equal(rows, (await desk.RowsAsync(apply + "&$orderby=N desc")).Select(row => row["N"]!.ToJsonString()).Reverse());
                Assert.Equal(rows, (await desk.WalkAsync(apply, pageSize: 2)).Select(row => row["N"]!.ToJsonString()));
            }
        }
    }

    [Theory, Providers]
    public async Task What_is_null_in_every_row_aggregates_to_null_and_counts_nothing(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var value in new[]
        {
            "0 add null", "Id add null", "null mul 0", "indexof(null,Title)",
            "month(case(true:null,true:CreatedAt))", "ceiling(0.5 add null)", "ceiling(0.5 add (null sub Id))",
            "indexof(null,Title) mod 10", "length(substring(concat(null,Title),1))",
        })
        {
            Assert.Equal(
                """[{"S":null,"A":null,"M":null,"C":0}]""",
                await PlainAsync(
                    desk,
                    $"aggregate({value} with sum as S,{value} with average as A,{value} with max as M,{value} with countdistinct as C)"));
            Assert.Equal(
                """[{"S":null},{"A":null},{"A":null,"B":null,"M":null}]""",
                await PlainAsync(
                    desk,
                    $"groupby((Status),aggregate({value} with average as A))/concat(aggregate(A with sum as S),groupby((A)),"
                        + "compute(case(A gt 5:Status,true:null) as B)/groupby((A,B),aggregate(A with max as M)))"));
            Assert.Equal("0", await desk.Client.GetStringAsync($"/odata/Tickets/$count?$filter={value} ne null", Cancel));
        }
    }

    [Theory, Providers]
    public async Task Tickets_and_a_total_stand_in_one_answer(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(20);
        await using var db = desk.Database.Open();
        var total = await db.Tickets.SumAsync(t => t.UrgencyScore, Cancel);
        foreach (var metadata in new[] { "none", "minimal", "full" })
        {
            var page = await desk.GetAsync(
                "/odata/Tickets?$apply=concat(topcount(2,UrgencyScore),aggregate(UrgencyScore with sum as Total))"
                    + $"&$format=application/json;odata.metadata={metadata}");
            var rows = page["value"]!.AsArray();
            Assert.Equal(3, rows.Count);
            Assert.Equal("Ticket 14", rows[0]!["Title"]!.GetValue<string>());
            Assert.Equal(total, rows[2]!["Total"]!.GetValue<long>());
            Assert.False(rows[2]!.AsObject().ContainsKey("Id"));
            if (metadata != "none")
                Assert.EndsWith("#Tickets(@Core.AnyStructure)", page["@odata.context"]!.GetValue<string>());
        }
    }

    [Theory, Providers]
    public async Task Pages_go_on_from_one_part_to_the_next(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(23);
        const string apply =
            "/odata/Tickets?$apply=concat(topcount(9,UrgencyScore),groupby((CreatedDate),aggregate($count as N)),"
                + "filter(Id lt 0),compute(Id add 1 as Next)/top(5),aggregate($count as N))";
        var whole = (await desk.RowsAsync(apply)).Select(row => row.ToJsonString()).ToList();
        Assert.Equal(9 + 7 + 0 + 5 + 1, whole.Count);
        foreach (var size in new[] { 1, 2, 4, 9, 16, 22, 100 })
            Assert.Equal(whole, (await desk.WalkAsync(apply, size)).Select(row => row.ToJsonString()));
        foreach (var top in new[] { 0, 3, 9, 12, 22, 50 })
            Assert.Equal(whole.Take(top), (await desk.WalkAsync($"{apply}&$top={top}", pageSize: 5)).Select(row => row.ToJsonString()));
        Assert.False((await desk.GetAsync($"{apply}&$top=3")).ContainsKey("@odata.nextLink"));
    }

    [Theory, Providers]
    public async Task A_part_that_fails_is_an_error_and_no_torn_answer(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5);
        await desk.FailAsync(
            "/odata/Tickets?$apply=concat(identity,aggregate(100 div (UrgencyScore sub UrgencyScore) with sum as S))",
            HttpStatusCode.BadRequest);
        await desk.FailAsync(
            "/odata/Tickets?$apply=concat(identity,aggregate(Events/Id with My.Median as M))", HttpStatusCode.NotImplemented);
    }

    [Theory, Providers]
    public async Task What_cannot_be_one_query_is_not_implemented(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        const string concat = "$apply=concat(groupby((Status),aggregate($count as N)),aggregate($count as N))";
        await desk.FailAsync($"/odata/Tickets?{concat}/filter(N gt 1)", HttpStatusCode.NotImplemented);
        foreach (var option in new[]
        {
            "$filter=N gt 1",
            "$orderby=N",
            "$select=N",
            "$compute=N add 1 as M",
            "$skip=1",
            "$expand=Events",
            "$search=a",
        })
            await desk.FailAsync($"/odata/Tickets?{concat}&{option}", HttpStatusCode.NotImplemented);
        foreach (var bad in new[] { "concat()", "concat(identity)", "concat(identity,)", "concat(,)", "concat", "concat(identity,nope)" })
            await desk.FailAsync($"/odata/Tickets?$apply={bad}", HttpStatusCode.BadRequest);
        var page = await desk.GetAsync($"/odata/Tickets?{concat}", ("Prefer", "maxpagesize=1"));
        var token = page["@odata.nextLink"]!.GetValue<string>().Split("$skiptoken=")[1];
        await desk.FailAsync($"/odata/Tickets?$apply=aggregate($count as N)&$skiptoken={token}", HttpStatusCode.BadRequest);
    }

    // Data Aggregation 4.0, 3.2.3.2: every level, the finest first.
    [Theory, Providers]
    public async Task A_rollup_gives_the_groups_of_every_level(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(12);
        foreach (var (rollup, concat) in new[]
        {
            (
                "groupby((rollup($all,Status,Category)),aggregate($count as N))",
                "concat(groupby((Status,Category),aggregate($count as N)),groupby((Status),aggregate($count as N)),"
                    + "aggregate($count as N))"),
            (
                "filter(Id gt 2)/groupby((Priority,rollup(Status,Category)),aggregate(UrgencyScore with max as M))",
                "filter(Id gt 2)/concat(groupby((Priority,Status,Category),aggregate(UrgencyScore with max as M)),"
                    + "groupby((Priority,Status),aggregate(UrgencyScore with max as M)))"),
            (
                "groupby((rollup($all,CreatedOn/Year,CreatedOn/Month)),aggregate($count as N))",
                "concat(groupby((CreatedOn/Year,CreatedOn/Month),aggregate($count as N)),"
                    + "groupby((CreatedOn/Year),aggregate($count as N)),aggregate($count as N))"),
            (
                "groupby((ROLLUP( $all , Status )) , aggregate($count as N))",
                "concat(groupby((Status),aggregate($count as N)),aggregate($count as N))"),
        })
        {
            var expected = await desk.RowsAsync($"/odata/Tickets?$apply={concat}");
            Assert.True(expected.Count > 2);
            Assert.Equal(
                expected.Select(row => row.ToJsonString()),
                (await desk.RowsAsync($"/odata/Tickets?$apply={rollup}")).Select(row => row.ToJsonString()));
            Assert.Equal(
                expected.Select(row => row.ToJsonString()),
                (await desk.WalkAsync($"/odata/Tickets?$apply={rollup}", 2)).Select(row => row.ToJsonString()));
        }
    }

    // 3.2.1.1, 3.2.1.4: the cardinality of what the path reaches.
    [Theory, Providers]
    public async Task Related_rows_are_counted_in_groups(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6); // the tickets 1 and 4 have one event and are open, the others two
        desk.Forget();
        var rows = await desk.RowsAsync(
            "/odata/Tickets?$apply=groupby((Status),aggregate(Events/$count as E,$count as N))&$orderby=Status");
        Assert.Single(desk.Sql);
        Assert.Equal("[open 2 2][resolved 4 2][closed 4 2]", string.Concat(rows.Select(row => $"[{row["Status"]} {row["E"]} {row["N"]}]")));
        Assert.All(rows, row => Assert.Equal("#Decimal", row["E@odata.type"]!.GetValue<string>()));
        Assert.Equal("10", (await desk.RowsAsync("/odata/Tickets?$apply=aggregate(Events/$count as E)")).Single()["E"]!.ToJsonString());
        Assert.Equal(
            "0",
            (await desk.RowsAsync("/odata/Tickets?$apply=filter(Id lt 0)/aggregate(Events/$count as E)")).Single()["E"]!.ToJsonString());
        var often = await desk.RowsAsync(
            "/odata/Tickets?$apply=groupby((Status),aggregate(Events/$count as E))/filter(E gt 2)&$orderby=Status");
        Assert.Equal("[resolved][closed]", string.Concat(often.Select(row => $"[{row["Status"]}]")));
        await desk.FailAsync("/odata/Events?$apply=aggregate(Ticket/Events/$count as E)", System.Net.HttpStatusCode.NotImplemented);
    }

    private static async Task<string> PlainAsync(FeedDesk desk, string apply) =>
        (await desk.GetAsync($"/odata/Tickets?$apply={apply}&$format=application/json;odata.metadata=none"))["value"]!.ToJsonString();
}
