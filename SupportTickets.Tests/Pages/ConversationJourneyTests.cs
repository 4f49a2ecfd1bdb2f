using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Working a ticket in a real browser.</summary>
public sealed class ConversationJourneyTests(Browser browser)
{
    private const int MostKeys = 12;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ticket_is_taken_answered_resolved_and_left_for_the_next_by_keyboard_alone()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 3; i++) await desk.AddTicketAsync($"Ticket {i}");
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        await using var reader = await browser.OpenAsync(desk.Address);
        var (page, keys, presses) = (reader.Page, reader.Page.Keyboard, 0);
        await SignInAsync(page, ada);
        await page.GotoAsync("/tickets?status=open");
        await PressAsync("j");
        await PressAsync("Enter");
        await page.ArrivesAsync("/tickets/3?list=status%3Dopen");
        var entries = await page.EvaluateAsync<int>("() => history.length");
        await PressAsync("a");
        await page.Locator(".status.tone-progress").First.WaitForAsync();
        await PressAsync("r");
        await keys.TypeAsync("It is out. jkaei?");
        await PressAsync("Control+Shift+Enter");
        await page.Locator(".ticket-head .status.tone-resolved").WaitForAsync();
        await page.Locator(".comment .text", new() { HasText = "It is out. jkaei?" }).WaitForAsync();
        Assert.Equal("", await page.InputValueAsync("#body"));
        // None of it is an entry of its own: Back leads to the list.
        Assert.Equal(entries, await page.EvaluateAsync<int>("() => history.length"));
        await page.WaitForFunctionAsync(
            "() => document.activeElement.closest('.ticket') !== null && !document.activeElement.matches('textarea')");
        await PressAsync("j");
        await page.ArrivesAsync("/tickets/2?list=status%3Dopen");
        Assert.InRange(presses, 1, MostKeys);

        await using var db = desk.Database.Open();
        var ticket = await db.Tickets.SingleAsync(t => t.Id == 3, Cancel);
        Assert.Equal((Status.resolved, (int?)ada.Id), (ticket.Status, ticket.AssigneeId));
        Assert.NotNull(ticket.FirstReplyAt);
        Assert.Empty(reader.Complaints);

        Task PressAsync(string key)
        {
            presses += key.Count(c => c == '+') + 1;
            return keys.PressAsync(key);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_agents_on_one_ticket_keep_both_comments_and_both_changes(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync("The title", "The text");
        foreach (var name in (string[])["Ada", "Bob"]) await desk.AddRequesterAsync(name);
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var (first, second) = (reader.Page, await reader.Page.Context.NewPageAsync());
        foreach (var page in new[] { first, second }) await page.GotoAsync("/tickets/1");
        await WriteAsync(first, "From the first");
        await ChooseAsync(first, "priority", "high");
        await ChooseAsync(second, "category", "billing");
        await WriteAsync(second, "From the second");
        await second.Locator(".comment", new() { HasText = "From the first" }).WaitForAsync();
        await second.ClickAsync(".ticket-head button[value=resolved]");
        await second.Locator(".ticket-head .status.tone-resolved").WaitForAsync();
        // What was saved last can be undone.
        await first.ReloadAsync();
        await ChooseAsync(first, "priority", "critical");
        await first.ClickAsync("[data-outcome] button");
        await first.Locator("#priority >> css=option[value=high][selected]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        // Of two who choose a requester, the second is asked.
        await NameAsync(second, "bob@example.com");
        await NameAsync(first, "ada@example.com");
        await first.ClickAsync("#fact-requester button");
        await first.Locator("#fact-requester p a", new() { HasText = "Ada" }).WaitForAsync();
        await second.ClickAsync("#fact-requester button");
        await second.Locator(".versions .saved", new() { HasText = "ada@example.com" }).WaitForAsync();
        await second.ClickAsync(".actions .primary");
        await second.Locator("#fact-requester p a", new() { HasText = "Bob" }).WaitForAsync();

        var ticket = Assert.Single(await desk.TicketsAsync());
        Assert.Equal((Priority.high, Category.billing, Status.resolved), (ticket.Priority, ticket.Category, ticket.Status));
        await using var db = desk.Database.Open();
        Assert.Equal(["From the first", "From the second"], await db.Comments.OrderBy(c => c.Id).Select(c => c.Body).ToListAsync(Cancel));
        Assert.Empty(reader.Complaints);

        async Task WriteAsync(IPage page, string text)
        {
            await page.FillAsync("#body", text);
            await page.ClickAsync("[data-send=reply]");
            await page.Locator(".comment", new() { HasText = text }).WaitForAsync();
        }

        async Task NameAsync(IPage page, string address)
        {
            await page.ClickAsync("#fact-requester summary");
            await page.FillAsync("#requesterEmail", address);
        }

        async Task ChooseAsync(IPage page, string field, string value)
        {
            await page.SelectOptionAsync($"#{field}", value);
            if (!javaScript) await page.ClickAsync($".facts form:has(#{field}) button");
            await page.Locator("[data-outcome]", new() { HasText = value }).WaitForAsync();
        }
    }

    [Fact]
    public async Task A_draft_of_the_form_has_only_what_was_changed_in_it()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        var id = (await desk.AddTicketAsync("The title", "The text")).Id;
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync($"/tickets/{id}/edit");
        await page.FillAsync("#description", "The new text");
        await page.GotoAsync("/tickets");
        await ChangeAsync(new { status = "resolved" });
        await page.GotoAsync($"/tickets/{id}/edit");
        await page.Locator("[data-restored]:visible").WaitForAsync();
        Assert.Equal(("The new text", "resolved"), (await page.InputValueAsync("#description"), await page.InputValueAsync("#status")));
        // Somebody else changes the same field before it is saved.
        await ChangeAsync(new { description = "Their text" });
        await page.ReloadAsync();
        await page.ClickAsync(".actions .primary");
        await page.Locator(".versions .saved", new() { HasText = "Their text" }).WaitForAsync();
        Assert.Equal("The new text", await page.InputValueAsync("#description"));
        await page.ClickAsync(".actions .primary");
        await page.ArrivesAsync($"/tickets/{id}");
        var ticket = Assert.Single(await desk.TicketsAsync());
        Assert.Equal((Status.resolved, "The new text"), (ticket.Status, ticket.Description));

        async Task ChangeAsync<T>(T change)
        {
            using var answer = await desk.Client.PatchAsJsonAsync($"/api/tickets/{id}/", change, Cancel);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task Title_and_description_are_edited_where_they_stand()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        var id = (await desk.AddTicketAsync("The title", "The text")).Id;
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync($"/tickets/{id}");
        await page.Keyboard.PressAsync("e");
        await page.Locator("#opening textarea:focus").WaitForAsync();
        Assert.False(await page.Locator("#opening .text").IsVisibleAsync());
        Assert.Empty(await reader.AxeAsync());
        await page.FillAsync("#description", "My text");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#opening .text").WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.matches('[data-edit]')"));

        // What was typed is kept, and merged with what somebody else changes.
        var theirs = new { title = "Their title", description = "Their text" };
        using (await desk.Client.PatchAsJsonAsync($"/api/tickets/{id}/", theirs, Cancel)) { }
        await page.Keyboard.PressAsync("e");
        await page.Locator("#opening [data-restored]:visible").WaitForAsync();
        Assert.Equal(("Their title", "My text"), (await page.InputValueAsync("#title"), await page.InputValueAsync("#description")));
        await page.ClickAsync("#opening .primary");
        await page.Locator("#opening .versions .saved", new() { HasText = "Their text" }).WaitForAsync();
        await page.ClickAsync("#opening .primary");
        await page.Locator("#opening .text", new() { HasText = "My text" }).WaitForAsync();
        Assert.Equal(("Saved.", "Their title"), (await page.InnerTextAsync("[data-outcome]"), await page.InnerTextAsync("h1")));

        await page.ClickAsync("[data-edit]");
        await page.FillAsync("#title", " ");
        await page.ClickAsync("#opening .primary");
        await page.Locator("#opening .problem:focus", new() { HasText = "Enter a title." }).WaitForAsync();
        await page.ClickAsync("#opening [data-leave]");
        await page.Locator("#opening .text").WaitForAsync();
        Assert.Equal($"/tickets/{id}", new Uri(page.Url).AbsolutePath);
        Assert.Equal("My text", Assert.Single(await desk.TicketsAsync()).Description);
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task Who_was_signed_out_meanwhile_loses_nothing_of_an_answer_or_an_edit()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync("The title", "The text");
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        await using var reader = await browser.OpenAsync(desk.Address);
        var (page, tab) = (reader.Page, await reader.Page.Context.NewPageAsync());
        foreach (var (address, field, button) in new[]
        {
            ("/tickets/1", "#body", "[data-send=reply]"), ("/tickets/1/edit", "#description", ".actions .primary"),
        })
        {
            await SignInAsync(tab, ada);
            await page.GotoAsync(address);
            await page.FillAsync(field, "What took an hour to write");
            await page.Context.ClearCookiesAsync();
            await page.ClickAsync(button);
            await page.Locator("[data-sending]", new() { HasText = "You are not signed in any more" }).WaitForAsync();
            Assert.Equal("What took an hour to write", await page.InputValueAsync(field));
            await SignInAsync(tab, ada);
            // Even the page may go: the draft is on this device.
            await page.GotoAsync(address);
            await page.Locator("[data-restored]:visible").WaitForAsync();
            Assert.Equal("What took an hour to write", await page.InputValueAsync(field));
            await page.ClickAsync(button);
            await page.Locator(".timeline .text", new() { HasText = "What took an hour to write" }).First.WaitForAsync();
            await page.GotoAsync(address);
            Assert.True(await page.Locator("[data-restored]").IsHiddenAsync());
            await tab.Context.ClearCookiesAsync();
        }
        await using var db = desk.Database.Open();
        Assert.Equal("What took an hour to write", await db.Tickets.Select(t => t.Description).SingleAsync(Cancel));
        Assert.Equal(1, await db.Comments.CountAsync(Cancel));
    }

    private static async Task SignInAsync(IPage page, Person person)
    {
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#email", person.Email!);
        await page.FillAsync("#password", People.Password);
        await page.ClickAsync(".primary");
        await page.ArrivesAsync(SignedInSite.StartOf(person.Role));
    }
}
