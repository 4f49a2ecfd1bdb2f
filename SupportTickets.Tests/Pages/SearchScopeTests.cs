using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Hostile;
using SupportTickets.Tests.Rest;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tests.Pages;

/// <summary>How far lists for people look and count. Programs get everything.</summary>
public sealed class SearchScopeTests
{
    private const string OnlyNewest = "Words of one or two letters are looked for only in the newest 5 tickets";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_search_without_an_index_looks_at_the_newest_tickets_wherever_the_list_is_asked(Provider provider)
    {
        await using var desk = await StartAsync(provider, new() { LookedThrough = 5 });
        var site = new Site(desk);
        for (var i = 1; i <= 8; i++)
            await desk.AddTicketAsync($"Ticket {i} zq", "退款 quokka C++ 24/7", i % 2 == 0 ? Category.billing : Category.general);
        foreach (var (search, isBounded) in ((string, bool)[])
        [
            ("zq", true), ("ZQ q", true), ("退款", true), ("\"q\"", true), ("zq quokka", false), ("24/7", false), ("'退款 q'", false),
            ("C++", provider == Provider.Postgres),
        ])
        {
            int[] found = isBounded ? [8, 7, 6, 5, 4] : [8, 7, 6, 5, 4, 3, 2, 1];
            var query = $"search={Uri.EscapeDataString(search)}";
            var page = await site.GetAsync($"/tickets?{query}");
            Assert.Equal((search, string.Join(',', found)), (search, string.Join(',', Ids(page))));
            Assert.Equal($"1–{found.Length} of {found.Length}", page.Text(".count"));
            Assert.Equal(
                isBounded ? [$"{OnlyNewest}. To find older ones, search for a longer word or add a filter."] : [], page.Texts(".hint"));
            Assert.Equal(
                $"{found.Length} tickets.{(isBounded ? $" {OnlyNewest}." : "")}",
                page.Document.QuerySelector("[data-summary]")!.GetAttribute("data-summary"));
            // In another order they are the same.
            Assert.Equal(found.Order(), Ids(await site.GetAsync($"/tickets?{query}&sort=created")));
            Assert.Equal(found, Ids(await site.GetAsync($"/tickets?{query}&sort=-match")));

            var rows = (await desk.Client.GetStringAsync($"/tickets/export.csv?{query}", Cancel)).Split("\r\n")[1..^1];
            Assert.Equal(found, rows.Select(row => int.Parse(row.Split(',')[0])));
            var matching = JsonNode.Parse(await desk.Client.GetStringAsync($"/tickets/matching?{query}&newest=9", Cancel))!["tickets"]!;
            Assert.Equal(found.Select(id => $"{id}.1"), matching.AsArray().Select(ticket => ticket!.GetValue<string>()));
            Assert.Equal($$"""{"count":{{found.Length}}}""", await desk.Client.GetStringAsync($"/tickets/newer?{query}&newest=0", Cancel));
            var fourth = await site.GetAsync($"/tickets/4?list={Uri.EscapeDataString(query)}");
            Assert.Equal(isBounded ? 0 : 1, fourth.Texts("[rel=next]").Count);
            Assert.Contains("/tickets/5?", fourth.Href("[rel=prev]"));

            Assert.Equal(8, (await desk.TitlesAsync($"?{query}")).Length);
            // The feed takes one phrase.
            if (search.Contains(' ', StringComparison.Ordinal)) continue;
            var phrase = Uri.EscapeDataString(search.Trim('"'));
            Assert.Equal("8", await desk.Client.GetStringAsync($"/odata/Tickets/$count?$search=\"{phrase}\"", Cancel));
        }

        // Of the other filters' tickets the newest count; where there are no more, nothing is left out and nothing is said.
        var filtered = await site.GetAsync("/tickets?search=zq&category=billing");
        Assert.Equal([8, 6, 4, 2], Ids(filtered));
        Assert.Empty(filtered.Texts(".hint"));
        await desk.AddTicketAsync("Another", category: Category.billing);
        Assert.Empty((await site.GetAsync("/tickets?search=zq&category=billing")).Texts(".hint"));
        await desk.AddTicketAsync("And another", category: Category.billing);
        filtered = await site.GetAsync("/tickets?search=zq&category=billing");
        Assert.Equal([8, 6, 4], Ids(filtered));
        Assert.StartsWith($"{OnlyNewest} that pass the other filters.", filtered.Text(".hint"));
        Assert.StartsWith(OnlyNewest, (await site.GetAsync("/tickets?search=xx")).Text(".hint"));
        Assert.Empty((await site.GetAsync("/tickets?search='")).Texts(".hint"));
    }

