using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>What people do, in a real browser.</summary>
public sealed class JourneyTests(Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_ticket_is_written_found_changed_and_resolved(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("TRIAGE", "builtin"));
        await desk.AddTicketAsync("Another ticket", "About something else", Category.billing);
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var page = reader.Page;

        await page.GotoAsync("/");
        await page.ClickAsync("nav >> text=New ticket");
        await page.FillAsync("#description", "I was charged twice for my last invoice. Please refund one of the two payments.");
        if (javaScript) await page.Locator("[data-mark=category]").WaitForAsync();
        else await page.ClickAsync("text=Suggest category and priority");
        await page.ClickAsync("text=Suggest title");
        await page.WaitForFunctionAsync("() => document.querySelector('#title').value === 'I was charged twice for my last invoice'");
        await page.SelectOptionAsync("#priority", "critical");
        await page.ClickAsync(".actions .primary");
        await page.ArrivesAsync("/tickets/2");
        Assert.Equal("I was charged twice for my last invoice", await page.InnerTextAsync("h1"));

        await page.ClickAsync("nav >> text=Tickets");
        await page.ArrivesAsync("/tickets");
        await page.ClickAsync(".choices summary");
        await page.SelectOptionAsync(".filters [name=priority]", "critical");
        if (!javaScript) await page.ClickAsync(".filters button");
        await page.Locator(".chip").WaitForAsync();
        if (javaScript) await page.ArrivesAsync("/tickets?priority=critical");
        // Anywhere on the row opens it.
        await page.ClickAsync("tbody tr .col-urgency", new() { Force = true });
        await page.ArrivesAsync("/tickets/2?list=priority%3Dcritical");
        await page.ClickAsync(".ticket-head >> text=Start");
        await page.Locator(".status.tone-progress").WaitForAsync();
        await page.SelectOptionAsync(".facts [name=category]", "technical");
        if (!javaScript) await page.ClickAsync(".facts form:has(#category) button");
        await page.Locator("text=changed category from billing to technical").WaitForAsync();
        await page.ClickAsync(".ticket-head >> text=Edit");
        await page.FillAsync("#title", "The printer was on fire");
        await page.ClickAsync("form:has(#title) .primary");
        await page.Locator("h1:text-is('The printer was on fire')").WaitForAsync();
        await page.ClickAsync(".ticket-head >> text=Resolve");
        await page.Locator(".status.tone-resolved").WaitForAsync();

        await using var db = desk.Database.Open();
        var ticket = await db.Tickets.SingleAsync(t => t.Id == 2, Cancel);
        Assert.Equal(
            ("The printer was on fire", Category.technical, Priority.critical, Status.resolved),
            (ticket.Title, ticket.Category, ticket.Priority, ticket.Status));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task Suggestions_never_overwrite_and_an_answer_to_an_older_text_is_dropped()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("TRIAGE", "builtin"));
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        // The answers are ours to give, when and what we want.
        var questions = new Queue<IRoute>();
        var asked = new SemaphoreSlim(0);
        await page.RouteAsync("**/tickets/new?handler=*", route =>
        {
            questions.Enqueue(route);
            asked.Release();
            return Task.CompletedTask;
        });
        await page.GotoAsync("/tickets/new");

        await page.FillAsync("#description", "The first text, long enough");
        await asked.WaitAsync(Cancel);
        var older = questions.Dequeue();
        await page.FillAsync("#description", "The second text, long enough");
        await asked.WaitAsync(Cancel);
        var newer = questions.Dequeue();
        await AnswerAsync(
            newer, """{"category":"billing","priority":"high","id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","source":"a model"}""");
        await page.Locator("[data-mark=category]").WaitForAsync();
        Assert.Equal("Suggested by a model. Change what does not fit.", await page.InnerTextAsync("[data-source]"));
        await AnswerAsync(older, """{"category":"account","priority":"low","id":null}""");
        Assert.Equal("billing", await page.InputValueAsync("#category"));
        Assert.Equal("6f9619ff-8b86-d011-b42d-00c04fc964ff", await page.InputValueAsync("[name=classification]"));

        // A choice stays, the mark goes; the untouched suggestion follows the text.
        await page.SelectOptionAsync("#priority", "critical");
        Assert.False(await page.Locator("[data-mark=priority]").IsVisibleAsync());
        await page.FillAsync("#description", "The third text, long enough");
        await asked.WaitAsync(Cancel);
        await AnswerAsync(questions.Dequeue(), """{"category":"technical","priority":"low","id":null}""");
        await page.WaitForFunctionAsync("() => document.querySelector('#category').value === 'technical'");
        Assert.Equal("critical", await page.InputValueAsync("#priority"));

        // A title typed while the suggestion is on its way stays; the suggestion is offered.
        await page.ClickAsync("[data-suggest-title]");
        await asked.WaitAsync(Cancel);
        await page.FillAsync("#title", "My own title");
        await AnswerAsync(questions.Dequeue(), """{"title":"Suggested","id":null}""");
        await page.Locator("[data-offer]").WaitForAsync();
        Assert.Equal("My own title", await page.InputValueAsync("#title"));
        await page.ClickAsync("[data-take-title]");
        Assert.Equal("Suggested", await page.InputValueAsync("#title"));

        // A provider that fails changes nothing.
        await page.ClickAsync("[data-suggest-title]");
        await asked.WaitAsync(Cancel);
        await questions.Dequeue().FulfillAsync(new() { Status = 500, Body = "no" });
        await page.Locator("[data-announce]", new() { HasText = "No suggestion came" })
            .WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Assert.Equal("Suggested", await page.InputValueAsync("#title"));
        Assert.Empty(reader.Complaints);

        static async Task AnswerAsync(IRoute route, string json)
        {
            try { await route.FulfillAsync(new() { ContentType = "application/json", Body = json }); }
            catch (PlaywrightException) { /* The page gave this question up. */ }
        }
    }

    [Fact]
    public async Task The_theme_is_remembered_and_times_are_the_readers()
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        var id = (await desk.AddTicketAsync()).Id;
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        const string ground = "() => getComputedStyle(document.body).backgroundColor";
        await page.GotoAsync($"/tickets/{id}");
        Assert.Equal("just now", await page.InnerTextAsync(".timeline time >> nth=0"));
        Assert.Equal("23 Nov 2026, 15:30", await page.GetAttributeAsync(".timeline time >> nth=0", "title"));
        Assert.Equal("23 Nov 2026, 15:30", await page.InnerTextAsync(".facts time >> nth=0"));
        var light = await page.EvaluateAsync<string>(ground);
        await page.ClickAsync("[data-theme-switch]");
        var dark = await page.EvaluateAsync<string>(ground);
        Assert.NotEqual(light, dark);
        await page.GotoAsync("/tickets");
        Assert.Equal(dark, await page.EvaluateAsync<string>(ground));
        Assert.Equal("23 Nov 2026, 15:30", await page.GetAttributeAsync("tbody time", "title"));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task A_button_pressed_twice_sends_once()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets/new");
        await page.FillAsync("#description", "Short");
        await page.FillAsync("#title", "Once");
        await page.SelectOptionAsync("#category", "general");
        await page.SelectOptionAsync("#priority", "low");
        await page.EvaluateAsync("() => { const button = document.querySelector('.actions .primary'); button.click(); button.click(); }");
        await page.ArrivesAsync("/tickets/1");
        await using var db = desk.Database.Open();
        Assert.Equal(1, await db.Tickets.CountAsync(Cancel));
    }
}
