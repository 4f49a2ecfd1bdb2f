using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

public sealed class PagingTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    private const int Count = 61;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_walk_by_nextLink_gives_every_ticket_once_in_any_order(Provider provider)
    {
        var desk = await DeskAsync(provider);
        await using var db = desk.Database.Open();
        var tickets = await db.Tickets.AsNoTracking().Include(t => t.Assignee).ToListAsync(Cancel);
        (string OrderBy, IEnumerable<Ticket> Expected)[] orders =
        [
            ("", tickets.OrderBy(t => t.Id)),
            ("ResolvedAt", tickets.OrderBy(t => t.ResolvedAt).ThenBy(t => t.Id)), // null is lowest
            ("ResolvedAt desc", tickets.OrderByDescending(t => t.ResolvedAt).ThenBy(t => t.Id)),
            (
                "ResolutionMinutes desc,CreatedAt desc",
                tickets.OrderByDescending(t => t.ResolutionMinutes).ThenByDescending(t => t.CreatedAt)),
            ("Priority desc,ResolvedAt", tickets.OrderByDescending(t => t.Priority).ThenBy(t => t.ResolvedAt).ThenBy(t => t.Id)),
            ("Status,CreatedDate desc", tickets.OrderBy(t => t.Status).ThenByDescending(t => t.CreatedDate).ThenBy(t => t.Id)),
            (
                "contains(Title,'1') desc,UrgencyScore",
                tickets.OrderByDescending(t => t.Title.Contains('1')).ThenBy(t => t.UrgencyScore).ThenBy(t => t.Id)),
            ("Title desc", tickets.OrderByDescending(t => t.Title, StringComparer.Ordinal)),
            ("AssigneeId", tickets.OrderBy(t => t.AssigneeId).ThenBy(t => t.Id)),
            ("AssigneeId desc,Status", tickets.OrderByDescending(t => t.AssigneeId).ThenBy(t => t.Status).ThenBy(t => t.Id)),
            ("Assignee/Name", tickets.OrderBy(t => t.Assignee?.Name, StringComparer.Ordinal).ThenBy(t => t.Id)),
            (
                "Assignee/Name desc,Assignee/IsActive",
                tickets.OrderByDescending(t => t.Assignee?.Name, StringComparer.Ordinal).ThenBy(t => t.Id)),
            ("Id desc", tickets.OrderByDescending(t => t.Id)),
            ("case(false:Category,true:SupportTickets.Category'account') desc", tickets.OrderBy(t => t.Id)),
            ("case(Id gt 0:SupportTickets.Category'account',true:Category)", tickets.OrderBy(t => t.Id)),
            (
                "case(Id gt 9:mindatetime(),true:CreatedAt)",
                tickets.OrderBy(t => t.Id > 9 ? DateTime.MinValue : t.CreatedAt).ThenBy(t => t.Id)),
            (
                "case(Id gt 9:maxdatetime(),true:CreatedAt) desc",
                tickets.OrderByDescending(t => t.Id > 9 ? DateTime.MaxValue : t.CreatedAt).ThenBy(t => t.Id)),
        ];
        foreach (var (orderBy, expected) in orders)
        {
            var rows = await desk.WalkAsync(
                "/odata/Tickets?$select=Title" + (orderBy.Length > 0 ? $"&$orderby={orderBy}" : ""), pageSize: 7);
            Assert.Equal(expected.Select(t => t.Title), rows.Select(row => row["Title"]!.GetValue<string>()));
        }
    }

    [Theory, Providers]
    public async Task A_walk_over_a_nullable_text_of_the_events_gives_each_once(Provider provider)
    {
        var desk = await DeskAsync(provider);
        foreach (var order in new[]
        {
            "OldValue,Ticket/ResolvedAt desc", "OldValue desc", "length(OldValue) desc", "Ticket/UrgencyScore,length(OldValue)",
        })
        {
            var rows = await desk.WalkAsync($"/odata/Events?$orderby={order}", pageSize: 9);
            var ids = rows.Select(row => row["Id"]!.GetValue<long>()).ToList();
            await using var db = desk.Database.Open();
            Assert.Equal(await db.TicketEvents.OrderBy(e => e.Id).Select(e => e.Id).ToListAsync(Cancel), ids.Order());
        }
    }

    [Theory, Providers]
    public async Task A_walk_by_numbers_that_are_infinite_or_none_gives_every_ticket_once(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        foreach (var order in new[]
        {
            "UrgencyScore add INF",
            "UrgencyScore sub INF desc",
            "UrgencyScore mul -INF,Title desc",
            "-INF",
            "INF desc,UrgencyScore",
            "NaN desc",
            "INF sub INF",
            "ResolutionMinutes mul INF",
        })
        {
            foreach (var query in new[] { $"$select=Id&$orderby={order}", $"$apply=orderby({order.Split(',')[0]})" })
            {
                using var first = await desk.SendAsync(
                    HttpMethod.Get, $"/odata/Tickets?{query}", (HttpContent?)null, ("Prefer", "maxpagesize=2"));
                if (first.StatusCode == HttpStatusCode.BadRequest)
                    continue;
                var rows = await desk.WalkAsync($"/odata/Tickets?{query}", pageSize: 2);
                Assert.Equal(Enumerable.Range(1, 9), rows.Select(row => row["Id"]!.GetValue<int>()).Order());
            }
        }
    }

    [Theory, Providers]
    public async Task Later_pages_are_one_statement_bound_by_the_first_key_with_all_values_as_parameters(Provider provider)
    {
        var desk = await DeskAsync(provider);
        var first = await desk.GetAsync("/odata/Tickets?$orderby=CreatedAt desc&$count=true", ("Prefer", "odata.maxpagesize=7"));
        desk.Forget();
        var second = await desk.GetAsync(first["@odata.nextLink"]!.GetValue<string>(), ("Prefer", "odata.maxpagesize=7"));
        Assert.Equal(Count, second["@odata.count"]!.GetValue<int>());
        var sql = Assert.Single(desk.Sql).Replace("\"", "");
        Assert.Contains("t.created_at <= @", sql); // alone: PostgreSQL starts the index there
        Assert.Contains("t.created_at < @", sql);
        Assert.DoesNotContain("2026", sql);
        Assert.DoesNotContain("OFFSET", sql);

        // Sorted by what may be missing: from the first row that has a value, all have one, and the index is enough.
        var open = await desk.GetAsync("/odata/Tickets?$orderby=ResolvedAt", ("Prefer", "maxpagesize=30"));
        desk.Forget();
        await desk.GetAsync(open["@odata.nextLink"]!.GetValue<string>());
        sql = Assert.Single(desk.Sql).Replace("\"", "");
        Assert.Contains("t.resolved_at >= @", sql);
        Assert.DoesNotContain("CASE", sql);
    }

    [Theory, Providers]
    public async Task Top_is_never_refused_but_paged(Provider provider)
    {
        var desk = await DeskAsync(provider);
        Assert.Equal(Count, (await desk.RowsAsync("/odata/Tickets?$top=1000")).Count);
        Assert.Equal(Count, (await desk.RowsAsync("/odata/Tickets?$top=2000000000")).Count);
        var rows = await desk.WalkAsync("/odata/Tickets?$top=40&$skip=5", pageSize: 8);
        Assert.Equal(Enumerable.Range(6, 40), rows.Select(row => row["Id"]!.GetValue<int>()));
        var exact = await desk.GetAsync("/odata/Tickets?$top=8", ("Prefer", "maxpagesize=8"));
        Assert.False(exact.ContainsKey("@odata.nextLink"));
        Assert.Empty(await desk.RowsAsync("/odata/Tickets?$top=0"));
        Assert.Equal(Count, (await desk.GetAsync("/odata/Tickets?$top=0&$count=true"))["@odata.count"]!.GetValue<int>());
        using var preferred = await desk.SendAsync(
            HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("Prefer", "odata.maxpagesize=1000000"));
        Assert.Equal("odata.maxpagesize=10000", preferred.Headers.GetValues("Preference-Applied").Single());
    }

    [Theory, Providers]
    public async Task The_usual_page_has_a_thousand_rows(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedManyAsync(1001, ManualClock.Monday.UtcDateTime);
        var first = await desk.GetAsync("/odata/Tickets?$select=Id&$top=5000");
        Assert.Equal(1000, first["value"]!.AsArray().Count);
        var second = await desk.GetAsync(first["@odata.nextLink"]!.GetValue<string>());
        Assert.Equal(1001, Assert.Single(second["value"]!.AsArray())!["Id"]!.GetValue<int>());
        Assert.False(second.ContainsKey("@odata.nextLink"));
    }

    [Theory, Providers]
    public async Task Groups_are_paged_too(Provider provider)
    {
        var desk = await DeskAsync(provider);
        const string apply = "/odata/Tickets?$apply=groupby((CreatedDate,Status),aggregate($count as N))";
        var whole = await desk.RowsAsync(apply);
        Assert.Equal(whole.Select(row => row.ToJsonString()), (await desk.WalkAsync(apply, pageSize: 4)).Select(row => row.ToJsonString()));
        Assert.Equal(Count, whole.Sum(row => row["N"]!.GetValue<int>()));
        var computed = await desk.WalkAsync("/odata/Tickets?$apply=compute(UrgencyScore add 1 as Next)", pageSize: 8);
        Assert.Equal(Enumerable.Range(1, Count), computed.Select(row => row["Id"]!.GetValue<int>()));
        Assert.All(computed, row => Assert.Equal(row["UrgencyScore"]!.GetValue<int>() + 1, row["Next"]!.GetValue<int>()));
        Assert.Equal("billing", computed[0]["Category"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task A_skiptoken_that_is_not_of_this_query_is_refused(Provider provider)
    {
        var desk = await DeskAsync(provider);
        var page = await desk.GetAsync("/odata/Tickets?$orderby=CreatedAt", ("Prefer", "maxpagesize=3"));
        var token = page["@odata.nextLink"]!.GetValue<string>().Split("$skiptoken=")[1];
        string[] bad =
        [
            "abc", "%00", "", "e30", token[..^4], new string('A', 5000), Forged(token, "\"k\":[null,1]"),
            Forged(token, "\"k\":[\"x\",1]"), Forged(token, "\"k\":[1]"), Forged(token, "\"t\":-1"),
        ];
        foreach (var other in bad)
            await desk.FailAsync($"/odata/Tickets?$orderby=CreatedAt&$skiptoken={other}", HttpStatusCode.BadRequest);
        foreach (var query in new[] { "$orderby=UpdatedAt", "$orderby=CreatedAt&$filter=Id gt 1", "" })
            await desk.FailAsync($"/odata/Tickets?{query}&$skiptoken={token}", HttpStatusCode.BadRequest);
        await desk.FailAsync($"/odata/Tickets(1)/Events?$orderby=CreatedAt&$skiptoken={token}", HttpStatusCode.BadRequest);
    }

    // For tests that only read.
    private Task<FeedDesk> DeskAsync(Provider provider) => desks.OfAsync(provider, async p =>
    {
        var desk = await FeedDesk.StartAsync(p);
        await desk.SeedAsync(Count);
        await desk.AssignSomeAsync();
        return desk;
    });

    private static string Forged(string token, string member)
    {
        var node = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token))!.AsObject();
        var (name, value) = JsonNode.Parse("{" + member + "}")!.AsObject().Single();
        node[name] = value!.DeepClone();
        return System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(node.ToJsonString()));
    }
}