    [Theory, Providers]
    public async Task What_a_search_finds_is_counted_up_to_a_limit_and_all_of_it_on_request(Provider provider)
    {
        await using var desk = await StartAsync(provider, new() { Found = 60, Counted = 140 });
        var site = new Site(desk);
        await AddAsync(desk.Database, Enumerable.Range(1, 130).Select(i => $"Export {i}").Concat(Enumerable.Repeat("Other", 20)));
        foreach (var filter in (string[])["search=export", "search=export&status=open", "search=ex"])
        {
            string[] ranges = ["1–50 of more than 60", "51–100 of more than 100", "101–130 of 130"];
            var url = $"/tickets?{filter}";
            for (var n = 0; n < ranges.Length; n++)
            {
                var page = await site.GetAsync(url);
                Assert.Equal((filter, ranges[n]), (filter, page.Text(".count")));
                var range = ranges[n].Split(' ')[0];
                if (n == 2)
                {
                    Assert.Empty(page.Texts(".count-all"));
                    // Back from the end: the same pages.
                    page = await site.GetAsync(page.Href("a[rel=prev]"));
                    Assert.Equal(ranges[1], page.Text(".count"));
                    Assert.Equal(ranges[0], (await site.GetAsync(page.Href("a[rel=prev]"))).Text(".count"));
                    break;
                }
                Assert.StartsWith("Select up to 1,000 that match", page.Text("[data-everything]"));
                var counted = await site.GetAsync(page.Href(".count-all a"));
                Assert.StartsWith("Select all 130 that match", counted.Text("[data-everything]"));
                Assert.Equal($"{range} of 130", counted.Text(".count"));
                Assert.Empty(counted.Texts(".count-all"));
                Assert.Equal(Ids(page), Ids(counted));
                url = counted.Href("a[rel=next]");
            }
        }
        // One page needs no limit, and without a search there is another.
        var all = await site.GetAsync("/tickets");
        Assert.Equal("1–50 of more than 140", all.Text(".count"));
        Assert.Equal("1–50 of 150", (await site.GetAsync(all.Href(".count-all a"))).Text(".count"));
        Assert.Equal("1–20 of 20", (await site.GetAsync("/tickets?search=other&count=all")).Text(".count"));
    }

    [Theory, Providers]
    public async Task Counting_all_that_takes_too_long_is_stopped_and_the_list_is_there(Provider provider)
    {
        var slow = new SlowDatabase(provider);
        await using var desk = await StartAsync(provider, new() { Found = 60 }, slow);
        var site = new Site(desk);
        await AddAsync(desk.Database, Enumerable.Range(1, 70).Select(i => $"Export {i}"));
        slow.Rewrite = sql => sql.Contains("count(", StringComparison.OrdinalIgnoreCase)
            && !sql.Contains("LIMIT", StringComparison.Ordinal) ? SlowDatabase.SlowTickets(sql, slow.Long) : sql;
        var page = await site.GetAsync("/tickets?search=export&status=open&count=all");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("1–50 of more than 60", page.Text(".count"));
        Assert.Equal(
            ["Counting all of them took too long and was stopped. Add a filter, or search for a longer word."], page.Texts(".hint"));
        Assert.Equal(50, Ids(page).Count);
        Assert.True(slow.Started.IsCompleted);
    }

    /// <summary>SQLite looks for a common word in the list itself, for a rare one in the index. The list is the same.</summary>
    [Theory, Providers]
    public async Task However_common_a_word_is_and_wherever_its_tickets_are_a_list_has_them_all_in_order(Provider provider)
    {
        await using var desk = await StartAsync(provider, new() { Rare = 60, Tried = 80 });
        var site = new Site(desk);
        await AddAsync(desk.Database, Enumerable.Range(1, 400).Select(i =>
        {
            var place = i <= 130 ? "oldstone" : i > 270 ? "newerstone" : "middlestone";
            return $"Common {place} {(i % 9 == 0 ? "rare" : "usual")} word {(i % 3 == 0 ? "third" : "")}";
        }));
        string[] searches = ["common", "oldstone", "middlestone", "newerstone", "rare", "third", "third newerstone", "third it"];
        foreach (var search in searches)
        {
            foreach (var rest in (string[])["", "&status=open", "&sort=created", "&sort=-urgency"])
            {
                var (found, pages) = (new List<int>(), new List<List<int>>());
                for (var url = $"/tickets?search={Uri.EscapeDataString(search)}{rest}"; ;)
                {
                    var page = await site.GetAsync(url);
                    found.AddRange(Ids(page));
                    pages.Add(Ids(page));
                    if (page.Document.QuerySelector("a[rel=next]") is null)
                    {
                        for (var back = pages.Count - 2; back >= 0; back--)
                        {
                            page = await site.GetAsync(page.Href("a[rel=prev]"));
                            Assert.Equal(pages[back], Ids(page));
                        }
                        break;
                    }
                    url = page.Href("a[rel=next]");
                }
                var expected = (await desk.TicketsAsync()).Where(t => search.Split(' ').All(term => Contains(t, term)))
                    .OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id).Select(t => t.Id).ToList();
                if (rest == "&sort=created") expected.Reverse();
                if (rest == "&sort=-urgency") (expected, found) = ([.. expected.Order()], [.. found.Order()]);
                Assert.Equal((search, rest, string.Join(',', expected)), (search, rest, string.Join(',', found)));
            }
        }

        static bool Contains(Ticket ticket, string term) => ticket.Title.Contains(term, StringComparison.OrdinalIgnoreCase)
            || ticket.Description.Contains(term, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<Desk> StartAsync(Provider provider, ListLimits limits, SlowDatabase? slow = null) => Desk.StartAsync(
        provider,
        services: services =>
        {
            services.AddSingleton(limits);
            if (slow is null) return;
            services.ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(slow));
            services.ConfigureDbContext<PostgresTicketDb>(options => options.AddInterceptors(slow));
        },
        settings: slow is null ? [] : [("STATEMENT_TIMEOUT_SECONDS", "1")]);

    // Many share a time, and the numbers do not have the order of the times.
    private static async Task AddAsync(TestDatabase database, IEnumerable<string> titles)
    {
        await using var db = database.Open();
        foreach (var (i, title) in titles.Index())
        {
            var draft = new NewTicket(title, "With it", Category.general, Priority.low, Status.open);
            db.Tickets.Add(TicketLifeCycle.Create(
                draft, new Score(Sentiment.calm, i % 101),
                new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes((i / 5 * 5) + (i % 7)), new Origin("tester", Channel.rest)));
        }
        await db.SaveChangesAsync(Cancel);
    }

    private static List<int> Ids(Answer page) => [.. page.Texts("tbody .col-id").Select(id => int.Parse(id[1..]))];
}
