using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Pages.Tickets;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tests.Pages;

public sealed class SelectionTests(Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task What_is_checked_is_changed_and_the_same_list_says_so_once(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        for (var i = 0; i < 4; i++) await desk.AddTicketAsync($"Ticket {i}", priority: Priority.high);
        var page = await site.GetAsync("/tickets?priority=high&sort=created");
        Check(page, 1, 2, 3);
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id == 2).ExecuteUpdateAsync(t => t.SetProperty(x => x.Version, 2), Cancel);
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id == 3).ExecuteDeleteAsync(Cancel);

        var answer = await site.PressAsync(page, ".selection button", ("status", "closed"));
        Assert.Equal((HttpStatusCode.Redirect, "/tickets?priority=high&sort=created"), (answer.Status, answer.Location));
        page = await site.GetAsync(answer.Location!);
        Assert.Equal("1 ticket closed. 2 tickets were not changed:", page.Text(".outcome.partial p"));
        Assert.Equal(
            [
                "#2 was changed by somebody else meanwhile: its status is open now. Look at it and select it again.",
                "#3 is not there any more.",
            ],
            page.Texts(".outcome li"));
        Assert.Equal("/tickets/2", page.Href(".outcome a"));
        Assert.Equal(["Closed", "Open", "Open"], page.Texts("tbody .col-status"));
        Assert.Empty((await site.GetAsync(answer.Location!)).Texts(".outcome"));

        await using var after = desk.Database.Open();
        var close = await after.TicketEvents.SingleAsync(e => e.NewValue == "closed", Cancel);
        Assert.Equal((1, "anonymous", Channel.web), (close.TicketId, close.Actor, close.Channel));
    }

    [Fact]
    public async Task What_it_says_of_the_most_tickets_fits_into_the_headers_of_the_next_request()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        for (var i = 0; i < Outcome.MaxRefused; i++) await desk.AddTicketAsync();
        using var client = desk.NewClient();
        var tickets = string.Join(' ', Enumerable.Range(1, ChangeTickets.MaxTickets).Select(id => $"{id}.0"));
        using var answer = await client.PostFormAsync(
            "/tickets", "/tickets", ("status", "closed"), ("priority", "critical"), ("assignee", "none"), ("further", tickets));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.InRange(answer.Headers.GetValues("Set-Cookie").Sum(cookie => cookie.Length), 1, 6000); // proxies take 8 KB of headers
        var list = new HtmlParser().ParseDocument(await client.GetStringAsync("/tickets", Cancel));
        Assert.Equal("1,000 tickets were not changed:", list.QuerySelector(".outcome p")!.TextContent);
        Assert.Equal("And 950 more.", list.QuerySelectorAll(".outcome li")[^1].TextContent);
    }

    [Theory, Providers]
    public async Task The_whole_list_is_given_in_its_order_without_what_came_later(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        for (var i = 1; i <= 4; i++) await desk.AddTicketAsync($"Ticket {i}", priority: i == 2 ? Priority.low : Priority.high);
        const string address = "/tickets/matching?priority=high&sort=created&newest=";
        Assert.Equal("""{"tickets":["1.1","3.1","4.1"]}""", await desk.Client.GetStringAsync(address + "4", Cancel));
        Assert.Equal("""{"tickets":["1.1","3.1"]}""", await desk.Client.GetStringAsync(address + "3", Cancel));
        Assert.Equal("""{"count":2}""", await desk.Client.GetStringAsync("/tickets/newer?priority=high&newest=1", Cancel));
        foreach (var route in (string[])["matching", "newer"])
            foreach (var wrong in (string[])["priority=none&newest=4", "priority=high", "priority=high&newest=x", "assignee=me&newest=4"])
            {
                using var answer = await desk.Client.GetAsync($"/tickets/{route}?{wrong}", Cancel);
                Assert.Equal((route, wrong, HttpStatusCode.BadRequest), (route, wrong, answer.StatusCode));
            }
    }

    [Theory, Providers]
    public async Task Tickets_of_other_pages_are_changed_with_those_of_this_one(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        for (var i = 0; i < 4; i++) await desk.AddTicketAsync();
        using var client = desk.NewClient();
        using var answer = await client.PostFormAsync(
            "/tickets", "/tickets?status=open", ("status", "closed"), ("ticket", "4.1"), ("further", "3.1 1.1 4.1 x 2.0"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/tickets", Cancel));
        Assert.Equal("3 tickets closed. 1 ticket was not changed:", page.QuerySelector(".outcome p")!.TextContent);
        await using var db = desk.Database.Open();
        Assert.Equal([1, 3, 4], await db.Tickets.Where(t => t.Status == Status.closed).Select(t => t.Id).Order().ToListAsync(Cancel));

        var many = string.Join(' ', Enumerable.Range(1, ChangeTickets.MaxTickets + 1).Select(id => $"{id}.1"));
        using var refused = await client.PostFormAsync("/tickets", "/tickets", ("status", "open"), ("further", many));
        Assert.Contains("Select 1,000 tickets or fewer.", await refused.Content.ReadAsStringAsync(Cancel));
    }

    [Theory, Providers]
    public async Task What_is_refused_names_the_fields_that_were_to_be_changed(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Bob"));
        for (var i = 0; i < 2; i++) await desk.AddTicketAsync(priority: Priority.high);
        var site = new Site(desk);
        var page = await site.GetAsync("/tickets");
        Check(page, 1, 2);
        await using (var db = desk.Database.Open())
        {
            await db.Tickets.ExecuteUpdateAsync(t => t.SetProperty(x => x.Version, 2), Cancel);
            await db.Tickets.Where(t => t.Id == 2).ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, bob.Id), Cancel);
        }
        await site.PressAsync(page, ".selection button", ("assignee", $"{ada.Id}"), ("priority", "low"));
        page = await site.GetAsync("/tickets");
        Assert.Equal("2 tickets were not changed:", page.Text(".outcome.partial p"));
        const string rest = "Look at it and select it again.";
        Assert.Equal(
            [
                $"#1 was changed by somebody else meanwhile: its priority is high and nobody is assigned now. {rest}",
                $"#2 was changed by somebody else meanwhile: its priority is high and Bob is assigned now. {rest}",
            ],
            page.Texts(".outcome li").Order());
        Assert.Empty(page.Texts(".outcome form"));
    }

    [Fact]
    public async Task What_is_missing_is_said_with_the_selection_kept_and_nothing_changed()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        await desk.AddTicketAsync();
        await desk.AddTicketAsync();
        var page = await site.GetAsync("/tickets");
        var none = await site.PressAsync(page, ".selection button", ("status", "closed"));
        Assert.Equal((HttpStatusCode.BadRequest, "Select at least one ticket."), (none.Status, none.Text(".problem li")));
        Assert.Equal("closed", none.Document.QuerySelector<IHtmlSelectElement>("#set-status")!.Value);

        Check(page, 2);
        var nothing = await site.PressAsync(page, ".selection button", ("status", ""));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "Choose what to change in the selected tickets."), (nothing.Status, nothing.Text(".problem li")));
        Assert.Equal(
            ["2.1"],
            nothing.Document.QuerySelectorAll<IHtmlInputElement>("[name=ticket]").Where(box => box.IsChecked).Select(box => box.Value));
        await using var db = desk.Database.Open();
        Assert.Equal(2, await db.TicketEvents.CountAsync(Cancel));
    }

    [Fact]
    public async Task A_selection_from_another_site_is_refused()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        await desk.AddTicketAsync();
        var answer = await new Site(desk).PostAsync("/tickets", [new("ticket", "1.1"), new("status", "closed")]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        await using var db = desk.Database.Open();
        Assert.Equal(Status.open, (await db.Tickets.SingleAsync(Cancel)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Twenty_tickets_are_closed_together(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 0; i < 22; i++) await desk.AddTicketAsync($"Ticket {i}");
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var page = reader.Page;
        await page.GotoAsync("/tickets?status=open");
        Assert.Equal(!javaScript, await page.Locator(".selection").IsVisibleAsync());
        if (javaScript)
        {
            await page.CheckAsync("[data-all] input");
            Assert.Equal("22 selected", await page.InnerTextAsync("[data-count]"));
            foreach (var id in (int[])[1, 2]) await page.UncheckAsync($"[name=ticket][value='{id}.1']");
            Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('[data-all] input').indeterminate"));
        }
        else
            for (var id = 3; id <= 22; id++) await page.CheckAsync($"[name=ticket][value='{id}.1']");
        await page.SelectOptionAsync("#set-status", "closed");
        await page.ClickAsync(".selection button:text-is('Change')");
        await page.Locator(".outcome").WaitForAsync();
        Assert.Equal("20 tickets closed.", await page.InnerTextAsync(".outcome p"));
        Assert.Equal("?status=open", new Uri(page.Url).Query);
        Assert.Equal("1–2 of 2", await page.InnerTextAsync(".count"));
        if (javaScript) Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.matches('.outcome')"));
        await using var db = desk.Database.Open();
        Assert.Equal(20, await db.Tickets.CountAsync(t => t.Status == Status.closed, Cancel));
        Assert.Empty(reader.Complaints);
    }

    private static void Check(Answer page, params int[] ids)
    {
        foreach (var box in page.Document.QuerySelectorAll<IHtmlInputElement>("[name=ticket]"))
            box.IsChecked = ids.Contains(int.Parse(box.Value.Split('.')[0]));
    }
}
