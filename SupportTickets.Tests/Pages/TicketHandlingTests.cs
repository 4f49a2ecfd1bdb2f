using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>What the page of a ticket answers to each hand movement, in a real browser: where the focus is, and what is said.</summary>
public sealed class TicketHandlingTests(Browser browser)
{
    private const string Said = "[data-said]", Hint = "[data-fact-hint]", Panel = "[data-sending-text]:visible", Preview = "[data-preview]";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_tag_the_next_one_is_typed_and_each_small_form_gives_the_focus_back()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.SignInAsync(await desk.AddPersonAsync(Role.agent, "Ada"), "/tickets/1");
        await page.Keyboard.PressAsync("t");
        foreach (var tag in (string[])["maker", "kayak"])
        {
            await page.Keyboard.TypeAsync(tag);
            await page.Keyboard.PressAsync("Enter");
            await SaysAsync(page, $"The tag “\u2068{tag}\u2069” was added. Undo");
            await Assertions.Expect(page.Locator("#add-tag")).ToBeFocusedAsync();
        }
        await page.Keyboard.TypeAsync("fire");
        await page.ClickAsync(".add-tag button");
        await SaysAsync(page, "The tag “\u2068fire\u2069” was added. Undo");
        await Assertions.Expect(page.Locator("#add-tag")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("fire");
        await page.Keyboard.PressAsync("Enter");
        await SaysAsync(page, "The tags are as they were.");
        await Assertions.Expect(page.Locator("#add-tag")).ToBeFocusedAsync();

        // What was pressed may be gone: then what is said about it has the focus.
        await page.Locator("[aria-label='Remove the tag kayak']").PressAsync("Enter");
        await SaysAsync(page, "The tag “\u2068kayak\u2069” was removed. Undo");
        await Assertions.Expect(page.Locator("[data-outcome]")).ToBeFocusedAsync();
        var ticket = Assert.Single(await desk.TicketsAsync());
        Assert.Equal((null, Status.open), (ticket.AssigneeId, ticket.Status));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task A_field_is_saved_with_the_keyboard_when_it_is_chosen_and_not_on_the_way()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var (page, keys) = (reader.Page, reader.Page.Keyboard);
        await page.GotoAsync("/tickets/1");
        await page.LoadedAsync();
        await keys.PressAsync("s");
        await keys.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator(Hint)).ToHaveTextAsync("Enter saves it. Escape goes back to Open.");
        Assert.Empty(await reader.AxeAsync());
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");
        await SaysAsync(page, "Saved: resolved. Undo");
        await Assertions.Expect(page.Locator("#status")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(Hint)).ToHaveCountAsync(0);

        // Back to the old value, by Escape and by the arrows.
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#status")).ToHaveValueAsync("resolved");
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("ArrowUp");
        await Assertions.Expect(page.Locator(Hint)).ToHaveCountAsync(0);

        // Leaving the field saves it too, and the focus goes where it was sent.
        await keys.PressAsync("Tab");
        await Assertions.Expect(page.Locator("#priority")).ToBeFocusedAsync();
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Tab");
        await SaysAsync(page, "Saved: priority medium. Undo");
        await Assertions.Expect(page.Locator("#category")).ToBeFocusedAsync();
        // With the pointer at once.
        await page.SelectOptionAsync("#category", "billing");
        await SaysAsync(page, "Saved: category billing. Undo");

