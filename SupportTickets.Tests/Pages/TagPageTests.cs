using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Tests.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

public sealed class TagPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task An_admin_renames_merges_and_deletes_tags(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        foreach (var tags in (string[][])[["bug", "vip"], ["bugs", "bug"], ["bugs"]])
            await desk.TagAsync((await desk.AddTicketAsync()).Id, tags);
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        using var agent = await desk.SignedInAsync(Role.agent);
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.GetAsync("/settings/tags", Cancel)).StatusCode);
        Assert.DoesNotContain("/settings/tags", await agent.GetStringAsync("/settings/account", Cancel));

        var page = await site.GetAsync("/settings/tags");
        Assert.Equal(["bug 2 tickets", "bugs 2 tickets", "vip 1 ticket"], Rows(page));
        var taken = await site.PressAsync(page, Button("vip", "Rename"), ("name", "BUGS"));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "There is a tag with this name already: merge the two instead.", "BUGS"),
            (taken.Status, taken.Text(".problem li"), taken.Document.QuerySelector<IHtmlInputElement>("#name")!.Value));
        Assert.Equal("Enter a name without a comma.",
            (await site.PressAsync(page, Button("vip", "Rename"), ("name", "a,b"))).Text(".problem li"));
        await site.PressAsync(page, Button("vip", "Rename"), ("name", "VIP <b>"));
        Assert.Equal(HttpStatusCode.Conflict, (await site.PressAsync(page, Button("vip", "Rename"), ("name", "late"))).Status);
        Assert.Equal("There is no tag of this name. Choose one from the list.",
            (await site.PressAsync(page, Button("bugs", "Merge"), ("into", "nothing"))).Text(".problem li"));
        Assert.Equal("Choose another tag: this is the same one.",
            (await site.PressAsync(page, Button("bugs", "Merge"), ("into", "Bugs"))).Text(".problem li"));
        var merged = await site.PressAsync(page, Button("bugs", "Merge"), ("into", "BUG"));
        Assert.Equal("All tickets of the tag have “\u2068bug\u2069” now.", (await site.GetAsync(merged.Location!)).Text(".outcome"));
        page = await site.GetAsync("/settings/tags");
        Assert.Equal(["bug 3 tickets", "VIP <b> 1 ticket"], Rows(page));
        Assert.Equal("/tickets?tag=VIP%20%3Cb%3E", page.Href("li:last-child a"));
        Assert.Equal("Delete “bug”, which 3 tickets have", page.Texts("button.danger")[0]);
        await site.PressAsync(page, Button("bug", "Delete"));
        Assert.Equal(["VIP <b> 1 ticket"], Rows(await site.GetAsync("/settings/tags")));
        await using var db = desk.Database.Open();
        Assert.Equal(
            ["tag_changed vip to VIP <b>", "tag_changed bugs into bug", "tag_deleted bug"],
            (await db.AccessLog.Where(e => e.Act >= AccessAction.tag_changed).OrderBy(e => e.Id).ToListAsync(Cancel))
                .Select(e => $"{e.Act} {e.About}"));

        static IEnumerable<string> Rows(Answer page) =>
            page.Texts("[data-tag-list] li strong").Zip(page.Texts("[data-tag-list] li .meta"), (name, count) => $"{name} {count}");
        static string Button(string tag, string what) => $"[data-tag-list] details:has([aria-label='{what} {tag}']) button";
    }

    [Theory, Providers]
    public async Task No_ticket_loses_its_tag_and_nothing_fails_while_tags_are_merged_and_deleted(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        foreach (var tags in (string[][])[["bug"], ["bugs"], ["gone"]]) await desk.TagAsync((await desk.AddTicketAsync()).Id, tags);
        var tickets = new List<int>();
        for (var i = 0; i < 30; i++) tickets.Add((await desk.AddTicketAsync()).Id);
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        using var client = desk.ClientWith(await desk.AddTokenAsync(Role.agent));
        var page = await site.GetAsync("/settings/tags");
        var tagged = Task.WhenAll(tickets.Select(async id =>
        {
            using var answer = await client.PostAsync(
                $"/odata/Tickets({id})/AddTags", new StringContent("""{"Tags":["bugs","gone"]}""", null, "application/json"), Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }));
        var changed = await Task.WhenAll(
            site.PressAsync(page, "[data-tag-list] [aria-label='Merge bugs'] ~ form button", ("into", "bug")),
            site.PressAsync(page, "[data-tag-list] [aria-label='Merge bugs'] ~ form button", ("into", "bug")),
            site.PressAsync(page, "[data-tag-list] [aria-label='Delete gone'] ~ form button"));
        await tagged;
        Assert.Equal(
            [HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.NotFound],
            changed.OrderBy(answer => answer.Status).Select(answer => answer.Status));
        await using var db = desk.Database.Open();
        // Those that came late have a new tag of the old name.
        Assert.Equal(30, await db.TicketTags.CountAsync(t => tickets.Contains(t.TicketId) && t.Tag!.Name != "gone", Cancel));
    }

    [Theory, Providers]
    public async Task The_list_the_files_and_views_are_filtered_by_all_tags_of_the_address(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        foreach (var tags in (string[][])[["a&b"], ["a&b", "VIP"], ["vip"], []])
            await desk.TagAsync((await desk.AddTicketAsync($"With {string.Join(' ', tags)}")).Id, tags);
        var site = new Site(desk);
        Assert.Equal(["With a&b VIP", "With a&b"], (await site.GetAsync("/tickets?tag=A%26B")).Texts(".stretch"));
        var both = await site.GetAsync("/tickets?tag=a%26b&tag=vip&tag=&tag=VIP");
        Assert.Equal(["With a&b VIP"], both.Texts(".stretch"));
        Assert.Equal(["Tag: a&b", "Tag: vip"], both.Texts(".chip bdi"));
        var without = both.Document.QuerySelectorAll(".chip").Select(chip => chip.GetAttribute("href"));
        Assert.Equal(["/tickets?tag=vip", "/tickets?tag=a%26b"], without);
        // With a comma between them, as they are typed everywhere.
        Assert.Equal(["Tag: a&b", "Tag: vip"], (await site.GetAsync("/tickets?tag=a%26b,+vip,")).Texts(".chip bdi"));
        Assert.Equal(["a&b", "vip"], both.Document.QuerySelectorAll("[type=hidden][name=tag]").Select(tag => tag.GetAttribute("value")));
        var file = await desk.Client.GetStringAsync(both.Href(".exports a"), Cancel);
        Assert.Contains("With a&b VIP", file);
        Assert.DoesNotContain("With vip", file);
        Assert.StartsWith("No ticket matches.", (await site.GetAsync("/tickets?tag=none")).Text(".empty"));
        var next = await site.GetAsync("/tickets/3?list=tag%3Dvip");
        Assert.Contains("/tickets/2", next.Href("[rel=next]"));
        foreach (var (address, says) in (ValueTuple<string, string>[])
            [("tag=a%2Cb%E2%80%8Bc", "Remove what does not show from the tag"), ($"tag={new string('t', 51)}", "Shorten the tag"),
                ("requester=me", "There is no requester “me”")])
        {
            var wrong = await site.GetAsync($"/tickets?{address}");
            Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
            Assert.StartsWith(says, wrong.Text(".problem li"));
        }
    }

    [Theory, Providers]
    public async Task Tags_of_many_tickets_are_changed_and_what_is_refused_is_said(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        for (var n = 0; n < 4; n++) await desk.AddTicketAsync();
        await desk.TagAsync(1, "old");
        await desk.TagAsync(2, [.. Enumerable.Range(0, TagValidator.MaxTags).Select(n => $"tag {n}")]);
        await desk.TagAsync(4, "new", "other");
        var site = new Site(desk);
        var page = Checked(await site.GetAsync("/tickets"), 1, 2, 3, 4);
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id == 3).ExecuteDeleteAsync(Cancel);
        var done = await site.PressAsync(page, ".selection button", ("addTag", " new , other"), ("removeTag", "OLD"));
        Assert.Equal((HttpStatusCode.Redirect, "/tickets"), (done.Status, done.Location));
        page = await site.GetAsync("/tickets");
        Assert.Equal("1 ticket changed. 1 ticket was that way already. 2 tickets were not changed:", page.Text(".outcome p"));
        Assert.Equal(
            ["#3 is not there any more.", "#2 would have more than 20 tags. Remove some of it first."],
            page.Texts(".outcome li").OrderDescending());
        Assert.Equal(["new", "other"], await desk.TagsAsync(1));

        // With a field: each ticket counts once, and one whose fields were refused gets no tags.
        page = Checked(await site.GetAsync("/tickets"), 1, 4);
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id == 4).ExecuteUpdateAsync(t => t.SetProperty(x => x.Version, 9), Cancel);
        await site.PressAsync(page, ".selection button", ("addTag", "third"), ("status", "closed"));
        page = await site.GetAsync("/tickets");
        Assert.Equal("1 ticket changed. 1 ticket was not changed:", page.Text(".outcome p"));
        Assert.Equal(["new", "other", "third"], await desk.TagsAsync(1));
        Assert.Equal(["new", "other"], await desk.TagsAsync(4));

        var refused = await site.PressAsync(Checked(page, 1), ".selection button", ("addTag", new string('t', 51)), ("status", "open"));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "Shorten the tag to 50 characters or fewer."), (refused.Status, refused.Text(".problem li")));
        Assert.Equal(new string('t', 51), refused.Value("addTag"));
        refused = await site.PressAsync(await site.GetAsync("/tickets"), ".selection button", ("addTag", "x"));
        Assert.Equal("Select at least one ticket.", refused.Text(".problem li"));
        Assert.Equal(Status.closed, (await desk.TicketsAsync())[0].Status);
    }

    private static Answer Checked(Answer page, params int[] ids)
    {
        foreach (var box in page.Document.QuerySelectorAll<IHtmlInputElement>("[name=ticket]"))
            box.IsChecked = ids.Any(id => box.Value.StartsWith($"{id}.", StringComparison.Ordinal));
        return page;
    }
}
