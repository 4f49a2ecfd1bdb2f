using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;

namespace SupportTickets.Tests.Pages;

/// <summary>What a search shows in the list: the places that match, marked, and the best match first when that is asked for.</summary>
public sealed class SearchPageTests
{
    [Theory, Providers]
    public async Task What_matches_is_marked_in_the_title_and_in_a_piece_of_the_description(Provider provider)
    {
        await using var feed = await FeedDesk.StartAsync(provider);
        var desk = feed.Desk;
        var site = new Site(desk);
        var log = string.Concat(Enumerable.Range(0, 20_000).Select(n => $"INFO line {n} für Gäste\n"));
        await desk.AddTicketAsync(
            "Die Straße <b>STRASSE</b>", $"{log}Then the *export* **failed** with error 42 in `worker_a`.\n\n## And\n{log}");
        await desk.AddTicketAsync("Nothing here", "## Hello\n\nThe **error** is <i>error</i> 42, exported twice.");
        await desk.AddTicketAsync("Error of export", "Short");
        foreach (var (search, title, preview) in ((string, string, string)[])
        [
            ("strasse", "Die [Straße] <b>[STRASSE]</b>", "INFO line 0 für Gäste INFO line 1 für Gäste"),
            ("failed", "Die Straße <b>STRASSE</b>", "…line 19999 für Gäste Then the export [failed] with error 42 in worker_a. And INFO"),
            ("\"Error 42\"", "Die Straße <b>STRASSE</b>", "…für Gäste Then the export failed with [error 42] in worker_a. And"),
            ("worker_a gäste", "Die Straße <b>STRASSE</b>", "the export failed with error 42 in [worker_a]. And INFO line 0 für [Gäste]"),
            ("*export*", "Die Straße <b>STRASSE</b>", "19999 für Gäste Then the [*export*] **failed** with error 42"),
            ("twice", "Nothing here", "…The error is <i>error</i> 42, exported [twice]."),
            ("the is", "Nothing here", "Hello [The] error [is] <i>error</i> 42, exported twice."),
            ("short error", "[Error] of export", "[Short]"),
        ])
        {
            feed.Forget();
            var page = await site.GetAsync($"/tickets?search={Uri.EscapeDataString(search)}");
            Assert.Equal((search, title), (search, Marked(page, "tbody .stretch bdi", title)));
            Assert.Contains(preview, Marked(page, "tbody .preview", preview));
            Assert.True(page.Html.Length < 60_000, $"{search}: a page of {page.Html.Length} characters.");
            Assert.All(page.Document.QuerySelectorAll(".preview"), shown => Assert.True(shown.TextContent.Length <= 401));
            Assert.Single(feed.Sql, sql => sql.Contains("search_place", StringComparison.Ordinal));
        }
        // Without a search nothing is marked, and the preview is the first words.
        var all = await site.GetAsync("/tickets");
        Assert.Empty(all.Texts("mark"));
        Assert.Equal("Hello The error is <i>error</i> 42, exported twice.", all.Texts("tbody .preview")[1]);
        Assert.Empty((await site.GetAsync("/tickets?search='")).Texts("mark"));

        // The row that shows what is looked for, with brackets instead of marks.
        static string Marked(Answer page, string selector, string like) => Assert.Single(
            page.Document.QuerySelectorAll(selector).Select(shown => string.Concat(shown.ChildNodes.Select(
                node => node.NodeName == "MARK" ? $"[{node.TextContent}]" : node.TextContent))),
            text => text.Contains(like, StringComparison.Ordinal));
    }

    [Theory, Providers]
    public async Task Best_match_first_is_offered_for_a_search_and_never_the_default(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        string[] titles =
        [
            "Login page", "Cannot login", "Relogins fail", "The page", "Catalogin pages", "Nothing", "LOGIN: page!", "page-login",
        ];
        foreach (var title in titles) await desk.AddTicketAsync(title, "The login page of the desk");

        var page = await site.GetAsync("/tickets?search=login+page");
        Assert.Equal(Enumerable.Reverse(titles), page.Texts("tbody .stretch"));
        Assert.Equal("Newest first", page.Document.QuerySelector(".sort option[selected]")!.TextContent);
        page = await site.PressAsync(page, ".filters button", ("sort", "-match"));
        // Two whole words, then a part of a word each time, the newest first where two are equal.
        string[] best =
        [
            "page-login", "LOGIN: page!", "Login page", "Catalogin pages", "The page", "Cannot login", "Relogins fail", "Nothing",
        ];
        Assert.Equal(best, page.Texts("tbody .stretch"));
        Assert.Equal("Best match first", page.Document.QuerySelector(".sort option[selected]")!.TextContent);
        Assert.Equal(Enumerable.Reverse(best), (await site.GetAsync("/tickets?search=login+page&sort=match")).Texts("tbody .stretch"));

        // The ticket before and after one follow the list, and so does the file.
        var third = await site.GetAsync(page.Document.QuerySelectorAll("tbody .stretch")[2].GetAttribute("href")!);
        Assert.Contains("/tickets/7?", third.Href("[rel=prev]"));
        Assert.Contains("/tickets/5?", third.Href("[rel=next]"));
        var file = await desk.Client.GetStringAsync(
            "/tickets/export.csv?search=login+page&sort=-match", TestContext.Current.CancellationToken);
        Assert.Equal(best, file.Split("\r\n")[1..9].Select(line => line.Split('"')[1]));

        // Without a search there is nothing to match: the chip that ends the search ends the order.
        Assert.Equal("/tickets", page.Href(".chip"));
        foreach (var nothing in (string[])["", "search='&", "search=,&"])
        {
            page = await site.GetAsync($"/tickets?{nothing}sort=-match");
            Assert.Equal((nothing, "Newest first"), (nothing, page.Document.QuerySelector(".sort option[selected]")!.TextContent));
            Assert.Equal(Enumerable.Reverse(titles), page.Texts("tbody .stretch"));
        }
        Assert.Equal("“,”: nothing to search for", page.Text(".chip bdi"));
    }
}