        await using var db = desk.Database.Open();
        Assert.Equal(
            ["status resolved", "priority medium", "category billing"],
            (await db.TicketEvents.Where(e => e.OldValue != null).OrderBy(e => e.Id).ToListAsync(Cancel))
                .Select(e => $"{e.Field} {e.NewValue}"));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task Who_sends_during_an_upload_sees_that_it_waits_and_can_stop_that()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        var uploads = await HeldUploads.OfAsync(page);
        await page.GotoAsync("/tickets/1");
        await page.LoadedAsync();
        await page.FillAsync("#body", "Look");
        await page.SetInputFilesAsync("[data-attach] [type=file]", File([1]));
        Assert.Equal("1 byte", await page.InnerTextAsync("[data-attach-file] .meta"));
        var upload = await uploads.NextAsync();
        await page.ClickAsync("[data-preview-button]");
        await Assertions.Expect(page.Locator($"{Preview} .text")).ToHaveTextAsync("Look");
        await page.ClickAsync("[data-send=reply]");
        await Assertions.Expect(page.Locator(Panel)).ToHaveTextAsync("It is sent as soon as the files are uploaded.");
        await page.Locator("[data-comment][inert]").WaitForAsync();
        Assert.Empty(await reader.AxeAsync());
        await page.ClickAsync("[data-stop]");
        await Assertions.Expect(page.Locator(Panel)).ToHaveTextAsync("Stopped. Nothing was sent.");
        await Assertions.Expect(page.Locator("#body")).ToBeFocusedAsync();
        await page.FillAsync("#body", "Look here");
        await page.ClickAsync("[data-send=reply]");
        await upload.ContinueAsync();
        await page.Locator(".comment .attached li").WaitForAsync();
        Assert.Equal("Look here", await page.InnerTextAsync("[id^=comment-] .text"));
        // "No file chosen" would stand under the file that was.
        Assert.Equal("0px", await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('[type=file]')).fontSize"));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task Cancel_discards_an_edit_Escape_keeps_it_and_says_so_and_Ctrl_Enter_saves_it()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync("The title", "The text");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets/1");
        await page.ClickAsync("[data-edit]");
        await page.FillAsync("#description", "Nothing for me");
        await page.ClickAsync("#opening [data-leave]");
        await Assertions.Expect(page.Locator("[data-news]")).ToHaveTextAsync("Your changes were discarded. Undo");
        Assert.Empty(await reader.AxeAsync());
        await page.ClickAsync("[data-news] button");
        await Assertions.Expect(page.Locator("#opening #description")).ToHaveValueAsync("Nothing for me");
        await page.ClickAsync("#opening [data-leave]");
        await OpenAsync("The text");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#opening .text").WaitForAsync();
        Assert.Empty(await page.Locator("[data-news]:has-text('draft')").AllAsync());

        await OpenAsync("The text");
        await page.FillAsync("#description", "My text");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("[data-news]")).ToHaveTextAsync(
            "Not saved. Your text is kept as a draft: Edit shows it again.");
        await OpenAsync("My text");
        await page.Keyboard.PressAsync("Control+Enter");
        await SaysAsync(page, "Saved.");

        // The page that edits all of it is left in the same way.
        await page.GotoAsync("/tickets/1/edit");
        await page.FillAsync("#description", "Nothing for me");
        await page.ClickAsync("[data-leave]");
        await page.ArrivesAsync("/tickets/1");
        await page.GotoAsync("/tickets/1/edit");
        await page.LoadedAsync();
        await Assertions.Expect(page.Locator("#description")).ToHaveValueAsync("My text");
        Assert.Equal("My text", Assert.Single(await desk.TicketsAsync()).Description);
        // What cannot be kept is not closed by one key.
        await page.GotoAsync("/tickets/1");
        await OpenAsync("My text");
        await page.FillAsync("#description", new string('x', 1_000_000));
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("[data-news]")).ToContainTextAsync("This text is not kept on this device, so it stays open.");
        await Assertions.Expect(page.Locator("#description")).ToBeFocusedAsync();
        Assert.Empty(reader.Complaints);

        async Task OpenAsync(string text)
        {
            await page.ClickAsync("[data-edit]");
            await Assertions.Expect(page.Locator("#opening #description")).ToBeFocusedAsync();
            await Assertions.Expect(page.Locator("#opening #description")).ToHaveValueAsync(text);
        }
    }

    [Fact]
    public async Task A_preview_that_cannot_be_shown_says_why_and_comes_once_it_can()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.SignInAsync(ada, "/tickets/1");
        await page.FillAsync("#body", "A **word**");
        await page.Context.SetOfflineAsync(true);
        await ShowsAsync("There is no connection, so there is no preview. Your text is kept.");
        await page.Context.SetOfflineAsync(false);
        await page.Context.ClearCookiesAsync();
        await ShowsAsync("You are not signed in any more, so there is no preview. Your text is kept.");
        Assert.True(await page.Locator($"{Preview} a >> text=Sign in again").IsVisibleAsync());
        Assert.Empty(await reader.AxeAsync());
        var tab = await page.Context.NewPageAsync();
        await tab.SignInAsync(ada, "/tickets/1");
        await ShowsAsync("A word"); // with a new token: that of the form ended with the session
        await page.RouteAsync("**/*handler=Preview*", route => route.FulfillAsync(new() { Status = 502, Body = "Bad gateway" }));
        await ShowsAsync("The desk gave no preview. Try again. Your text is kept.");
        Assert.All(reader.Complaints, complaint => Assert.Contains("ERR_INTERNET_DISCONNECTED", complaint));

        async Task ShowsAsync(string text)
        {
            await page.ClickAsync("[data-preview-button]");
            await Assertions.Expect(page.Locator(Preview)).ToContainTextAsync(text);
            await Assertions.Expect(page.Locator(Preview)).ToBeFocusedAsync();
            Assert.Equal("A **word**", await page.InputValueAsync("#body"));
        }
    }

    [Fact]
    public async Task Reply_and_resolve_goes_when_somebody_else_resolves_the_ticket_and_the_text_stays()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        var id = (await desk.AddTicketAsync()).Id;
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync($"/tickets/{id}");
        await page.FillAsync("#body", "It is out");
        await page.SetInputFilesAsync("[data-attach] [type=file]", File([1, 2]));
        await page.Locator("[name=upload]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.FocusAsync("[data-send=resolve]");
        await MoveAsync("resolved");
        await Assertions.Expect(page.Locator("[data-send=resolve]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("[data-send=reply]")).ToBeFocusedAsync();
        Assert.Equal("It is out", await page.InputValueAsync("#body"));
        await Assertions.Expect(page.Locator("[data-attach-file]")).ToContainTextAsync("a.bin 2 bytes");
        await MoveAsync("open");
        await page.Locator("[data-send=resolve]").WaitForAsync();

        // Whoever is quicker than the news is told what happened.
        await page.RouteAsync("**/changes*", route => route.AbortAsync());
        await page.ReloadAsync();
        await MoveAsync("closed");
        await page.ClickAsync("[data-send=resolve]");
        await SaysAsync(page, "Replied. The ticket was resolved or closed before.");

        async Task MoveAsync(string status)
        {
            using var answer = await desk.Client.PatchAsJsonAsync($"/api/tickets/{id}/", new { status }, Cancel);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    private static FilePayload File(byte[] content) => new() { Name = "a.bin", Buffer = content, MimeType = "text/html" };

    private static Task SaysAsync(IPage page, string text) => Assertions.Expect(page.Locator(Said)).ToHaveTextAsync(text);
}
