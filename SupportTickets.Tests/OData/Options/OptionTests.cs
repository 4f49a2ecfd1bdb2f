using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

public sealed class OptionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Options_are_read_with_and_without_their_dollar_in_any_case(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var expected = (await desk.GetAsync(
            "/odata/Tickets?$filter=Id gt 2&$orderby=Id desc&$top=3&$skip=1&$count=true&$select=Id&$expand=Events($select=Id;$top=1)"));
        foreach (var query in new[]
        {
            "filter=Id gt 2&orderby=Id desc&top=3&skip=1&count=true&select=Id&expand=Events(select=Id;top=1)",
            "$Filter=Id gt 2&$OrderBy=Id desc&$TOP=3&Skip=1&COUNT=true&Select=Id&$Expand=Events($Select=Id;Top=1)",
        })
            Assert.Equal(expected.ToJsonString(), (await desk.GetAsync($"/odata/Tickets?{query}")).ToJsonString());
        Assert.Equal(9, (await desk.WalkAsync("/odata/Tickets?orderby=Id desc", pageSize: 4)).Count);
        await desk.FailAsync("/odata/Tickets?$top=1&top=2", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?FILTER=", HttpStatusCode.BadRequest);
        Assert.Single(await desk.RowsAsync("/odata/Tickets?$filter=Id eq @id&@id=3&custom=option"));
        Assert.Equal(2, (await desk.RowsAsync("/odata/Tickets?$filter=Id in @ids&$orderby=@by desc&@ids=[3,4]&@by=Id")).Count);
        var list = string.Join(',', Enumerable.Range(1, 201));
        await desk.FailAsync($"/odata/Tickets?$filter=Id in @ids&@ids=[{list}]", HttpStatusCode.BadRequest);
        await desk.FailAsync($"/odata/Tickets?$apply=filter(Id in @ids)&@ids=[{list}]", HttpStatusCode.BadRequest);
    }

    [Theory, Providers]
    public async Task Filters_and_orders_give_what_they_say(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(24);
        await using var db = desk.Database.Open();
        var all = await db.Tickets.AsNoTracking().Include(t => t.Events).ToListAsync(Cancel);
        (string Query, IEnumerable<Ticket> Expected)[] cases =
        [
            ("$filter=Priority gt 'medium'", all.Where(t => t.Priority > Priority.medium)),
            ("$filter=Priority ge 'medium' and 'high' ge Priority", all.Where(t => t.Priority is Priority.medium or Priority.high)),
            (
                "$filter=Priority lt 'medium' or Priority eq SupportTickets.Priority'critical'",
                all.Where(t => t.Priority is Priority.low or Priority.critical)),
            ("$filter=Priority le SupportTickets.Priority'medium'", all.Where(t => t.Priority <= Priority.medium)),
            (
                "$filter=Status ne 'open' and not (Category eq 'billing')",
                all.Where(t => t.Status != Status.open && t.Category != Category.billing)),
            ("$filter=Priority gt @p&@p='medium'", all.Where(t => t.Priority > Priority.medium)),
            (
                "$filter=UrgencyScore add 1 gt 50 and UrgencyScore mod 2 eq 0",
                all.Where(t => t.UrgencyScore + 1 > 50 && t.UrgencyScore % 2 == 0)),
            ("$filter=Double gt 100&$compute=UrgencyScore mul 2 as Double", all.Where(t => t.UrgencyScore * 2 > 100)),
            ("$filter=Events/$count gt 1", all.Where(t => t.Events.Count > 1)),
            ("$filter=Events/all(e: e/OldValue eq null)", all.Where(t => t.Events.All(e => e.OldValue is null))),
            ("$filter=Events/any()", all),
            ("$filter=Events/any(e: e/Ticket/Id eq 3)", all.Where(t => t.Id == 3)),
            (
                "$orderby=Priority desc,Status,Id desc",
                all.OrderByDescending(t => t.Priority).ThenBy(t => t.Status).ThenByDescending(t => t.Id)),
            (
                "$orderby=ResolutionMinutes desc,Title desc",
                all.OrderByDescending(t => t.ResolutionMinutes).ThenByDescending(t => t.Title, StringComparer.Ordinal)),
            ("$orderby=Events/$count desc", all.OrderByDescending(t => t.Events.Count).ThenBy(t => t.Id)),
            ("$orderby=Double desc&$compute=UrgencyScore mul 2 as Double", all.OrderByDescending(t => t.UrgencyScore).ThenBy(t => t.Id)),
        ];
        foreach (var (query, expected) in cases)
        {
            desk.Forget();
            var rows = await desk.RowsAsync($"/odata/Tickets?{query}");
            Assert.Single(desk.Sql);
            Assert.True(expected.Select(t => t.Id).SequenceEqual(rows.Select(row => row["Id"]!.GetValue<int>())), query);
        }
        var byTicket = await desk.RowsAsync("/odata/Events?$orderby=Ticket/UrgencyScore desc,Id&$select=TicketId");
        Assert.Equal(
            all.SelectMany(t => t.Events).OrderByDescending(e => e.Ticket!.UrgencyScore).ThenBy(e => e.Id).Select(e => e.TicketId),
            byTicket.Select(row => row["TicketId"]!.GetValue<int>()));
        await desk.FailAsync("/odata/Tickets?$filter=Priority gt 'nope'", HttpStatusCode.BadRequest);
    }

    [Theory, Providers]
    public async Task Search_finds_words_and_phrases_in_title_and_description(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await AddAsync("Printer on fire", "Smoke in room 4");
        await AddAsync("Password reset", "The PRINTER is fine, no smoke without fire");
        await AddAsync("Müller cannot log in", "100% of his tries fail");
        await AddAsync("TV", "no picture");
        foreach (var (search, ids) in new (string, int[])[]
        {
            ("printer", [1, 2]),
            ("PRINTER fire", [1, 2]),
            ("printer AND reset", [2]),
            ("\"on fire\"", [1]),
            ("printer NOT reset", [1]),
            ("NOT printer", [3, 4]),
            ("reset OR müller", [2, 3]),
            ("(reset OR müller) AND fail", [3]),
            ("tv", [4]),
            ("\"100%25\"", [3]),
            ("\"0_\"", []),
            ("MÜLLER", [3]),
            ("nothing", []),
            ("tv OR NOT (smoke OR fail)", [4]),
        })
        {
            desk.Forget();
            var rows = await desk.RowsAsync($"/odata/Tickets?$search={search}");
            Assert.Single(desk.Sql);
            Assert.True(ids.SequenceEqual(rows.Select(row => row["Id"]!.GetValue<int>())), search);
            Assert.Equal($"{ids.Length}", await desk.Client.GetStringAsync($"/odata/Tickets/$count?search={search}", Cancel));
        }
        var smoke = Assert.Single(await desk.RowsAsync("/odata/Tickets?$search=smoke&$filter=startswith(Title,'Pass')&$orderby=Title"));
        Assert.Equal(2, smoke["Id"]!.GetValue<int>());
        Assert.Equal(2, (await desk.WalkAsync("/odata/Tickets?$search=printer", pageSize: 1)).Count);
        await desk.FailAsync("/odata/Tickets?$search='a' b\"", HttpStatusCode.BadRequest);
        await desk.FailAsync(
            "/odata/Tickets?$search=" + string.Join(" OR ", Enumerable.Range(1, 33).Select(i => $"word{(char)('a' + (i % 26))}")),
            HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$search=a AND", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$search=\"open", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Events?$search=a", HttpStatusCode.NotImplemented);
        await desk.FailAsync("/odata/Tickets(1)?$search=a", HttpStatusCode.BadRequest);

        Task AddAsync(string title, string description) => OptionTests.AddAsync(desk, title, description);
    }

    // URL Conventions 4.01, 5.1.8.1.
    [Theory, Providers]
    public async Task A_search_in_single_quotes_is_one_that_is_still_being_typed(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await AddAsync(desk, "Printer on fire", "csv");
        await AddAsync(desk, "Password reset", "It's lost");
        await AddAsync(desk, "Ink", "8\\\" and OR");
        foreach (var (search, ids) in new (string, int[])[]
        {
            ("'csv'", [1]),
            ("'printer csv'", [1]),
            ("'printer AND'", [1]),
            ("'printer OR reset'", [1, 2]),
            ("'printer OR ('", [1]),
            ("'NOT (printer OR reset'", [3]),
            ("'NOT'", [1, 2, 3]),
            ("'\"on fi'", [1]),
            ("'\"fire on\"'", []),
            ("'it''s'", [2]),
            ("'\"'", [3]),
            ("' csv '", [1]),
            ("'OR'", [2, 3]),
            ("'printer)'", [1]),
            ("'prin", []),
        })
        {
            if (ids.Length == 3)
                await desk.FailAsync($"/odata/Tickets?$search={search}", HttpStatusCode.BadRequest); // nothing to look for yet
            else
                Assert.True(
                    ids.SequenceEqual((await desk.RowsAsync($"/odata/Tickets?$search={search}")).Select(row => row["Id"]!.GetValue<int>())),
                    search);
        }
        Assert.Single(await desk.RowsAsync("/odata/Tickets?$apply=search('csv')"));
        Assert.Equal(2, (await desk.WalkAsync("/odata/Tickets?$search='printer OR reset OR'", pageSize: 1)).Count);
    }

    private static async Task AddAsync(FeedDesk desk, string title, string description)
    {
        using var created = await desk.SendAsync(
            HttpMethod.Post,
            "/odata/Tickets",
            $$"""{"Title":"{{title}}","Description":"{{description}}","Category":"general","Priority":"low"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }
}
