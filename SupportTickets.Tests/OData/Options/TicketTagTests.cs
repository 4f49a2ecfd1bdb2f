using System.Net;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class TicketTagTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    [Theory]
    [CombinedProviders(
        "TicketTags?$select=Id,TicketId,TagId",
        """[{"Id":1,"TicketId":1,"TagId":1},{"Id":2,"TicketId":1,"TagId":2},{"Id":3,"TicketId":2,"TagId":2}]""")]
    [CombinedProviders("TicketTags?$filter=Tag/Name eq 'vip'&$select=TicketId", """[{"TicketId":1},{"TicketId":2}]""")]
    [CombinedProviders(
        "TicketTags?$filter=Id eq 1&$select=Id&$expand=Tag($select=Name),Ticket($select=Title)",
        """[{"Id":1,"Tag":{"Name":"printer"},"Ticket":{"Title":"Ticket 0"}}]""")]
    [CombinedProviders(
        "Tickets?$filter=Id eq 1&$select=Id&$expand=Tags($select=TagId;$expand=Tag($select=Name))",
        """[{"Id":1,"Tags":[{"TagId":1,"Tag":{"Name":"printer"}},{"TagId":2,"Tag":{"Name":"vip"}}]}]""")]
    [CombinedProviders("Tickets?$filter=Tags/any(t: t/Tag/Name eq 'vip')&$select=Id", """[{"Id":1},{"Id":2}]""")]
    [CombinedProviders("Tickets?$filter=Tags/all(t: t/Tag/Name eq 'vip')&$select=Id", """[{"Id":2},{"Id":3}]""")]
    [CombinedProviders("Tickets?$filter=Tags/$count eq 2&$select=Id", """[{"Id":1}]""")]
    [CombinedProviders("Tags(2)/Tickets?$select=TicketId", """[{"TicketId":1},{"TicketId":2}]""")]
    [CombinedProviders("Tags?$filter=Tickets/any(t: t/Ticket/Title eq 'Ticket 0')&$select=Name", """[{"Name":"printer"},{"Name":"vip"}]""")]
    [CombinedProviders(
        "TicketTags?$apply=groupby((Tag/Name),aggregate($count as N))&$orderby=Tag/Name",
        """[{"N":1,"Tag":{"Name":"printer"}},{"N":2,"Tag":{"Name":"vip"}}]""")]
    [CombinedProviders(
        "Tickets?$apply=groupby((Status),aggregate(Tags/TagId with countdistinct as N))",
        """[{"Status":"open","N":2},{"Status":"resolved","N":0},{"Status":"closed","N":1}]""")]
    public async Task Tags_of_tickets_are_read_in_one_statement(Provider provider, string query, string rows)
    {
        var desk = await desks.OfAsync(provider, StartAsync);
        desk.Forget();
        var answer = await desk.GetAsync($"/odata/{query}&$format=application/json;metadata=none");
        Assert.Equal(rows, answer["value"]!.ToJsonString());
        Assert.Single(desk.Sql);
    }

    [Theory, Providers]
    public async Task They_are_only_read_and_the_tickets_of_a_tag_are_not_expanded(Provider provider)
    {
        var desk = await desks.OfAsync(provider, StartAsync);
        using var posted = await desk.SendAsync(HttpMethod.Post, "/odata/TicketTags", """{"TicketId":3,"TagId":1}""");
        await FeedDesk.ErrorAsync(posted, HttpStatusCode.MethodNotAllowed);
        using var deleted = await desk.SendAsync(HttpMethod.Delete, "/odata/TicketTags(1)");
        await FeedDesk.ErrorAsync(deleted, HttpStatusCode.MethodNotAllowed);
        await desk.FailAsync("/odata/Tags?$expand=Tickets", HttpStatusCode.NotImplemented);
    }

    private static async Task<FeedDesk> StartAsync(Provider provider)
    {
        var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var (ticket, tags) in new[] { (1, """["printer","vip"]"""), (2, """["VIP"]""") })
        {
            using var tagged = await desk.SendAsync(HttpMethod.Post, $"/odata/Tickets({ticket})/AddTags", $$"""{"Tags":{{tags}}}""");
            Assert.Equal(HttpStatusCode.OK, tagged.StatusCode);
        }
        return desk;
    }
}
