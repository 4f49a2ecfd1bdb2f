using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;

namespace SupportTickets.Tests.OData;

/// <summary>What is an expression in one place is one in every other.</summary>
public sealed class EveryOptionTests
{
    // Over tickets, true of some of them and never null.
    private static readonly string[] OfTickets =
    [
        "UrgencyScore IN (7.0,14M,NULL)", "UrgencyScore DIVBY 2 gt 10", "CreatedAt lt 2026-01-01T00:00:00Z add 'P1D'", "Priority eq '2'",
        "cast(Priority,Edm.Int32) eq 2", "case(Id gt 4:'a',true:'b') eq 'a'",
        "CreatedDate ge 2026-01-02T00:00:00Z", "CreatedAt ge 2026-01-02T02:00:00+02:00", "cast(UrgencyScore,Edm.Double) gt 20.5M",
        "1 divby UrgencyScore eq INF", "trim(cast(Status,Edm.String)) eq 'open'", "totalseconds('PT1M') mul 7 gt UrgencyScore mul 12.5",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Every_option_takes_the_same_expressions(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(12);
        foreach (var expression in OfTickets)
        {
            var found = Ids(await desk.RowsAsync($"/odata/Tickets?$filter={expression}"));
            Assert.True(found.Count is > 0 and < 12, expression);
            var rest = Enumerable.Range(1, 12).Except(found);
            Assert.Equal(found, Ids(await desk.RowsAsync($"/odata/Tickets?$filter=@e&@e={expression}")));
            Assert.Equal(found, Ids(await desk.RowsAsync($"/odata/Tickets/$filter(@e)?@e={expression}")));
            Assert.Equal(found, Ids(await desk.RowsAsync($"/odata/Tickets?$apply=filter({expression})&$orderby=Id")));
            Assert.Equal(found, Ids(await desk.RowsAsync($"/odata/Tickets?$filter=X&$compute={expression} as X")));
            Assert.Equal(found, Ids((await desk.RowsAsync($"/odata/Tickets?$compute={expression} as X&$select=Id,X")).Where(IsTrue)));
            Assert.Equal(found, Ids((await desk.RowsAsync($"/odata/Tickets?$apply=compute({expression} as X)")).Where(IsTrue)));
            Assert.Equal(found.Concat(rest), Ids(await desk.RowsAsync($"/odata/Tickets?$orderby={expression} desc,Id")));
            Assert.Equal(found.Concat(rest), Ids(await desk.RowsAsync($"/odata/Tickets?$apply=orderby({expression} desc,Id)")));
            var count = await desk.RowsAsync($"/odata/Tickets?$apply=compute({expression} as X)/filter(X)/aggregate($count as N)");
            Assert.Equal(found.Count, Assert.Single(count)["N"]!.GetValue<int>());
            var first = "$filter=Field eq 'status' and OldValue eq null";
            Assert.Equal(found, Ids((await desk.RowsAsync($"/odata/Events?$expand=Ticket($compute={expression} as X;$select=Id,X)&{first}"))
                .Select(row => row["Ticket"]!.AsObject()).Where(IsTrue)));
            var body = new StringContent($"$filter={expression}", Encoding.UTF8, "text/plain");
            using var queried = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets/$query", body);
            var answer = JsonNode.Parse(await queried.Content.ReadAsStringAsync(Cancel))!;
            Assert.Equal(found, Ids(answer["value"]!.AsArray().Select(row => row!.AsObject())));
            foreach (var json in new[] { true, false })
            {
                var part = Assert.Single(await desk.BatchAsync(json, [Part.Get("1", $"Tickets?$filter={expression.Replace(" ", "%20")}")]));
                Assert.True(part.Status == (int)HttpStatusCode.OK, part.Body);
                Assert.Equal(found, Ids(part.Json["value"]!.AsArray().Select(row => row!.AsObject())));
            }
            Assert.Equal(found, Ids(await desk.WalkAsync($"/odata/Tickets?$filter={expression}", pageSize: 2)));
        }
    }

    [Theory, Providers]
    public async Task Links_repeat_an_expression_as_it_was_written(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(12);
        const string Written =
            "$filter=Id IN (1,2,3,5,8) and case(Id gt 1:TRUE,true:false) and UrgencyScore divby 2 gt cast(-1,Edm.Double)"
            + "&$expand=Events($filter=Id in (1,2,3))";
        var page = await desk.GetAsync(
            $"/odata/Tickets?{Written}", ("Prefer", "odata.maxpagesize=2,odata.track-changes"), ("OData-MaxVersion", "4.01"));
        Assert.StartsWith($"http://localhost/odata/Tickets?{Written}&", Uri.UnescapeDataString(page["@nextLink"]!.GetValue<string>()));
        while (page["@nextLink"] is { } next)
            page = await desk.GetAsync(next.GetValue<string>(), ("OData-MaxVersion", "4.01"));
        var delta = page["@deltaLink"]!.GetValue<string>();
        Assert.StartsWith($"http://localhost/odata/Tickets?{Written}&", Uri.UnescapeDataString(delta));
        using var changed = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(5)", """{"Priority":"high"}""");
        Assert.Equal([5], Ids((await desk.GetAsync(delta, ("OData-MaxVersion",
        "4.01")))["value"]!.AsArray().Select(row => row!.AsObject())));
    }

    private static bool IsTrue(JsonObject row) => row["X"]!.GetValue<bool>();

    private static List<int> Ids(IEnumerable<JsonObject> rows) => [.. rows.Select(row => row["Id"]!.GetValue<int>())];
}
