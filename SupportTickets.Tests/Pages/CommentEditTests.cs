using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>The form that edits a comment on the page of its ticket, in a real browser: no text that is typed into it is lost.</summary>
public sealed class CommentEditTests(Browser browser)
{
    private const string Field = ".comment-edit textarea", Save = ".comment-edit .button:has-text('Save')";

    private const string Edit = ".comment-edit:has(textarea) summary";

    private const string Panel = ".comment-edit [data-sending]", Restored = ".comment-edit [data-restored]:visible";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_text_is_there_after_a_reload_and_when_another_form_was_refused_and_so_is_that_of_the_box()
    {
        await using var desk = await DeskAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await TypeAsync(page);
        await page.ReloadAsync();
        await page.Locator(Restored).WaitForAsync();
        Assert.Equal("What took an hour", await page.InputValueAsync(Field));
        Assert.Empty(await reader.AxeAsync());

        await page.FillAsync("#body", "An answer");
        await page.FillAsync(".add-tag input[name=add]", new string('x', 51));
        await page.ClickAsync(".add-tag button");
        await page.Locator(".write .problem").WaitForAsync();
        await page.Locator(Restored).WaitForAsync();
        Assert.Equal(
            ("What took an hour", "An answer"), (await page.InputValueAsync(Field), await page.InputValueAsync("#body")));

        // What is refused says so where it is typed, and can be sent again.
        await page.FillAsync(Field, " ");
        await page.ClickAsync(Save);
        await page.Locator(".comment-edit .problem:focus", new() { HasText = "Write something first." }).WaitForAsync();
        await page.FillAsync(Field, "What took an hour");
        await page.ClickAsync(Save);
        await ShownAsync(page, "What took an hour");
        Assert.Equal("An answer", await page.InputValueAsync("#body"));
        Assert.Equal("Comment changed.", await page.InnerTextAsync("[data-outcome]"));

        await page.ReloadAsync();
        await page.LoadedAsync();
        Assert.Equal(0, await page.Locator(Restored).CountAsync());
        await page.ClickAsync(Edit);
        await page.FillAsync(Field, "Another");
        await page.ReloadAsync();
        await page.ClickAsync(".comment-edit [data-discard]");
        Assert.Equal("What took an hour", await page.InputValueAsync(Field));
        await page.ReloadAsync();
        await page.LoadedAsync();
        Assert.Equal(0, await page.Locator(Restored).CountAsync());
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task It_is_sent_again_when_the_connection_is_back()
    {
        await using var desk = await DeskAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await TypeAsync(page);
        await page.Context.SetOfflineAsync(true);
        await page.ClickAsync(Save);
        await page.Locator(Panel, new() { HasText = "There is no connection." }).WaitForAsync();
        await page.Context.SetOfflineAsync(false);
        await ShownAsync(page, "What took an hour");
        Assert.All(reader.Complaints, complaint => Assert.Contains("net::ERR_", complaint));
    }

    [Fact]
    public async Task Who_was_signed_out_meanwhile_signs_in_and_tries_again()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        await desk.AddTicketAsync();
        await desk.AddCommentAsync(1, "Frist", by: ada);
        await using var reader = await browser.OpenAsync(desk.Address);
        var (page, tab) = (reader.Page, await reader.Page.Context.NewPageAsync());
        await page.SignInAsync(ada, "/tickets/1");
        await TypeAsync(page);
        await page.Context.ClearCookiesAsync();
        await page.ClickAsync(Save);
        await page.Locator(Panel, new() { HasText = "You are not signed in any more" }).WaitForAsync();
        Assert.Equal("What took an hour", await page.InputValueAsync(Field));
        await tab.SignInAsync(ada, "/tickets/1");
        Assert.Equal("What took an hour", await tab.InputValueAsync(Field));
        await page.ClickAsync($"{Panel} [data-try]");
        await ShownAsync(page, "What took an hour");
    }

    [Fact]
    public async Task A_draft_does_not_overwrite_a_later_change_and_one_that_comes_too_late_stays_to_be_copied()
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await DeskAsync(clock);
        await using var reader = await browser.OpenAsync(desk.Address);
        await using var other = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await TypeAsync(page);
        await page.GotoAsync("/tickets");
        await TypeAsync(other.Page, "First");
        await other.Page.ClickAsync(Save);
        await ShownAsync(other.Page, "First");
        await page.GotoAsync("/tickets/1");
        await page.Locator(Restored).WaitForAsync();
        await page.ClickAsync(Save);
        await page.Locator(".comment-edit .problem:focus", new() { HasText = "The comment was changed meanwhile." }).WaitForAsync();
        Assert.Equal("What took an hour", await page.InputValueAsync(Field));
        await page.ReloadAsync();
        await page.ClickAsync(Save);
        await ShownAsync(page, "What took an hour");

        await page.ClickAsync(Edit);
        await page.FillAsync(Field, "Too late");
        clock.Advance(Comment.EditTime);
        await page.ClickAsync(Save);
        await page.Locator(Panel, new() { HasText = "A comment can be edited for 15 minutes" }).WaitForAsync();
        Assert.Equal("Too late", await page.InputValueAsync(Field));
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".comment textarea[readonly]")).ToHaveValueAsync("Too late");
        Assert.Empty(await reader.AxeAsync());
        await page.ClickAsync("[id^=comment-] .link:has-text('Discard')");
        await page.ReloadAsync();
        await page.LoadedAsync();
        Assert.Equal(0, await page.Locator(".comment textarea").CountAsync());
        await using var db = desk.Database.Open();
        Assert.Equal("What took an hour", await db.Comments.Select(c => c.Body).SingleAsync(Cancel));
        Assert.Empty(reader.Complaints);
    }

    private static async Task<Desk> DeskAsync(ManualClock? clock = null)
    {
        var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        await desk.AddTicketAsync();
        await desk.AddCommentAsync(1, "Frist");
        return desk;
    }

    private static async Task TypeAsync(IPage page, string text = "What took an hour")
    {
        await page.GotoAsync("/tickets/1");
        await page.LoadedAsync();
        await page.ClickAsync(Edit);
        await page.FillAsync(Field, text);
    }

    private static Task ShownAsync(IPage page, string text) =>
        page.Locator("[id^=comment-] .text", new() { HasText = text }).WaitForAsync();
}
