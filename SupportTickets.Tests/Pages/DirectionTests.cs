using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tests.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Text that runs from right to left, or that would turn the text after it, changes nothing beside it on any page.</summary>
public sealed class DirectionTests
{
    // Where a text stands by itself: the rest of the line keeps its direction.
    private const string Apart = "bdi, [dir], option, textarea";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_character_that_turns_text_is_seen_in_every_title_and_turns_nothing()
    {
        const string title = "invoice \u202Efdp.exe", shown = "invoice [U+202E]fdp.exe"; // would be read as "invoice exe.pdf"
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var ada = await desk.AddRequesterAsync("Ada");
        foreach (var text in (string[])[title, title]) await desk.AddTicketAsync(ada, text);
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteUpdateAsync(t => t.SetProperty(x => x.Description, $"A {title}"), Cancel);
        var changed = await site.PressAsync(await site.GetAsync("/tickets/1/edit"), ".actions .primary", ("title", $"An {title}"));
        await site.GetAsync(changed.Location!);
        var conflict = await site.PressAsync(
            await site.GetAsync("/tickets/2/edit"), ".actions .primary", ("was-title", "other"), ("title", "mine"));
        var pages = new List<(string Name, Answer Page)> { ("conflict", conflict) };
        var search = $"/tickets?search={Uri.EscapeDataString(title)}";
        foreach (var path in (string[])["/", "/tickets", search, "/tickets?search=%231", "/tickets/1", "/tickets/2", "/requesters/1"])
            pages.Add((path, await site.GetAsync(path)));
        foreach (var (name, page) in pages)
        {
            Assert.True(TextsWith(page, shown).Any(), name);
            // The description is a block of its own, in which everything stands as it was written.
            var texts = TextsWith(page, "\u202E")
                .Where(text => Closest(text, ".text, textarea") is null || Closest(text, ".saved") is not null);
            Assert.Equal((name, ""), (name, string.Join('\n', texts.Select(text => text.Text))));
            var attributes = page.Document.All.SelectMany(element => element.Attributes)
                .Where(a => a.Name is "aria-label" or "title" or "alt" && a.Value.Contains('\u202E'));
            Assert.Equal((name, ""), (name, string.Join('\n', attributes.Select(a => a.Value))));
        }
    }

    [Fact]
    public async Task A_name_from_right_to_left_stands_apart_on_every_page()
    {
        const string name = "علی";
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var admin = await desk.AddPersonAsync(Role.admin, name);
        var requester = await desk.AddRequesterAsync(name, name);
        await desk.AddRequesterAsync("Ada");
        var ticket = (await desk.AddTicketAsync(requester, name)).Id;
        await desk.AddTicketAsync(requester, name);
        await desk.AddCommentAsync(ticket, "A reply", by: admin);
        await desk.TagAsync(ticket, name);
        await desk.AddTokenAsync(admin);
        var site = await desk.SiteAsync(admin);
        var page = await site.GetAsync($"/tickets/{ticket}");
        await site.PressAsync(page, ".ticket-head [data-key=a]");
        await site.PressAsync(await site.GetAsync("/tickets?status=open"), ".save-view button", ("view", name));
        await site.PressAsync(await site.GetAsync("/settings/tokens"), "[data-new-token] button", ("name", name));
        var tag = Uri.EscapeDataString(name);
        foreach (var path in (string[])
        [
            "/settings/tokens", "/settings/tokens", "/", "/tickets", $"/tickets?assignee={admin.Id}&requester=1&tag={tag}&search={tag}",
            "/tickets?search=1", $"/tickets/{ticket}", $"/tickets/{ticket}/edit", "/requesters", "/requesters/1", "/requesters/1/delete",
            "/requesters/1/merge?requesterEmail=ada@example.com", "/settings/account", "/settings/views", "/settings/tags",
            "/settings/users", $"/settings/users/{admin.Id}", "/settings/audit",
        ])
        {
            page = await site.GetAsync(path);
            var texts = TextsWith(page, name).Where(text => Closest(text, "title") is null).ToList();
            Assert.True(texts.Count > 0, path);
            Assert.Equal((path, ""), (path, string.Join('\n', texts
                .Where(text => Closest(text, Apart) is null && !text.Text.Contains($"\u2068{name}\u2069", StringComparison.Ordinal))
                .Select(text => $"{text.ParentElement!.OuterHtml}"))));
        }
    }

    private static IEnumerable<IText> TextsWith(Answer page, string part) =>
        page.Document.Descendants<IText>().Where(text => text.Text.Contains(part, StringComparison.Ordinal));

    private static IElement? Closest(IText text, string selector) => text.ParentElement?.Closest(selector);
}
