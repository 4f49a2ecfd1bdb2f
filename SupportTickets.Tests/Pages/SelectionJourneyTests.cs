using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tests.Pages;

/// <summary>Tickets are selected across pages, changed together, and changed back, in a real browser.</summary>
public sealed class SelectionJourneyTests(Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_selection_lasts_from_page_to_page_and_comes_back_with_Back()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 60; i++) await desk.AddTicketAsync($"Ticket {i}");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets?status=open");
        foreach (var id in (int[])[60, 59]) await page.CheckAsync($"[name=ticket][value='{id}.1']");
        await page.ClickAsync("[rel=next]");
        await SaysAsync(page, "2 selected, 0 on this page");
        await page.CheckAsync("[name=ticket][value='1.1']");
        await SaysAsync(page, "3 selected, 1 on this page");
        await page.ClickAsync("a[href^='/tickets/2?']");
        await page.Locator("h1:text-is('Ticket 2')").WaitForAsync();
        await page.GoBackAsync();
        await SaysAsync(page, "3 selected, 1 on this page");
        Assert.True(await page.IsCheckedAsync("[name=ticket][value='1.1']"));

        // Another order has the same tickets; other filters have not.
        await page.GotoAsync("/tickets?status=open&sort=created");
        await SaysAsync(page, "3 selected, 1 on this page");
        await page.GotoAsync("/tickets");
        await SaysAsync(page, "Nothing selected");
        await page.GotoAsync("/tickets?status=open&sort=created");
        await page.ClickAsync("[data-clear]");
        await SaysAsync(page, "Nothing selected");
        await page.ReloadAsync();
        await SaysAsync(page, "Nothing selected");

        // What is refused as a whole stays selected; what is changed does not.
        await page.CheckAsync("[name=ticket][value='1.1']");
        await page.ClickAsync("[rel=next]");
        await SaysAsync(page, "1 selected, 0 on this page");
        await page.ClickAsync(".selection button:text-is('Change')");
        await page.Locator(".problem").WaitForAsync();
        await SaysAsync(page, "1 selected, 0 on this page");
        await page.SelectOptionAsync("#set-status", "resolved");
        await page.ClickAsync(".selection button:text-is('Change')");
        await page.Locator(".outcome:has-text('1 ticket resolved.')").WaitForAsync();
        await SaysAsync(page, "Nothing selected");
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task What_a_search_found_and_did_not_count_to_the_end_is_selected_as_many_as_there_are()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, kestrel: true, services: services => services.AddSingleton(new ListLimits { Found = 55 }));
        for (var i = 1; i <= 60; i++) await desk.AddTicketAsync($"Ticket {i}");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets?search=ticket");
        await page.CheckAsync("[data-all] input");
        await page.ClickAsync("text='Select up to 1,000 that match'");
        await SaysAsync(page, "60 selected, 50 on this page");
        await page.ClickAsync("text='Count all'");
        await page.Locator(".count:text-is('1–50 of 60')").WaitForAsync();
        await SaysAsync(page, "60 selected, 50 on this page");
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task All_that_match_are_selected_changed_and_changed_back_unless_the_list_is_another_by_then()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 60; i++) await desk.AddTicketAsync($"Ticket {i}", priority: Priority.high);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets?priority=high");
        Assert.False(await page.Locator("[data-everything]").IsVisibleAsync());
        await page.CheckAsync("[data-all] input");
        await SaysAsync(page, "50 selected");

        // One that came in since is not among them, and one that does not match any more stops it.
        await desk.AddTicketAsync("A newcomer", priority: Priority.high);
        await SetPriorityAsync(desk, 3, Priority.low);
        await page.ClickAsync("text='Select all 60 that match'");
        await SaysAsync(page, "The list has changed: load it again and select then");
        await SetPriorityAsync(desk, 3, Priority.high);
        await page.ClickAsync("text='Select all 60 that match'");
        await SaysAsync(page, "60 selected, 50 on this page");
        Assert.False(await page.Locator("[data-everything]").IsVisibleAsync());
        await page.UncheckAsync("[name=ticket][value='60.1']");
        await SaysAsync(page, "59 selected, 49 on this page");

        await page.SelectOptionAsync("#set-status", "closed");
        await page.ClickAsync(".selection button:text-is('Change')");
        await page.Locator(".outcome p:text-is('59 tickets closed.')").WaitForAsync();
        Assert.Equal(59, await ClosedAsync(desk));
        await page.ClickAsync(".outcome button:text-is('Undo')");
        await page.Locator(".outcome p:text-is('59 tickets are as they were before.')").WaitForAsync();
        Assert.Equal(0, await ClosedAsync(desk));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task What_is_chosen_before_the_script_is_there_counts()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync(priority: Priority.high);
        await desk.AddTicketAsync(priority: Priority.low);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        var (held, asked) = (new List<IRoute>(), new SemaphoreSlim(0));
        await page.RouteAsync("**/js/**/search.js", route =>
        {
            held.Add(route);
            asked.Release();
            return Task.CompletedTask;
        });
        await page.GotoAsync("/tickets", new() { WaitUntil = WaitUntilState.Commit });
        Assert.True(await asked.WaitAsync(TimeSpan.FromSeconds(15), Cancel));
        await page.ClickAsync(".choices summary");
        await page.SelectOptionAsync(".filters [name=priority]", "high");
        await held[0].ContinueAsync();
        await page.ArrivesAsync("/tickets?priority=high");
        Assert.Equal(["Priority: high"], await page.Locator(".chip bdi").AllInnerTextsAsync());
        // It is one step of Back.
        await page.UnrouteAsync("**/js/**/search.js");
        await page.GoBackAsync();
        await page.Locator(".count:text-is('1–2 of 2')").WaitForAsync(); // the page is loaded anew for it
        await Assertions.Expect(page.Locator(".filters [name=priority]")).ToHaveValueAsync("");
        Assert.Equal("/tickets", new Uri(page.Url).PathAndQuery);
        Assert.Empty(reader.Complaints);
    }

    private static Task SaysAsync(IPage page, string text) =>
        Assertions.Expect(page.Locator("[data-count]")).ToHaveTextAsync(text, new() { Timeout = 15_000 });

    private static async Task SetPriorityAsync(Desk desk, int id, Priority priority)
    {
        await using var db = desk.Database.Open();
        await db.Tickets.Where(t => t.Id == id).ExecuteUpdateAsync(t => t.SetProperty(x => x.Priority, priority), Cancel);
    }

    private static async Task<int> ClosedAsync(Desk desk)
    {
        await using var db = desk.Database.Open();
        return await db.Tickets.CountAsync(t => t.Status == Status.closed, Cancel);
    }
}
