using System.Net;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Apply;

public sealed class HostileApplyTests
{
    [Theory, Providers]
    public async Task What_the_standard_has_and_the_desk_has_not_is_not_implemented(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        string[] standard =
        [
            "toppercent(50,UrgencyScore)",
            "topsum(9,UrgencyScore)",
            "bottompercent(50,UrgencyScore)",
            "bottomsum(9,UrgencyScore)",
            "join(Events as E)",
            "outerjoin(Events as E)",
            "nest(groupby((Status)) as G)",
            "expand(Events,filter(Id gt 1))",
            "ancestors($root/Tickets,H,Id,filter(Id eq 1))",
            "traverse($root/Tickets,H,Id,preorder)",
            "My.Own(1)",
            "topcount($these/$count div 3,UrgencyScore)",
            "groupby((rollup($all,Category)))",
            "groupby((rollup(Category,Status),rollup(Priority,Channel)),aggregate($count as N))",
            "groupby((rollup($all,Category)),aggregate($count as N))/top(1)",
            "aggregate(AssigneeId with sum as S,Events(At with max as L))",
            "aggregate(Comments/Author with countdistinct as C,Events/At with max as L)",
            "aggregate(Comments(Ticket/Title with max as T))",
            "aggregate(Comments(Body with My.Median as M))",
            "groupby((Status),topcount(1,Id))",
            "groupby((Status),filter(Id gt 1)/aggregate($count as N))",
            "aggregate(UrgencyScore with My.Median as M)",
        ];
        foreach (var apply in standard)
            Assert.Equal(
                "not_implemented",
                (await desk.FailAsync($"/odata/Tickets?$apply={apply}", HttpStatusCode.NotImplemented))["code"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task What_is_wrong_is_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        string[] wrong =
        [
            "groupby((Nope))",
            "aggregate(Title with sum as S)",
            "aggregate(CreatedAt with average as A)",
            "aggregate(Id with sum)",
            "aggregate(Id with nope as S)",
            "aggregate()",
            "aggregate",
            "groupby()",
            "groupby(Status)",
            "groupby((Status)",
            "nope(1)",
            "filter(Status)",
            "filter()",
            "compute(Id)",
            "identity(1)",
            "orderby()",
            "orderby(Nope)",
            "topcount(2)",
            "topcount(0,Id)",
            "topcount(-1,Id)",
            "topcount(x,Id)",
            "topcount(1.5,Id)",
            "topcount(2,Nope)",
            "topcount(2,Id desc)",
            "topcount(2,Id as A,Id)",
            "topcount(2,Id,Id)",
            "topcount(,Id)",
            "bottomcount('2',Id)",
            "top(-1)",
            "top(x)",
            "top()",
            "top",
            "skip(1e3)",
            "skip(0x1)",
            "skip(١)",
            "compute(Id add 1 as Id)",
            "compute(1 as A,2 as A)",
            "compute(1 as A)/compute(2 as A)",
            "compute(1 as Events)",
            "groupby((Status),aggregate($count as Status))",
            "aggregate($count as N,$count as N)",
            "groupby((Status),aggregate($count as N))/compute(1 as N)",
            "aggregate(UrgencyScore with sum as UrgencyScore)",
            "groupby((rollup(Status)),aggregate($count as N))",
            "groupby((rollup($all)),aggregate($count as N))",
            "groupby((rollup(Status,)),aggregate($count as N))",
            "groupby((rollup(Nope,Status)),aggregate($count as N))",
            "aggregate(Title/$count as N)",
            "aggregate(Comments())",
            "aggregate(Comments(Nope with max as N))",
            "aggregate(Comments/Nope with max as N)",
            "aggregate(Comments/Author with max)",
            "aggregate(Comments(Author with max as N)",
            "aggregate(Comments(Author with sum as N))",
            "groupby((Status),aggregate(Comments/Author with max as Status))",
            "groupby((Status))/aggregate(Comments/Author with max as A)",
            "aggregate(Events/$count)",
            "groupby((Status),aggregate($count as N))/filter(Category eq 'billing')",
            "groupby((Status),aggregate($count as N))/filter(Events/any())",
            "aggregate($count as N)/topcount(1,Id)",
            "groupby((Status))/aggregate(Id with sum as S)",
            "groupby((Events/Field))",
            "top(1)/",
            "/top(1)",
            "top(1)//top(1)",
            "filter(Id gt 1",
            "filter(Id gt 1))",
            "filter(Title eq 'a)",
            "compute(\"a)/filter(\" as A)",
        ];
        foreach (var apply in wrong)
            await desk.FailAsync($"/odata/Tickets?$apply={apply}", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$apply=groupby((Status),aggregate($count as N))&$filter=Id gt 1", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$apply=groupby((Status),aggregate($count as N))&$orderby=Id", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$apply=identity&$top=x", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets(1)?$apply=identity", HttpStatusCode.BadRequest);
    }

    [Theory, Providers]
    public async Task What_asks_for_too_much_is_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        var list = string.Join(',', Enumerable.Range(1, 201));
        var sum = string.Join(" add ", Enumerable.Repeat("Id", 600));
        var half = string.Join(" add ", Enumerable.Repeat("Id", 300));
        var doubled = string.Join('/', Enumerable.Range(1, 18).Select(i => $"compute(A{i - 1} add A{i - 1} as A{i})"));
        string[] tooMuch =
        [
            string.Join('/', Enumerable.Repeat("identity", 21)),
            $"concat({string.Join(',', Enumerable.Repeat("identity", 21))})",
            string.Concat(Enumerable.Repeat("concat(identity,", 20)) + "identity" + new string(')', 20),
            $"topcount(1,{sum})",
            $"orderby({sum})",
            $"filter({sum} gt 1)",
            $"compute({sum} as A)",
            $"aggregate(Comments({sum} with sum as A))",
            $"aggregate({sum} with sum as A)",
            $"topcount(1,{half})/bottomcount(1,{half})",
            $"concat(topcount(1,{half}),filter({half} gt 1))",
            $"filter(Id in ({list}))",
            $"topcount(1,Id in ({list}))",
            $"concat(identity,filter(Id in ({list})))",
            "orderby(" + string.Join(',', Enumerable.Range(1, 11).Select(i => $"Id add {i}")) + ")",
            $"compute(Id as A0)/{doubled}/aggregate(A18 with max as M)",
            "aggregate(" + string.Join(',', Enumerable.Range(1, 33).Select(i => $"$count as N{i}")) + ")",
            "filter(" + new string('(', 1500) + "Id gt 1" + new string(')', 1500) + ")",
            new string('(', 3000) + new string(')', 3000),
            "filter(Events/any(a: a/Ticket/Events/any(b: b/Ticket/Events/any(c: c/Id gt 0))))",
        ];
        foreach (var apply in tooMuch)
            await desk.FailAsync($"/odata/Tickets?$apply={apply}", HttpStatusCode.BadRequest);
        await desk.FailAsync($"/odata/Tickets?$apply=compute({half} as A)&$filter={half} gt 1", HttpStatusCode.BadRequest);
        Assert.NotEmpty(await desk.RowsAsync($"/odata/Tickets?$apply={string.Join('/', Enumerable.Repeat("identity", 20))}"));
    }
}
