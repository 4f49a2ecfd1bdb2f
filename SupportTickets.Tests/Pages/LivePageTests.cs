using System.Net.Http.Json;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Tickets.Live;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>The dashboard, the list and a ticket in a browser while tickets change.</summary>
public sealed class LivePageTests(Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_new_numbers_by_itself_and_leaves_the_reader_where_they_are()
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address, phone: true);
        var page = reader.Page;
        await page.GotoAsync("/");
        await page.Locator("[data-live-state]:not([hidden])").WaitForAsync();
        await page.ClickAsync("#flow-numbers summary");
        await page.Locator("[aria-labelledby=by-priority] .bars a").Nth(2).FocusAsync();
        await page.EvaluateAsync(
            """
            () => {
                scrollTo(0, 500);
                document.querySelector('#charts').kept = true;
                document.querySelector('#flow-scroll').scrollTop = 20;
            }
            """);

        await desk.AddTicketAsync(priority: Priority.critical);
        await clock.LookAsync();
        await ShowsAsync("2");
        Assert.Equal(
            "/tickets?priority=medium&created=2026-10-25..2026-11-23",
            await page.EvaluateAsync<string>("() => document.activeElement.getAttribute('href')"));
        Assert.True(await page.Locator("#flow-numbers").EvaluateAsync<bool>("details => details.open"));
        Assert.Equal(
            (500, 20),
            (
                await page.EvaluateAsync<int>("() => scrollY"),
                await page.EvaluateAsync<int>("() => document.querySelector('#flow-scroll').scrollTop")));
        Assert.Contains("(UTC)", await page.InnerTextAsync("#flow-numbers"));
        Assert.Equal(["1", "0", "0", "1"], await page.Locator("[aria-labelledby=by-priority] .bar-count").AllInnerTextsAsync());

        // A hidden tab asks for nothing; when it is shown again it catches up.
        await HideAsync(true);
        await page.Locator("[data-live-state][hidden]").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Attached });
        await desk.AddTicketAsync();
        await HideAsync(false);
        await page.Locator("[data-live-state]:not([hidden])").WaitForAsync();
        await clock.LookAsync();
        await ShowsAsync("3");
        Assert.Empty(reader.Complaints);

        Task ShowsAsync(string created) => page.Locator($"[data-figure=created]:text-is('{created}')").WaitForAsync();

        Task HideAsync(bool hidden) =>
            page.EvaluateAsync(
                """
                (hidden) => {
                    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
                    document.dispatchEvent(new Event('visibilitychange'));
                }
                """, hidden);
    }

    [Fact]
    public async Task A_ticket_shows_what_others_do_and_takes_nothing_from_who_writes()
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        var id = (await desk.AddTicketAsync()).Id;
        for (var i = 0; i < 20; i++) await desk.AddCommentAsync(id, $"Reply {i}");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.RunAndWaitForResponseAsync(() => page.GotoAsync($"/tickets/{id}"), response => response.Url.Contains("/changes"));
        await page.ClickAsync("#fact-requester summary");
        await page.FillAsync("#requesterEmail", "bob@example.com");
        await page.FillAsync("#body", "What I write");
        var place = await PlaceAsync();

        await desk.AddCommentAsync(id, "From Ada", by: ada);
        await desk.AddRequesterAsync(id, "Rita", "rita@example.com");
        using (await desk.Client.PatchAsJsonAsync($"/api/tickets/{id}/", new { priority = "critical" }, Cancel)) { }
        await clock.LookAsync();
        const string news = "\u2068Ada\u2069 replied. \u2068tester\u2069 set the requester.";
        await page.Locator("[data-news] p", new() { HasText = news }).WaitForAsync();
        await page.Locator(".comment .text", new() { HasText = "From Ada" }).WaitForAsync();
        Assert.Equal("critical", await page.InputValueAsync("#priority"));
        Assert.Equal(("What I write", "body"), (await page.InputValueAsync("#body"), await FocusAsync()));
        Assert.Equal(place, await PlaceAsync(), tolerance: 1);
        Assert.Equal("bob@example.com", await page.InputValueAsync("#requesterEmail"));
        Assert.Empty(await reader.AxeAsync());

        using (await desk.Client.DeleteAsync($"/odata/Tickets({id})", Cancel)) { }
        await clock.LookAsync();
        await page.Locator("[data-news] p", new() { HasText = "This ticket was deleted meanwhile." }).WaitForAsync();
        Assert.Equal(("What I write", "body"), (await page.InputValueAsync("#body"), await FocusAsync()));
        Assert.Empty(reader.Complaints);

        Task<double> PlaceAsync() => page.EvaluateAsync<double>("() => document.getElementById('body').getBoundingClientRect().top");
        Task<string> FocusAsync() => page.EvaluateAsync<string>("() => document.activeElement.id");
    }

    [Fact]
    public async Task An_empty_desk_fills_by_itself()
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        await reader.Page.GotoAsync("/");
        await reader.Page.Locator("[data-live-state]:not([hidden])").WaitForAsync();
        await desk.AddTicketAsync("The first one");
        await clock.LookAsync();
        await reader.Page.Locator("text=The first one").First.WaitForAsync();
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task The_list_says_what_came_in_and_shows_it_when_asked()
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        await desk.AddTicketAsync("The first", priority: Priority.high);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets?priority=high");
        await clock.PauseAsync(); // the page listens
        foreach (var priority in (Priority[])[Priority.high, Priority.low, Priority.high]) await desk.AddTicketAsync(priority: priority);
        await clock.LookAsync();
        await page.Locator("[data-news] a:text-is('2 new · Show')").WaitForAsync();
        Assert.Equal(1, await page.Locator("tbody tr").CountAsync());
        await page.ClickAsync("[data-news] a");
        await page.Locator(".count:text-is('1–3 of 3')").WaitForAsync();
        Assert.Equal("", await page.InnerTextAsync("[data-news]"));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task What_came_in_is_shown_where_it_stands_on_top_whatever_the_order_and_page()
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        for (var i = 1; i <= 60; i++) await desk.AddTicketAsync($"Ticket {i}", priority: Priority.high);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        foreach (var address in (string[])["/tickets?status=open&sort=-priority", "/tickets?status=open"])
        {
            await page.GotoAsync(address);
            await page.ClickAsync("[rel=next]");
            await page.Locator(".count:has-text('51–')").WaitForAsync();
            await clock.PauseAsync(); // the page listens
            var ticket = await desk.AddTicketAsync("Just in", priority: Priority.low);
            await clock.LookAsync();
            await page.Locator("[data-news] a:text-is('1 new · Show newest first')").WaitForAsync();
            await page.ClickAsync("[data-news] a");
            await page.ArrivesAsync("/tickets?status=open");
            Assert.Equal($"#{ticket.Id}", await page.InnerTextAsync("tbody tr:first-child .col-id"));
        }
        Assert.Empty(reader.Complaints);
    }
}
