using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Apply;

public sealed class RelatedAggregateTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("aggregate(Comments/$count as N)", "[{\"N\":5}]")]
    [CombinedProviders("aggregate(Comments(Id with countdistinct as N))", "[{\"N\":5}]")]
    [CombinedProviders("aggregate(Comments/Id with CountDistinct as N,$count as T)", "[{\"N\":5,\"T\":4}]")]
    [CombinedProviders(
        "aggregate(Comments($count as N,Id with countdistinct as M),Events/$count as E)", "[{\"N\":5,\"M\":5,\"E\":6}]")]
    [CombinedProviders("aggregate(Comments/Author with countdistinct as N)", "[{\"N\":2}]")]
    [CombinedProviders(
        "aggregate(Comments(Author with countdistinct as A,$count as N,Version with sum as S,Author with max as L))",
        "[{\"A\":2,\"N\":5,\"S\":5,\"L\":\"Bob\"}]")]
    [CombinedProviders(
        "groupby((Status),aggregate(Comments/$count as N))",
        "[{\"Status\":\"open\",\"N\":2},{\"Status\":\"resolved\",\"N\":0},{\"Status\":\"closed\",\"N\":3}]")]
    [CombinedProviders(
        "groupby((Status),aggregate(Comments(Author with countdistinct as N,Version with sum as S)))",
        "[{\"Status\":\"open\",\"N\":1,\"S\":2},{\"Status\":\"resolved\",\"N\":0,\"S\":null},{\"Status\":\"closed\",\"N\":2,\"S\":3}]")]
    [CombinedProviders(
        "groupby((Status),aggregate(Comments/Version with average as A))/filter(A ge 1)",
        "[{\"Status\":\"open\",\"A\":1.0},{\"Status\":\"closed\",\"A\":1.0}]")]
    [CombinedProviders(
        "groupby((CreatedOn/Year),aggregate(Comments/Author with min as A))", "[{\"A\":\"Ada\",\"CreatedOn\":{\"Year\":2026}}]")]
    [CombinedProviders(
        "filter(Id lt 0)/aggregate(Comments(Author with countdistinct as N,Author with max as L))", "[{\"N\":0,\"L\":null}]")]
    [CombinedProviders(
        "aggregate(Comments/$count with max as N,Comments/any(c: c/Author eq 'Bob') with max as B)", "[{\"N\":3,\"B\":true}]")]
    [CombinedProviders("topcount(1,Id)/aggregate(Comments/Author with countdistinct as N)", "[{\"N\":0}]")]
    [CombinedProviders(
        "compute(Id mod 2 as Odd)/groupby((Odd),aggregate(Comments/Author with max as A))/filter(A ne null)",
        "[{\"Odd\":0,\"A\":\"Bob\"},{\"Odd\":1,\"A\":\"Ada\"}]")]
    [CombinedProviders(
        "filter(Status eq 'open')/concat(aggregate(Comments/Author with countdistinct as N),aggregate($count as T))",
        "[{\"N\":1},{\"T\":2}]")]
    [CombinedProviders("aggregate(Events(NewValue with countdistinct as N,Id with max as L))", "[{\"N\":3,\"L\":6}]")]
    public async Task Related_rows_are_aggregated_in_one_statement(Provider provider, string apply, string rows)
    {
        var desk = await desks.OfAsync(provider, StartAsync);
        desk.Forget();
        var answer = await desk.GetAsync($"/odata/Tickets?$apply={apply}&$format=application/json;metadata=none");
        Assert.Equal(rows, answer["value"]!.ToJsonString());
        Assert.Equal(apply.Contains("concat") ? 2 : 1, desk.Sql.Count(sql => sql.Contains("SELECT")));
    }

    [Theory, Providers]
    public async Task Their_rows_are_paged_sorted_and_counted_and_counts_are_decimals(Provider provider)
    {
        var desk = await desks.OfAsync(provider, StartAsync);
        const string Query = "/odata/Tickets?$apply=groupby((Id),aggregate(Comments(Author with countdistinct as N)))";
        var page = await desk.GetAsync($"{Query}&$orderby=N desc,Id&$count=true", ("Prefer", "odata.maxpagesize=3"));
        Assert.Equal("http://localhost/odata/$metadata#Tickets(Id,N)", page["@odata.context"]!.GetValue<string>());
        Assert.Equal("4 #Decimal", $"{page["@odata.count"]} {page["value"]![0]!["N@odata.type"]}");
        Assert.Equal(
            ["2 2", "1 1", "3 0", "4 0"],
            (await desk.WalkAsync($"{Query}&$orderby=N desc,Id", 1)).Select(row => $"{row["Id"]} {row["N"]}"));
    }

    [Theory, Providers]
    public async Task Every_aggregate_of_related_rows_is_refused_that_cannot_be_given(Provider provider)
    {
        var desk = await desks.OfAsync(provider, StartAsync);
        await desk.FailAsync("/odata/Events?$apply=aggregate(Ticket/Comments/Author with max as A)", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Comments?$apply=aggregate(Ticket/Comments/$count as A)", HttpStatusCode.NotImplemented);
    }

    // The tickets 1 and 4 are open, 2 is closed and 3 resolved; 1 has two comments and 2 has three.
    private static async Task<FeedDesk> StartAsync(Provider provider)
    {
        var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        await using var db = desk.Database.Open();
        foreach (var (ticket, author) in new[] { (1, "Ada"), (1, "Ada"), (2, "Ada"), (2, "Bob"), (2, "Bob") })
            db.Comments.Add(new Comment { TicketId = ticket, Author = author, Body = "x", CreatedAt = DateTime.UnixEpoch });
        await db.SaveChangesAsync(Cancel);
        return desk;
    }
}
