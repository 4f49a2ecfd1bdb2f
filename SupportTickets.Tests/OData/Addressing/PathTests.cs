using System.Net;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class PathTests
{
    [Theory, Providers]
    public async Task An_entity_is_found_by_its_id(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var id in new[] { "Tickets(2)", "http://localhost/odata/Tickets(2)", "Tickets/2", "/odata/Tickets(2)" })
        {
            var ticket = await desk.GetAsync($"/odata/$entity?$id={Uri.EscapeDataString(id)}&$select=Title");
            Assert.Equal("Ticket 1", ticket["Title"]!.GetValue<string>());
        }
        Assert.Equal("open", (await desk.GetAsync("/odata/$entity?$id=Events(1)"))["NewValue"]!.GetValue<string>());
        foreach (var id in new[]
        {
            "Tickets(99)",
            "http://elsewhere.example/odata/Tickets(2)",
            "/api/tickets/1",
            "../odata/Nope(1)",
            "$metadata",
            "Tickets(2)?$expand=Events",
            "Tickets(%00)",
            "Tickets//2",
            "Tickets%2F2",
        })
            await desk.FailAsync($"/odata/$entity?$id={Uri.EscapeDataString(id)}", HttpStatusCode.NotFound);
        await desk.FailAsync("/odata/$entity", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets(1)?$id=Tickets(2)", HttpStatusCode.BadRequest);
    }

    // URL Conventions 4.01, 4.3.4: $id is the id of an entity.
    [Theory, Providers]
    public async Task An_id_that_names_something_else_than_an_entity_is_404(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var id in new[]
        {
            "Tickets(1)/Title",
            "Tickets/1/Title",
            "Tickets",
            "Tickets(1)/Events",
            "Tickets/Stats()",
            "/odata/",
            "Events(1)/Ticket/Title",
            "http://localhost/odata/Tickets(1)/Title",
        })
            await desk.FailAsync($"/odata/$entity?$id={Uri.EscapeDataString(id)}", HttpStatusCode.NotFound);
        Assert.Equal(2, (await desk.GetAsync("/odata/$entity?$id=Tickets(2)/SupportTickets.Ticket"))["Id"]!.GetValue<int>());
        Assert.Equal("open", (await desk.GetAsync("/odata/$entity?$id=Tickets(1)/Events(1)"))["NewValue"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task A_key_may_be_a_parameter_alias(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var path in new[] { "Tickets(@key)", "Tickets(Id=@key)" })
            Assert.Equal("Ticket 1", (await desk.GetAsync($"/odata/{path}?@key=2"))["Title"]!.GetValue<string>());
        await desk.FailAsync("/odata/Tickets(@key)", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets(@key)?@key=", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets(@key)?@key='x'", HttpStatusCode.NotFound);
        await desk.FailAsync("/odata/Tickets(@key)?@key=@other&@other=1", HttpStatusCode.BadRequest);
    }

    [Theory, Providers]
    public async Task A_subset_of_a_collection_has_an_address(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(20);
        foreach (var (path, filter) in new[]
        {
            ("Tickets/$filter(Id gt 5)?", "Id gt 5"),
            ("Tickets/$filter(@f)?@f=Id gt 5&", "Id gt 5"),
            ("Tickets/$filter(@f)?@f=Id gt 5&$filter=Id lt 9&", "Id gt 5 and Id lt 9"),
            ("Tickets/$filter(@a)/$filter(@b)?@a=Id gt 5 or Id lt 3&@b=Status eq 'open'&", "(Id gt 5 or Id lt 3) and Status eq 'open'"),
            ("Tickets/$filter(UrgencyScore divby 10 gt 2.5)?", "UrgencyScore divby 10 gt 2.5"),
            ("Tickets/$filter(@f)?@f=Status eq @s&@s='open'&", "Status eq 'open'"),
            ("Tickets/$filter(@f)?@f=Events/any(e:e/NewValue eq 'resolved')&", "Events/any(e:e/NewValue eq 'resolved')"),
        })
        {
            var expected = (await desk.RowsAsync($"/odata/Tickets?$filter={filter}&$select=Id")).ConvertAll(row =>
                row["Id"]!.GetValue<int>());
            var walked = (await desk.WalkAsync($"/odata/{path}$select=Id", 3)).ConvertAll(row => row["Id"]!.GetValue<int>());
            Assert.NotEmpty(expected);
            Assert.Equal(expected, walked);
        }
        Assert.Equal(
            "15",
            await (await desk.SendAsync(HttpMethod.Get, "/odata/Tickets/$filter(Id gt 5)/$count")).Content.ReadAsStringAsync(
                TestContext.Current.CancellationToken));
        Assert.Equal(
            15, (await desk.RowsAsync("/odata/Tickets/$filter(Id gt 5)?$apply=aggregate($count as N)")).Single()["N"]!.GetValue<int>());
        await desk.FailAsync("/odata/Tickets/$filter(@f)", HttpStatusCode.BadRequest);
        var longText = new string('a', 4000);
        await desk.FailAsync(
            $"/odata/Tickets{string.Concat(Enumerable.Repeat("/$filter(@f)", 3))}?@f=Title ne '{longText}'",
            HttpStatusCode.RequestUriTooLong);
        await desk.FailAsync("/odata/Tickets/$filter(Nope eq 1)", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets/$filter(Id gt 5)/1", HttpStatusCode.NotImplemented);
    }

    [Theory, Providers]
    public async Task What_is_not_offered_says_so(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var path in new[] { "$all", "$crossjoin(Tickets,Events)", "$all/SupportTickets.Ticket" })
            Assert.Equal(
                "not_implemented", (await desk.FailAsync($"/odata/{path}", HttpStatusCode.NotImplemented))["code"]!.GetValue<string>());
        await desk.FailAsync("/odata/Tickets?$filter=Priority has 'low'", HttpStatusCode.BadRequest);
    }

    // URL Conventions 4.01, 4.11. There are no derived types, so the only cast that can be is the one to what there is anyway.
    [Theory, Providers]
    public async Task A_cast_to_the_type_that_a_path_has_changes_nothing(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var (cast, plain) in new[]
        {
            ("Tickets/SupportTickets.Ticket?$orderby=Id desc&$select=Id", "Tickets?$orderby=Id desc&$select=Id"),
            ("Tickets/SupportTickets.Ticket(2)", "Tickets(2)"),
            ("Tickets(2)/SupportTickets.Ticket", "Tickets(2)"),
            ("Tickets(2)/SupportTickets.Ticket/Title", "Tickets(2)/Title"),
            ("Tickets(2)/SupportTickets.Ticket/Events/SupportTickets.TicketEvent?$select=Id", "Tickets(2)/Events?$select=Id"),
            ("Events(1)/Ticket/SupportTickets.Ticket", "Events(1)/Ticket"),
            ("Tickets/SupportTickets.Ticket?$apply=aggregate($count as N)", "Tickets?$apply=aggregate($count as N)"),
        })
            Assert.Equal(Whole(await desk.GetAsync($"/odata/{plain}")), Whole(await desk.GetAsync($"/odata/{cast}")));
        Assert.Equal(
            "3", await desk.Client.GetStringAsync("/odata/Tickets/SupportTickets.Ticket/$count", TestContext.Current.CancellationToken));
        Assert.Equal(3, (await desk.WalkAsync("/odata/Tickets/SupportTickets.Ticket?$orderby=Title", 1)).Count);
        using var created = await desk.SendAsync(
            HttpMethod.Post,
            "/odata/Tickets/SupportTickets.Ticket",
            """{"Title":"t","Description":"d","Category":"billing","Priority":"low"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using var changed = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(4)/SupportTickets.Ticket", """{"Title":"u"}""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        foreach (var path in new[]
        {
            "Tickets/SupportTickets.TicketEvent", "Tickets(1)/SupportTickets.Agent", "Tickets/SupportTickets.Nope",
        })
            await desk.FailAsync($"/odata/{path}", HttpStatusCode.NotFound);

        static string Whole(System.Text.Json.Nodes.JsonObject answer)
        {
            answer.Remove("@odata.context");
            return answer.ToJsonString();
        }
    }
}
