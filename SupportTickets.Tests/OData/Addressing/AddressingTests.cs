using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class AddressingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Properties_have_addresses_as_JSON_and_as_text(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var (path, property, json, text) in new[]
        {
            ("Tickets(2)", "Title", "\"Ticket 1\"", "Ticket 1"),
            ("Tickets/2", "Status", "\"closed\"", "closed"),
            ("Tickets(2)", "UrgencyScore", "7", "7"),
            ("Tickets(2)", "CreatedAt", "\"2026-01-01T07:30:00Z\"", "2026-01-01T07:30:00Z"),
            ("Tickets(2)", "CreatedDate", "\"2026-01-01\"", "2026-01-01"),
            ("Tickets(2)", "ResolutionMinutes", "11", "11"),
            ("Events(1)/Ticket", "Title", "\"Ticket 0\"", "Ticket 0"),
            ("Events/1", "Id", "1", "1"),
            ("Tickets(2)/Events(3)", "NewValue", "\"closed\"", "closed"),
        })
        {
            desk.Forget();
            var answer = await desk.GetAsync($"/odata/{path}/{property}");
            Assert.Single(desk.Sql);
            Assert.Equal(json, answer["value"]!.ToJsonString());
            Assert.EndsWith($"/{property}", answer["@odata.context"]!.GetValue<string>());
            using var raw = await desk.SendAsync(HttpMethod.Get, $"/odata/{path}/{property}/$value");
            Assert.Equal("text/plain", raw.Content.Headers.ContentType!.MediaType);
            Assert.Equal(text, await raw.Content.ReadAsStringAsync(Cancel));
        }
        foreach (var nothing in new[] { "Tickets(1)/ResolvedAt", "Tickets(1)/ResolvedAt/$value", "Events(1)/OldValue" })
        {
            using var response = await desk.SendAsync(HttpMethod.Get, $"/odata/{nothing}");
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
        }
        foreach (var unknown in new[]
        {
            "Tickets(99)/Title",
            "Tickets(99)/Title/$value",
            "Tickets(1)/Nope",
            "Events(99)/Ticket/Title",
            "Tickets(1)/Events(99)/NewValue",
        })
            await desk.FailAsync($"/odata/{unknown}", HttpStatusCode.NotFound);
        await desk.FailAsync("/odata/Tickets(1)/Title?$filter=true", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets(1)/Title/$value?$format=json", HttpStatusCode.BadRequest);
        using var known = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(1)/Title", (HttpContent?)null, ("If-None-Match", "W/\"1\""));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var html = await desk.SendAsync(
            HttpMethod.Get, "/odata/Tickets(1)/Title/$value", (HttpContent?)null, ("Accept", "application/json"));
        await FeedDesk.ErrorAsync(html, HttpStatusCode.NotAcceptable);
    }

    [Theory, Providers]
    public async Task Entities_have_references_that_lead_to_them(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5);
        var tickets = await desk.GetAsync("/odata/Tickets/$ref?$filter=Id gt 1&$orderby=Id desc&$count=true", ("Prefer", "maxpagesize=3"));
        Assert.EndsWith("$metadata#Collection($ref)", tickets["@odata.context"]!.GetValue<string>());
        Assert.Equal(4, tickets["@odata.count"]!.GetValue<int>());
        Assert.Equal([5, 4, 3], await IdsAsync(tickets));
        var rest = await desk.GetAsync(tickets["@odata.nextLink"]!.GetValue<string>());
        Assert.Equal([2], await IdsAsync(rest));
        Assert.False(rest.ContainsKey("@odata.nextLink"));
        Assert.Equal([2, 3], await IdsAsync(await desk.GetAsync("/odata/Tickets(2)/Events/$ref")));
        Assert.EndsWith("Tickets(1)", (await desk.GetAsync("/odata/Events(1)/Ticket/$ref"))["@odata.id"]!.GetValue<string>());
        Assert.EndsWith("Tickets(3)", (await desk.GetAsync("/odata/Tickets(3)/$ref"))["@odata.id"]!.GetValue<string>());
        foreach (var unknown in new[] { "Tickets(99)/$ref", "Tickets(99)/Events/$ref", "Events(99)/Ticket/$ref" })
            await desk.FailAsync($"/odata/{unknown}", HttpStatusCode.NotFound);
        await desk.FailAsync("/odata/Tickets/$ref?$select=Id", HttpStatusCode.BadRequest);

        async Task<List<int>> IdsAsync(JsonObject page)
        {
            var ids = new List<int>();
            foreach (var link in page["value"]!.AsArray())
            {
                var address = new Uri(new Uri("http://localhost/odata/"), link!["@odata.id"]!.GetValue<string>());
                ids.Add((await desk.GetAsync(address.ToString()))["Id"]!.GetValue<int>());
            }
            return ids;
        }
    }

    [Theory, Providers]
    public async Task Counts_and_navigation_go_by_the_path(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6);
        foreach (var (path, count) in new[]
        {
            ("Tickets/$count", "6"),
            ("Tickets/$count?$filter=Status eq 'open'", "2"),
            ("Tickets/2/Events/$count", "2"),
            ("Tickets(2)/Events/$count?$filter=OldValue ne null", "1"),
            ("Tickets/$count?$search=\"Ticket 4\"", "1"),
        })
            Assert.Equal(count, await desk.Client.GetStringAsync($"/odata/{path}", Cancel));
        Assert.Equal("closed", (await desk.GetAsync("/odata/Tickets/2/Events/3"))["NewValue"]!.GetValue<string>());
        Assert.Equal("Ticket 1", (await desk.GetAsync("/odata/Tickets(2)/Events(3)/Ticket"))["Title"]!.GetValue<string>());
        await desk.FailAsync("/odata/Tickets(1)/Events(3)", HttpStatusCode.NotFound);
        Assert.Equal("Ticket 1", (await desk.GetAsync("/odata/Tickets(Id=2)"))["Title"]!.GetValue<string>());
        foreach (var key in new[] { "Id=2,Id=2", "Id=1,Id=2", "2,2", "Id=2,Title='x'", "" })
            await desk.FailAsync($"/odata/Tickets({key})/Title", HttpStatusCode.NotFound);
    }

    [Theory, Providers]
    public async Task A_query_may_stand_in_the_body(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6);
        using var response = await PostAsync("Tickets/$query", "$filter=Id gt 2&$orderby=Id%20desc&$select=Id&$top=3");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal([6, 5, 4], page["value"]!.AsArray().Select(row => row!["Id"]!.GetValue<int>()));
        using var mixed = await PostAsync("Tickets/$query?$top=1", "$filter=Id%20gt%202&$count=true", "odata.maxpagesize=1");
        Assert.Equal(4, JsonNode.Parse(await mixed.Content.ReadAsStringAsync(Cancel))!["@odata.count"]!.GetValue<int>());
        using var paged = await PostAsync("Tickets/$query", "$filter=Id gt 2", "maxpagesize=3");
        var next = await desk.GetAsync(
            JsonNode.Parse(await paged.Content.ReadAsStringAsync(Cancel))!["@odata.nextLink"]!.GetValue<string>());
        Assert.Equal(6, next["value"]!.AsArray().Single()!["Id"]!.GetValue<int>());
        using var one = await PostAsync("Tickets(2)/$query", "$select=Title");
        Assert.Equal("Ticket 1", JsonNode.Parse(await one.Content.ReadAsStringAsync(Cancel))!["Title"]!.GetValue<string>());

        using var twice = await PostAsync("Tickets/$query?$top=1", "$top=2");
        await FeedDesk.ErrorAsync(twice, HttpStatusCode.BadRequest);
        using var bad = await PostAsync("Tickets/$query", "$filter=Nope eq 1");
        await FeedDesk.ErrorAsync(bad, HttpStatusCode.BadRequest);
        using var longer = await PostAsync("Tickets/$query", "$filter=Title eq '" + new string('x', 8000) + "'");
        await FeedDesk.ErrorAsync(longer, HttpStatusCode.RequestUriTooLong);
        using var json = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets/$query", "{}");
        await FeedDesk.ErrorAsync(json, HttpStatusCode.UnsupportedMediaType);
        using var bytes = await desk.SendAsync(
            HttpMethod.Post, "/odata/Tickets/$query", new ByteArrayContent([0xC3, 0x28]) { Headers = { ContentType = new("text/plain") } });
        await FeedDesk.ErrorAsync(bytes, HttpStatusCode.BadRequest);
        using var get = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets/$query");
        await FeedDesk.ErrorAsync(get, HttpStatusCode.MethodNotAllowed);

        Task<HttpResponseMessage> PostAsync(string path, string options, string prefer = "x") =>
            desk.SendAsync(HttpMethod.Post, $"/odata/{path}", new StringContent(options, Encoding.UTF8, "text/plain"), ("Prefer", prefer));
    }
}
