using System.Linq.Expressions;
using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tests.Pages;

public sealed class TicketListTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Walking_any_order_gives_each_ticket_exactly_once_forwards_and_backwards(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        var tickets = await AddManyAsync(desk.Database, 130);
        foreach (var sort in Enum.GetNames<TicketSort>().SelectMany(name => (string[])[name, $"-{name}"]))
        {
            var expected = Sorted(tickets, sort);
            var forwards = new List<int>();
            var pages = new List<(string Count, string Ids)>();
            // Without a search there is nothing to match.
            for (var url = $"/tickets?sort={sort}{(sort.EndsWith("match", StringComparison.Ordinal) ? "&search=export+of" : "")}"; ;)
            {
                var page = await site.GetAsync(url);
                forwards.AddRange(Ids(page));
                pages.Add((page.Text(".count"), string.Join(',', Ids(page))));
                if (page.Document.QuerySelector("a[rel=next]") is null)
                {
                    // Back from the last page: the same pages, with the same range above.
                    for (var back = pages.Count - 2; back >= 0; back--)
                    {
                        page = await site.GetAsync(page.Href("a[rel=prev]"));
                        Assert.Equal((sort, pages[back]), (sort, (page.Text(".count"), string.Join(',', Ids(page)))));
                    }
                    Assert.Null(page.Document.QuerySelector("a[rel=prev]"));
                    break;
                }
                url = page.Href("a[rel=next]");
            }
            Assert.Equal(expected, forwards);
            Assert.Equal(["1–50 of 130", "51–100 of 130", "101–130 of 130"], pages.Select(p => p.Count));
        }
    }

    [Theory, Providers]
    public async Task Filters_and_search_narrow_the_list_are_kept_while_paging_and_can_each_be_removed(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        var tickets = await AddManyAsync(desk.Database, 220);
        await desk.AddTicketAsync("Über 100% of the Export fails", "Nothing \"works\"", Category.technical, Priority.high);

        var filtered = await site.GetAsync("/tickets?status=open&priority=high");
        Assert.Equal(tickets.Count(t => t is { Status: Status.open, Priority: Priority.high }) + 1, Total(filtered));
        Assert.All(
            filtered.Texts("tbody .col-status").Zip(filtered.Texts("tbody .col-priority")), pair => Assert.Equal(("Open", "High"), pair));
        Assert.Equal(["Status: open×", "Priority: high×", "2 filters, clear"], filtered.Texts(".chips li"));
        Assert.Equal("/tickets?priority=high", filtered.Href(".chip"));

        var two = await site.GetAsync((await site.GetAsync("/tickets?category=billing&search=export")).Href("a[rel=next]"));
        Assert.Equal(["51–55 of 55"], two.Texts(".count"));
        Assert.Equal(["“export”×", "Category: billing×", "2 filters, clear"], two.Texts(".chips li"));

        foreach (var (search, found) in ((string, int)[])
            [("über", 1), ("\"100% of\"", 1), ("export, fails", 1), ("1_0", 0), ("%", 1), ("nothing zzz", 0)])
            Assert.Equal((search, found), (search, Total(await site.GetAsync($"/tickets?search={Uri.EscapeDataString(search)}"))));
        var anger = await site.GetAsync("/tickets?sentiment=angry&sort=urgency");
        Assert.Equal(tickets.Count(t => t.Sentiment == Sentiment.angry), Total(anger));
        // The form sends empty fields; they do not filter.
        var form = await site.PressAsync(await site.GetAsync("/tickets"), ".filters button", ("search", "über"), ("status", "open"));
        Assert.Equal(1, Total(form));
        Assert.Equal("Newest first", form.Document.QuerySelector(".sort option[selected]")!.TextContent);
    }

    [Theory, Providers]
    public async Task The_number_of_a_ticket_finds_it_in_every_search_box(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        for (var i = 1; i <= 3; i++) await desk.AddTicketAsync($"Ticket {i + 10}");
        foreach (var (path, box) in ((string, string)[])[("/", ".find"), ("/tickets/1", ".find"), ("/tickets", ".filters")])
        {
            var address = (await site.GetAsync(path)).Document.QuerySelector(box)!.GetAttribute("action");
            foreach (var typed in (string[])["2", "#2", " #2 "])
            {
                var found = await site.GetAsync($"{address}?search={Uri.EscapeDataString(typed)}");
                Assert.Equal((path, typed, "/tickets/2"), (path, typed, found.Href(".named a")));
            }
            Assert.Empty((await site.GetAsync($"{address}?search=%2399")).Texts(".named"));
        }
    }

    [Fact]
    public async Task A_ticket_that_comes_in_meanwhile_shifts_nothing_on_the_next_page()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var tickets = await AddManyAsync(desk.Database, 60);
        var first = await site.GetAsync("/tickets");
        await desk.AddTicketAsync("A newcomer");
        var second = await site.GetAsync(first.Href("a[rel=next]"));
        Assert.Equal(Sorted(tickets, "-created"), [.. Ids(first), .. Ids(second)]);
    }

    [Theory, Providers]
    public async Task The_range_stays_within_a_list_that_has_become_shorter(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        await AddManyAsync(desk.Database, 130);
        foreach (var sort in (string[])["-created", "urgency", "-priority"])
        {
            await SetAsync(t => t.Category == Category.billing, Category.general);
            await SetAsync(t => true, Category.billing);
            var first = await site.GetAsync($"/tickets?category=billing&sort={sort}");
            var second = await site.GetAsync(first.Href("a[rel=next]"));
            var (two, three) = (first.Href("a[rel=next]"), second.Href("a[rel=next]"));
            var third = await site.GetAsync(three);

            // Some before it are gone: the last page counts from the end.
            List<int> gone = [.. Ids(first).Take(20)];
            await SetAsync(t => gone.Contains(t.Id), Category.general);
            Assert.Equal((sort, "81–110 of 110"), (sort, (await site.GetAsync(three)).Text(".count")));
            // All before it are gone: it is the first page now.
            gone = [.. Ids(first), .. Ids(second)];
            await SetAsync(t => gone.Contains(t.Id), Category.general);
            var page = await site.GetAsync(three);
            Assert.Equal((sort, "1–30 of 30"), (sort, page.Text(".count")));
            Assert.Equal(Ids(third), Ids(page));
            Assert.Empty(page.Texts(".pager a"));
            // So many are gone that its place cannot be, or nothing comes after it: the first page, which says so.
            gone = [.. Ids(first)];
            await SetAsync(t => !gone.Contains(t.Id), Category.billing);
            await FirstPageAsync(two, "1–50 of 80", Ids(second));
            gone = [.. Ids(second)];
            await SetAsync(t => !gone.Contains(t.Id), Category.general);
            await SetAsync(t => gone.Contains(t.Id), Category.billing);
            await FirstPageAsync(three, "1–50 of 50", Ids(second));
            await SetAsync(t => true, Category.general);
            page = await site.GetAsync(three);
            Assert.Equal((sort, "0 tickets"), (sort, page.Text(".count")));
            Assert.Empty(page.Texts(".results > [role=status]"));

            async Task FirstPageAsync(string address, string range, List<int> ids)
            {
                var shown = await site.GetAsync(address);
                Assert.Equal((sort, range), (sort, shown.Text(".count")));
                Assert.Equal(ids, Ids(shown));
                Assert.Equal("That place in the list no longer exists. This is the first page.", shown.Text(".results > [role=status]"));
                Assert.Equal($"/tickets?category=billing{(sort == "-created" ? "" : $"&sort={sort}")}",
                    shown.Document.QuerySelector("[data-address]")!.GetAttribute("data-address"));
            }
        }

        async Task SetAsync(Expression<Func<Ticket, bool>> which, Category category)
        {
            await using var db = desk.Database.Open();
            await db.Tickets.Where(which).ExecuteUpdateAsync(t => t.SetProperty(x => x.Category, category), Cancel);
        }
    }

    [Fact]
    public async Task After_a_change_on_a_later_page_the_list_that_is_left_is_counted_right()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        for (var i = 1; i <= 94; i++) await desk.AddTicketAsync($"Ticket {i}", priority: Priority.medium);
        var first = await site.GetAsync("/tickets?priority=medium");
        var second = await site.GetAsync(first.Href("a[rel=next]"));
        using var client = desk.NewClient();
        using (var answer = await client.PostFormAsync(
            first.Href("a[rel=next]"), second.Document.QuerySelector(".selection")!.GetAttribute("action")!,
            ("priority", "critical"), ("further", string.Join(' ', Ids(first).Select(id => $"{id}.1")))))
            second = await site.GetAsync(answer.Headers.Location!.ToString());
        Assert.Equal("1–44 of 44", second.Text(".count"));
        Assert.Empty(second.Texts(".pager a"));
    }

    [Fact]
    public async Task An_address_that_cannot_be_meant_is_explained_and_never_an_error_of_ours()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        await AddManyAsync(desk.Database, 3);
        foreach (var (query, text) in ((string, string)[])
        [
            ("status=nope", "There is no status “nope”. Choose one from the list."),
            ("status=0", "There is no status “0”."),
            ("priority=HIGH", "There is no priority “HIGH”."),
            ("category=open&category=%3Cscript%3E", "There is no category “<script>”."),
            ("sentiment=x", "There is no sentiment “x”."),
            ("sort=title", "There is no sort “title”."),
            ("search=a%00b", "Remove the null character from the search"),
            ($"search={string.Join('+', Enumerable.Range(0, 40))}", "Search for at most 32 terms at once."),
        ])
        {
            var page = await site.GetAsync($"/tickets?{query}");
            Assert.Equal((query, HttpStatusCode.BadRequest), (query, page.Status));
            Assert.Contains(text, page.Text(".problem li"));
        }
        foreach (var cursor in (string[])
            ["x", "0.1.1", "0.9999999999999999999.1.1", "0.1.0.1", "0.1.1.1.1", "-1.1.1.1", "101.1.1.1", "%00", new string('1', 3000)])
        {
            var page = await site.GetAsync($"/tickets?after={cursor}");
            Assert.Equal((cursor, HttpStatusCode.OK), (cursor, page.Status));
            Assert.Equal(3, Ids(page).Count);
            Assert.Single(page.Texts("[role=status]"), "That place in the list no longer exists. This is the first page.");
        }
        Assert.Equal(3, Ids(await site.GetAsync("/tickets?before=0.0.1.1")).Count);
        Assert.Contains("Remove a filter", (await site.GetAsync("/tickets?search=nowhere")).Text(".empty"));
    }

    // Many share a time, an urgency or a category, so that the order within them counts.
    private static async Task<List<Ticket>> AddManyAsync(TestDatabase database, int count)
    {
        var tickets = new List<Ticket>();
        await using var db = database.Open();
        for (var i = 0; i < count; i++)
        {
            // As a word, as a part of one, and only in the description.
            var title = $"{(i % 3 == 0 ? "Export" : i % 3 == 1 ? "Exports" : "Report")} {(i % 2 == 0 ? "of" : "to")} {i}";
            var draft = new NewTicket(title, "Some\n\ntext of the export", (Category)(i % 4), (Priority)(i / 3 % 4), (Status)(i / 5 % 4));
            tickets.Add(TicketLifeCycle.Create(
                draft, new Score((Sentiment)(i / 7 % 4), i % 3 == 0 ? 50 : i % 101),
                new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i * 7 % 40), new Origin("tester", Channel.rest)));
            db.Tickets.Add(tickets[^1]);
            await db.SaveChangesAsync(Cancel);
        }
        return tickets;
    }

    private static List<int> Sorted(IEnumerable<Ticket> tickets, string sort)
    {
        var ascending = tickets.OrderBy(t => sort.TrimStart('-') switch
        {
            "urgency" => t.UrgencyScore,
            "priority" => (int)t.Priority,
            "status" => (int)t.Status,
            "category" => (int)t.Category,
            "match" => (t.Title.StartsWith("Export ", StringComparison.Ordinal) ? 2 : t.Title[0] == 'E' ? 1 : 0)
                + (t.Title.Contains(" of ", StringComparison.Ordinal) ? 2 : 0),
            _ => 0,
        }).ThenBy(t => sort.EndsWith("urgency", StringComparison.Ordinal) ? default : t.CreatedAt).ThenBy(t => t.Id).Select(t => t.Id);
        return [.. sort.StartsWith('-') ? ascending.Reverse() : ascending];
    }

    private static List<int> Ids(Answer page) => [.. page.Texts("tbody .col-id").Select(id => int.Parse(id[1..]))];

    private static int Total(Answer page) => page.Text(".count") is "0 tickets" ? 0 : int.Parse(page.Text(".count").Split(" of ")[1]);
}
