using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using static SupportTickets.Tests.OData.LongTexts;

namespace SupportTickets.Tests.OData;

/// <summary>Walks sorted by texts of any length give every row once.</summary>
public sealed class LongTextTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_walk_over_long_descriptions_gives_every_ticket_once_at_any_page_size(Provider provider)
    {
        var desk = await DeskAsync(provider);
        foreach (var order in new[] { "Description", "Description desc" })
        {
            var expected = await SortedAsync(desk, t => t.Description, order.EndsWith("desc", StringComparison.Ordinal));
            for (var size = 1; size <= 7; size++)
                Assert.Equal(expected, await WalkAsync(desk, $"/odata/Tickets?$select=Id&$orderby={order}", size));
        }
    }

    [Theory, Providers]
    public async Task A_walk_over_long_values_of_events_gives_every_event_once_at_any_page_size(Provider provider)
    {
        var desk = await DeskAsync(provider);
        foreach (var order in new[] { "NewValue", "NewValue desc", "OldValue", "OldValue desc" })
        {
            await using var db = desk.Database.Open();
            var events = await db.TicketEvents.AsNoTracking().ToListAsync(Cancel);
            Func<TicketEvent, string?> text = order.StartsWith("New", StringComparison.Ordinal) ? e => e.NewValue : e => e.OldValue;
            var sorted = order.EndsWith("desc", StringComparison.Ordinal)
                ? events.OrderByDescending(text, Bytes.Order)
                : events.OrderBy(text, Bytes.Order);
            var expected = sorted.ThenBy(e => e.Id).Select(e => (int)e.Id);
            for (var size = 1; size <= 7; size++)
                Assert.Equal(expected, await WalkAsync(desk, $"/odata/Events?$select=Id&$orderby={order}", size));
        }
    }

    [Theory, Providers]
    public async Task A_walk_by_any_expression_over_long_texts_gives_what_one_page_gives(Provider provider)
    {
        var desk = await DeskAsync(provider);
        string[] queries =
        [
            "Tickets?$orderby=tolower(Description) desc",
            "Tickets?$orderby=Title,Description",
            "Tickets?$orderby=Status desc,Description desc,Title",
            "Tickets?$orderby=Description,Title desc,Description desc",
            "Tickets?$orderby=concat('x',Description) desc",
            "Tickets?$compute=concat(Description,'x') as C&$orderby=C",
            "Tickets?$orderby=length(Description) desc,Description&$count=true&$filter=Id gt 2",
            "Events?$orderby=Ticket/Description",
            "Events?$orderby=Ticket/Description desc,NewValue,OldValue desc",
            "Events?$orderby=OldValue desc,NewValue",
            "Tickets(1)/Events?$orderby=NewValue",
            "Tickets?$apply=orderby(Description desc)",
            "Tickets?$apply=filter(Id gt 1)/compute(tolower(Description) as D)&$orderby=D&$select=Id",
            "Tickets?$apply=topcount(20,length(Description))/orderby(Description)",
            "Tickets?$orderby=Description&$top=17&$skip=2",
            "Tickets?$search=Title&$orderby=Description",
        ];
        foreach (var query in queries)
        {
            var selects = query.Contains("$select", StringComparison.Ordinal) || query.Contains("$apply", StringComparison.Ordinal);
            var url = $"/odata/{query}{(selects ? "" : "&$select=Id")}";
            Assert.Equal(await WalkAsync(desk, url, size: 1000), await WalkAsync(desk, url, size: 3));
        }
    }

    [Theory, Providers]
    public async Task References_and_a_query_in_a_body_are_paged_over_long_texts_too(Provider provider)
    {
        await using var desk = await StartAsync(provider, longest: 1_000_000);
        var expected = await SortedAsync(desk, t => t.Description, descending: false);
        var references = new List<int>();
        for (var next = "/odata/Tickets/$ref?$orderby=Description"; next is not null;)
        {
            var page = await desk.GetAsync(next, ("Prefer", "maxpagesize=2"));
            references.AddRange(
                page["value"]!.AsArray().Select(row => int.Parse(row!["@odata.id"]!.GetValue<string>().Split('(', ')')[1])));
            next = Link(page);
        }
        Assert.Equal(expected, references);

        using var body = new StringContent("$orderby=Description&$select=Id", Encoding.UTF8, "text/plain");
        using var first = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets/$query", body, ("Prefer", "maxpagesize=2"));
        var answer = JsonNode.Parse(await first.Content.ReadAsStringAsync(Cancel))!.AsObject();
        Assert.Equal(expected, [.. Ids(answer), .. await WalkAsync(desk, Link(answer)!, size: 2)]);
    }

    [Theory, Providers]
    public async Task A_later_page_looks_one_row_up_and_reads_one_page(Provider provider)
    {
        var desk = await DeskAsync(provider);
        var page = await desk.GetAsync("/odata/Tickets?$select=Id&$orderby=Status,Description", ("Prefer", "maxpagesize=2"));
        desk.Forget();
        await desk.GetAsync(Link(page)!, ("Prefer", "maxpagesize=2"));
        Assert.Equal(2, desk.Sql.Count);
        var sql = desk.Sql.Select(statement => statement.Replace("\"", "")).ToList();
        Assert.Contains("WHERE t.id = @", sql[0]);
        Assert.Contains("t.status >= @", sql[1]); // alone, so that an index can begin there
        Assert.All(sql, statement => Assert.DoesNotContain("aaaa", statement));
    }

    [Theory, Providers]
    public async Task A_walk_goes_on_when_the_row_it_stands_on_is_changed_or_deleted(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await using var db = desk.Database.Open();
        foreach (var order in new[] { "Description", "Description desc", "Title,Description desc" })
        {
            foreach (var deletes in new[] { true, false })
            {
                await db.Tickets.ExecuteDeleteAsync(Cancel);
                var start = new string('m', 3100);
                await SeedAsync(
                    desk, [.. Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? $"{(char)('a' + i)} short" : $"{start}{i:00}")],
                    title: "Title");
                var before = await WalkAsync(desk, $"/odata/Tickets?$select=Id&$orderby={order}", size: 1000);
                var (walked, gone) = (new List<int>(), new HashSet<int>());
                for (var next = $"/odata/Tickets?$select=Id&$orderby={order}"; next is not null;)
                {
                    var page = await desk.GetAsync(next, ("Prefer", "maxpagesize=4"));
                    walked.AddRange(Ids(page));
                    next = Link(page);
                    Assert.True(walked.Count < 200, "The walk does not end.");
                    if (next is null || gone.Count == 4)
                        continue;
                    gone.Add(walked[^1]);
                    using var answer = deletes
                        ? await desk.SendAsync(HttpMethod.Delete, $"/odata/Tickets({walked[^1]})")
                        : await desk.SendAsync(HttpMethod.Patch, $"/odata/Tickets({walked[^1]})", """{"Description":"zzz"}""");
                    Assert.True(answer.IsSuccessStatusCode);
                }
                Assert.Equal(4, gone.Count);
                // Everything that stayed came, in its order; what begins as the lost row did may have come again.
                Assert.Equal(before.Where(id => !gone.Contains(id)), walked.Where(id => !gone.Contains(id)).Reverse().Distinct().Reverse());
            }
        }
    }

    [Theory, Providers]
    public async Task A_walk_over_long_texts_gives_what_stays_exactly_once_while_other_rows_come_and_go(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        var start = Repeated("長い", 200);
        await SeedAsync(desk, [.. Enumerable.Range(0, 40).Select(i => $"{start}{i * 7 % 40:00}")]);
        var before = await WalkAsync(desk, "/odata/Tickets?$select=Id&$orderby=Description", size: 1000);
        var (walked, touched) = (new List<int>(), new HashSet<int>());
        for (var next = "/odata/Tickets?$select=Id&$orderby=Description"; next is not null;)
        {
            var page = await desk.GetAsync(next, ("Prefer", "maxpagesize=3"));
            walked.AddRange(Ids(page));
            next = Link(page);
            var (far, near) = (before[^(1 + touched.Count)], walked.First(id => !touched.Contains(id)));
            if (touched.Count > 8 || near == walked[^1] || walked.Contains(far))
                continue;
            await desk.SendAsync(HttpMethod.Delete, $"/odata/Tickets({far})");
            await desk.SendAsync(HttpMethod.Patch, $"/odata/Tickets({near})", $$"""{"Description":"{{start}}"}""");
            await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", $$"""{"Title":"New","Description":"{{start}}{{touched.Count}}"}""");
            touched.UnionWith([far, near]);
        }
        Assert.True(touched.Count > 4);
        Assert.Equal(before.Where(id => !touched.Contains(id)), walked.Where(id => before.Contains(id) && !touched.Contains(id)));
    }

    // For tests that only read.
    private Task<FeedDesk> DeskAsync(Provider provider) => desks.OfAsync(provider, p => StartAsync(p));

    private static async Task<IReadOnlyList<int>> SortedAsync(FeedDesk desk, Func<Ticket, string> text, bool descending)
    {
        var tickets = await desk.Desk.TicketsAsync();
        return
        [
            .. (descending ? tickets.OrderByDescending(text, Bytes.Order) : tickets.OrderBy(text, Bytes.Order))
                .ThenBy(t => t.Id)
                .Select(t => t.Id),
        ];
    }

    // As both databases sort: by the bytes of UTF-8; nothing before everything.
    private sealed class Bytes : IComparer<string?>
    {
        public static readonly Bytes Order = new();

        public int Compare(string? x, string? y) => x is null || y is null
            ? (x is null ? 0 : 1) - (y is null ? 0 : 1)
            : Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
    }
}
