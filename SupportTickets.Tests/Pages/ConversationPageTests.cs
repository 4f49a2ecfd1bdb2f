using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

public sealed class ConversationPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Replies_and_notes_are_written_and_told_apart_and_do_with_the_ticket_what_the_button_says(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Bob"));
        using var client = await desk.SignedInAsync(ada);
        var site = new Site(desk, client);
        var id = (await desk.AddTicketAsync()).Id;
        await desk.AddRequesterAsync(id, "Rita Requester", "rita@example.com");
        await desk.AddCommentAsync(id, "It still burns.", requester: "Rita Requester");

        var page = await site.GetAsync($"/tickets/{id}");
        Assert.Contains("Rita Requester waits for an answer", page.Texts(".ticket-head .meta span"));
        page = await NextAsync(await site.PressAsync(page, ".for-reply .primary", ("body", "Is it **out**?")));
        Assert.Equal("Replied.", page.Text("[data-outcome]"));
        Assert.DoesNotContain("Rita Requester waits for an answer", page.Texts(".ticket-head .meta span"));
        page = await NextAsync(await WriteNoteAsync(page, ".for-note .primary", ("body", "She is upset.")));
        page = await NextAsync(await WriteNoteAsync(
            page, "[value=assign]", ("body", "Please take over, Bob."), ("assign", $"{bob.Id}")));
        page = await NextAsync(await site.PressAsync(page, "[data-send=resolve]", ("body", "> Is it out?\n\nYes.")));
        Assert.Equal(
            ["Rita Requester requester", "Ada", "Ada Internal", "Ada Internal", "Ada"],
            page.Document.QuerySelectorAll("[id^=comment-] .comment-head").Select(head =>
                string.Join(' ', head.QuerySelectorAll("strong, .mark, .meta:not(time)").Select(e => e.TextContent.Trim()))));
        Assert.Equal(["She is upset.", "Please take over, Bob."], page.Texts(".comment.note .text"));
        Assert.Equal("out", page.Text("[id^=comment-] strong:not(.comment-head strong)"));
        await using var db = desk.Database.Open();
        var ticket = await db.Tickets.SingleAsync(Cancel);
        Assert.Equal((Status.resolved, (int?)bob.Id), (ticket.Status, ticket.AssigneeId));
        Assert.NotNull(ticket.FirstReplyAt);
        Assert.Equal([false, false, true, true, false], await db.Comments.OrderBy(c => c.Id).Select(c => c.IsInternal).ToListAsync(Cancel));

        async Task<Answer> NextAsync(Answer sent)
        {
            Assert.Equal(HttpStatusCode.Redirect, sent.Status);
            Assert.StartsWith($"/tickets/{id}#comment-", sent.Location);
            return await site.GetAsync(sent.Location!);
        }

        Task<Answer> WriteNoteAsync(Answer on, string button, params (string, string)[] fields)
        {
            ((IHtmlInputElement)on.Document.QuerySelector("#kind-reply")!).IsChecked = false;
            ((IHtmlInputElement)on.Document.QuerySelector("#kind-note")!).IsChecked = true;
            return site.PressAsync(on, button, fields);
        }
    }

    [Fact]
    public async Task What_cannot_be_a_comment_is_refused_at_the_field_and_the_text_is_kept()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync()).Id;
        var page = await site.GetAsync($"/tickets/{id}");
        foreach (var (body, error) in new[]
        {
            ("  ", "Error: Write something first."),
            (
                new string('ü', 500_001),
                "Error: Shorten the text: a comment has at most 1,000,000 bytes. A long log is better attached as a file."),
        })
        {
            var refused = await site.PressAsync(page, "[data-send=resolve]", ("body", body));
            Assert.Equal((HttpStatusCode.UnprocessableEntity, error), (refused.Status, refused.Text("#body-error")));
            Assert.Equal((body, page.Value("key")), (refused.Value("body"), refused.Value("key")));
        }
        var ticket = Assert.Single(await desk.TicketsAsync());
        Assert.Equal((Status.open, 1), (ticket.Status, ticket.Events.Count));

        // What is previewed is not stored, and what was sent stays sent once.
        var preview = await site.PressAsync(page, "[data-preview-button]", ("body", "# A **word**"));
        Assert.Equal(("A word", "# A **word**"), (preview.Text(".preview-box .text"), preview.Value("body")));
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(page, "[data-send=reply]", ("body", "Once"))).Status);
        var other = await site.PressAsync(page, "[data-send=reply]", ("body", "Other"));
        Assert.Equal(("Other", 422), (((IHtmlTextAreaElement)other.Document.QuerySelector("#body")!).Value, (int)other.Status));
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(other, "[data-send=reply]")).Status);
        await using var db = desk.Database.Open();
        Assert.Equal(["Once", "Other"], await db.Comments.OrderBy(c => c.Id).Select(c => c.Body).ToListAsync(Cancel));
    }

    [Theory, Providers]
    public async Task A_form_whose_ticket_was_deleted_is_gone_and_shows_what_was_typed(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        using var client = await desk.SignedInAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var site = new Site(desk, client);
        var id = (await desk.AddTicketAsync()).Id;
        await site.PressAsync(await site.GetAsync($"/tickets/{id}"), "[data-send=reply]", ("body", "A reply"));
        var (page, form) = (await site.GetAsync($"/tickets/{id}"), await site.GetAsync($"/tickets/{id}/edit"));
        using (await client.DeleteAsync($"/odata/Tickets({id})", Cancel)) { }
        foreach (var (on, button, name, text) in (ValueTuple<Answer, string, string, string>[])
        [
            (page, "[data-send=reply]", "body", "My <answer>"), (page, "[data-preview-button]", "body", "My <answer>\nin two lines"),
            (page, ".comment-edit:first-of-type button", "body", "My <correction>"), (page, ".add-tag button", "add", "My <tag>"),
            (form, ".primary", "description", "My <text>"),
        ])
        {
            var gone = await site.PressAsync(on, button, (name, text));
            Assert.Equal((button, HttpStatusCode.Gone), (button, gone.Status));
            Assert.Contains(text, gone.Document.QuerySelectorAll("[id^=kept]").Cast<IHtmlTextAreaElement>().Select(kept => kept.Value));
        }
        var nothing = await site.PressAsync(page, "button[value=resolved]");
        Assert.Equal((HttpStatusCode.Gone, "Nothing was sent."), (nothing.Status, nothing.Text("[data-message]")));
    }

    [Theory, Providers]
    public async Task An_edit_of_a_comment_that_comes_too_late_shows_what_was_typed(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        using var client = await desk.SignedInAsync(await desk.AddPersonAsync(Role.agent, "Ada"));
        var site = new Site(desk, client);
        var id = (await desk.AddTicketAsync()).Id;
        await site.PressAsync(await site.GetAsync($"/tickets/{id}"), "[data-send=reply]", ("body", "Frist"));
        var page = await site.GetAsync($"/tickets/{id}");
        clock.Advance(Comment.EditTime);
        var refused = await site.PressAsync(page, ".comment-edit button", ("body", "First"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.StartsWith("A comment can be edited for 15 minutes", refused.Text(".write .problem p"));
        Assert.Equal("First", ((IHtmlTextAreaElement)refused.Document.QuerySelector("#unsaved")!).Value);

        await using (var db = desk.Database.Open()) await db.Comments.ExecuteDeleteAsync(Cancel);
        refused = await site.PressAsync(page, ".comment-edit button", ("body", "First"));
        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
        Assert.Equal("First", ((IHtmlTextAreaElement)refused.Document.QuerySelector("#unsaved")!).Value);
    }

    [Theory, Providers]
    public async Task Tags_are_added_and_taken_away_with_undo_and_comments_edited_and_deleted(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        using var client = await desk.SignedInAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var site = new Site(desk, client);
        var id = (await desk.AddTicketAsync()).Id;
        var page = await site.GetAsync($"/tickets/{id}");
        page = await AgainAsync(await site.PressAsync(page, ".add-tag button", ("add", "Printer, fire ,printer")));
        Assert.Equal(["fire", "Printer"], page.Texts(".tag a").Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("The tags “\u2068Printer\u2069”, “\u2068fire\u2069” were added. Undo", page.Text("[data-outcome]"));
        var again = await AgainAsync(await site.PressAsync(page, ".add-tag button", ("add", "FIRE")));
        Assert.Equal("The tags are as they were.", again.Text("[data-outcome]"));
        page = await AgainAsync(await site.PressAsync(page, "[aria-label='Remove the tag fire']"));
        Assert.Equal(("The tag “\u2068fire\u2069” was removed. Undo", "Printer"), (page.Text("[data-outcome]"), page.Text(".tag a")));
        page = await AgainAsync(await site.PressAsync(page, "[data-outcome] button"));
        Assert.Equal(2, page.Texts(".tag a").Count);
        var refused = await site.PressAsync(page, ".add-tag button", ("add", new string('x', 51)));
        Assert.Equal("Shorten the tag to 50 characters or fewer.", refused.Text(".write .problem p"));

        page = await AgainAsync(await site.PressAsync(page, "[data-send=reply]", ("body", "Frist")));
        page = await AgainAsync(await site.PressAsync(page, ".comment-edit:first-of-type button", ("body", "First")));
        Assert.Equal(("First", "Comment changed."), (page.Text("[id^=comment-] .text"), page.Text("[data-outcome]")));
        Assert.Contains("edited", page.Text("[id^=comment-] .comment-head"));
        page = await AgainAsync(await site.PressAsync(page, ".comment-edit .danger"));
        Assert.Empty(page.Texts("[id^=comment-]"));
        Assert.Equal(
            "Root added the tags Printer, fire, wrote a reply that was deleted since and deleted a reply",
            page.Texts(".timeline .event")[^1].Replace("\u2068", "").Replace("\u2069", ""));

        async Task<Answer> AgainAsync(Answer sent)
        {
            Assert.Equal(HttpStatusCode.Redirect, sent.Status);
            return await site.GetAsync(sent.Location!);
        }
    }

    [Fact]
    public async Task A_comment_is_changed_on_the_page_of_its_ticket_only()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        using var client = await desk.SignedInAsync(Role.admin);
        var (own, other) = ((await desk.AddTicketAsync()).Id, (await desk.AddTicketAsync()).Id);
        await desk.AddCommentAsync(own, "A reply");
        foreach (var handler in (string[])["EditComment", "DeleteComment"])
        {
            using var answer = await client.PostFormAsync(
                $"/tickets/{other}", $"/tickets/{other}?handler={handler}", ("comment", "1"), ("version", "1"), ("body", "Changed"));
            Assert.Equal((handler, HttpStatusCode.NotFound), (handler, answer.StatusCode));
        }
        await using var db = desk.Database.Open();
        Assert.Equal("A reply", (await db.Comments.SingleAsync(Cancel)).Body);
    }

    [Theory, Providers]
    public async Task The_tickets_before_and_after_are_those_of_the_list_and_the_way_back_leads_to_it(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        for (var i = 1; i <= 6; i++)
            await desk.AddTicketAsync($"Ticket {i}", priority: i % 2 == 0 ? Priority.high : Priority.low);
        foreach (var sort in new[] { "", "&sort=priority", "&sort=-urgency", "&sort=status" })
        {
            var list = await site.GetAsync($"/tickets?priority=high{sort}");
            var ids = list.Document.QuerySelectorAll("a.stretch").Select(a => a.GetAttribute("href")!).ToList();
            Assert.Equal(3, ids.Count);
            var page = await site.GetAsync(ids[1]);
            Assert.Equal((ids[0], ids[2]), (page.Href("[rel=prev]"), page.Href("[rel=next]")));
            Assert.Equal($"/tickets?priority=high{sort}", page.Href("[data-back]"));
            Assert.Null((await site.GetAsync(ids[0])).Document.QuerySelector("[rel=prev]"));
            Assert.Null((await site.GetAsync(ids[2])).Document.QuerySelector("[rel=next]"));
        }
        // It stays in its place when it is no longer in the list.
        var open = await site.GetAsync("/tickets/4?list=status%3Dopen");
        var resolved = await site.GetAsync((await site.PressAsync(open, "button[value=resolved]")).Location!);
        Assert.Equal(
            ("/tickets/5?list=status%3Dopen", "/tickets/3?list=status%3Dopen"), (resolved.Href("[rel=prev]"), resolved.Href("[rel=next]")));
        // A list that cannot be shown, or is none, is no obstacle.
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/tickets/4?list=status%3Dnope")).Status);
    }

    [Fact]
    public async Task Long_texts_are_folded_and_very_long_ones_can_be_read_whole()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var log = string.Join('\n', Enumerable.Range(1, 10_000).Select(i => $"line {i}"));
        var id = (await desk.AddTicketAsync("A log", log)).Id;
        await desk.AddCommentAsync(id, log);
        var page = await site.GetAsync($"/tickets/{id}");
        Assert.Equal(2, page.Document.QuerySelectorAll(".unfold + .folded").Length);
        Assert.True(page.Html.Length < 250_000);
        Assert.Equal(log, await desk.Client.GetStringAsync(page.Href($"[href$='.txt']"), Cancel));
        foreach (var address in (string[])["/tickets/1/comments/2.txt", "/tickets/2/comments/1.txt", "/tickets/2/description.txt"])
        {
            using var answer = await desk.Client.GetAsync(address, Cancel);
            Assert.Equal((address, HttpStatusCode.NotFound), (address, answer.StatusCode));
        }
    }
}
