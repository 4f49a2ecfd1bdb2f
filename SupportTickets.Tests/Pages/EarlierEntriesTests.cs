using Microsoft.Playwright;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tests.Pages;

/// <summary>The page with earlier entries of a long conversation, in a real browser.</summary>
public sealed class EarlierEntriesTests(Browser browser)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_new_is_told_on_it_and_who_answers_from_it_is_on_the_newest_page_then(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        var id = (await desk.AddTicketAsync()).Id;
        await desk.AddRequesterAsync(id, "Rita", "rita@example.com");
        for (var i = 0; i < TicketHistory.PageSize; i++) await desk.AddCommentAsync(id, $"Reply {i}");
        await desk.AddCommentAsync(id, "It still burns.", requester: "Rita");
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var page = reader.Page;
        await page.GotoAsync($"/tickets/{id}?list=status%3Dopen");
        Assert.Equal(0, await page.Locator("#later").CountAsync());
        await page.ClickAsync("#earlier a");
        await page.Locator("#later").WaitForAsync();
        Assert.Equal("later", await page.EvaluateAsync<string>("() => document.querySelector('.timeline').lastElementChild.id"));
        Assert.Contains("Rita waits for an answer", await page.InnerTextAsync(".ticket-head"));
        Assert.Empty(javaScript ? await reader.AxeAsync() : []);
        if (javaScript)
        {
            await page.LoadedAsync();
            var news = await desk.AddCommentAsync(id, "From somebody else");
            await Assertions.Expect(page.Locator("[data-news] a"))
                .ToHaveAttributeAsync("href", $"/tickets/{id}?list=status%3Dopen#comment-{news.Id}");
        }

        await page.FillAsync("#body", "My answer");
        await page.ClickAsync("[data-send=reply]");
        await Shown("My answer").WaitForAsync();
        Assert.Equal($"/tickets/{id}?list=status%3Dopen", new Uri(page.Url).PathAndQuery);
        Assert.Equal(0, await page.Locator("#later").CountAsync());
        await desk.AddCommentAsync(id, "The next");
        if (!javaScript) await page.ReloadAsync();
        await Shown("The next").WaitForAsync();
        Assert.True(await Shown("My answer").IsVisibleAsync());

        await page.ClickAsync("#earlier a");
        await page.ClickAsync("#later a");
        await Shown("The next").WaitForAsync();
        Assert.Equal($"/tickets/{id}?list=status%3Dopen#body", new Uri(page.Url).PathAndQuery + new Uri(page.Url).Fragment);
        Assert.Empty(reader.Complaints);

        ILocator Shown(string text) => page.Locator(".comment .text", new() { HasText = text });
    }
}
