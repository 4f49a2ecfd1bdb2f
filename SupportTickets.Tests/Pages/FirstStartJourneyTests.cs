using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access.Links;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>From a desk that has just started to its first ticket, in a real browser.</summary>
public sealed class FirstStartJourneyTests(Browser browser)
{
    /// <summary>At 3 seconds a click and 7 a text that is a minute with room to spare.</summary>
    private const int MostClicks = 5, MostTexts = 4;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_ticket_is_a_few_clicks_away(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, kestrel: true, settings: [("ACCESS", "closed"), ("TRIAGE", "builtin")]);
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var page = reader.Page;
        var (clicks, texts) = (0, 0);
        await page.GotoAsync($"/setup?code={Uri.EscapeDataString(desk.Services.GetRequiredService<SetupLink>().Create())}");
        await TypeAsync("#name", "Ada");
        await TypeAsync("#email", "ada@example.com");
        await TypeAsync("#password", People.Password);
        await ClickAsync("main .primary"); // makes the account and signs in
        await ClickAsync("nav >> text=New ticket");
        await TypeAsync("#description", "I was charged twice for my last invoice. Please refund one of the two payments.");
        if (javaScript) await page.Locator("[data-mark=category]").WaitForAsync();
        else await ClickAsync("text=Suggest category and priority");
        await ClickAsync("[data-suggest-title]");
        await page.WaitForFunctionAsync("() => document.querySelector('#title').value === 'I was charged twice for my last invoice'");
        await ClickAsync(".actions .primary");
        await page.Locator(".ticket h1").WaitForAsync();

        var ticket = Assert.Single(await desk.TicketsAsync());
        Assert.Equal(("I was charged twice for my last invoice", "Ada"), (ticket.Title, Assert.Single(ticket.Events).Actor));
        Assert.Equal((javaScript ? MostClicks - 1 : MostClicks, MostTexts), (clicks, texts));
        Assert.Empty(reader.Complaints);

        Task TypeAsync(string field, string text)
        {
            texts++;
            return page.FillAsync(field, text);
        }

        Task ClickAsync(string what)
        {
            clicks++;
            return page.ClickAsync(what);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_who_edit_the_same_ticket_the_second_is_shown_both_and_keeps_the_text(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync("The title", "The text");
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var (first, second) = (reader.Page, await reader.Page.Context.NewPageAsync());
        await first.GotoAsync("/tickets/1/edit");
        await second.GotoAsync("/tickets/1/edit");
        await first.FillAsync("#title", "Title of the first");
        await first.ClickAsync(".actions .primary");
        await first.ArrivesAsync("/tickets/1");
        await second.FillAsync("#title", "Title of the second");
        await second.FillAsync("#description", "The text\nand more");
        var answer = await second.RunAndWaitForResponseAsync(() => second.ClickAsync(".actions .primary"), "**/tickets/1/edit");
        Assert.Equal(409, answer.Status);
        await second.Locator(".versions").WaitForAsync();
        Assert.Equal(
            ("Title of the second", "The text\nand more"),
            (await second.InputValueAsync("#title"), await second.InputValueAsync("[name=description]")));
        Assert.Equal("Title of the first", await second.InnerTextAsync(".saved .text"));
        if (javaScript) Assert.True(await second.EvaluateAsync<bool>("() => document.activeElement.matches('.problem')"));
        Assert.Equal("Title of the first", Assert.Single(await desk.TicketsAsync()).Title);
        await second.ClickAsync(".actions .primary");
        await second.ArrivesAsync("/tickets/1");
        Assert.Equal("Title of the second", Assert.Single(await desk.TicketsAsync()).Title);
        Assert.Empty(reader.Complaints);
    }
}
