using Microsoft.Playwright;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>What filters of the list do to the tags, the selection, the news and the browser's history, in a real browser.</summary>
public sealed class ListFilterJourneyTests(Browser browser)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_tag_is_added_to_the_first_and_each_can_be_taken_away(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        foreach (var tags in (string[][])[["alpha"], ["alpha", "beta"], ["beta"], ["alpha", "beta", "gamma"]])
            await desk.TagAsync((await desk.AddTicketAsync()).Id, tags);
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var page = reader.Page;
        await page.GotoAsync("/tickets");
        await page.ClickAsync(".choices summary");
        await AddAsync("alpha", 3, "Tag: alpha");
        await AddAsync("beta", 2, "Tag: alpha", "Tag: beta");
        await AddAsync("gamma", 1, "Tag: alpha", "Tag: beta", "Tag: gamma");
        if (javaScript)
        {
            Assert.Equal("?tag=alpha&tag=beta&tag=gamma", new Uri(page.Url).Query);
            // What cannot be a tag is said, stays to be mended, and the others stay.
            await page.FillAsync(".filters [name=tag]:visible", new string('t', 51));
            await page.Keyboard.PressAsync("Tab");
            await page.Locator("#results .problem").WaitForAsync();
            await AddAsync("alpha", 1, "Tag: alpha", "Tag: beta", "Tag: gamma");
        }
        await page.ClickAsync(".chip[aria-label='Remove the filter Tag: beta']");
        await page.ArrivesAsync("/tickets?tag=alpha&tag=gamma");
        Assert.Equal(["Tag: alpha", "Tag: gamma"], await page.Locator(".chip bdi").AllInnerTextsAsync());
        // Two at once, as tags are typed everywhere.
        await page.GotoAsync("/tickets");
        await page.ClickAsync(".choices summary");
        await AddAsync("alpha, beta", 2, "Tag: alpha", "Tag: beta");
        Assert.Empty(reader.Complaints);

        async Task AddAsync(string tag, int found, params string[] chips)
        {
            if (!javaScript && !await page.Locator(".filters [name=tag]:visible").IsVisibleAsync())
                await page.ClickAsync(".choices summary");
            await page.FillAsync(".filters [name=tag]:visible", tag);
            await page.Keyboard.PressAsync(javaScript ? "Tab" : "Enter");
            await page.Locator($".count:text-is('1–{found} of {found}')").WaitForAsync();
            await Assertions.Expect(page.Locator(".chip bdi")).ToHaveTextAsync(chips);
            await Assertions.Expect(page.Locator(".filters [name=tag]:not([type=hidden])")).ToHaveValueAsync("");
        }
    }

    [Fact]
    public async Task What_is_offered_for_the_filter_is_one_tag()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.TagAsync((await desk.AddTicketAsync()).Id, "alpha", "beta");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets");
        await page.ClickAsync(".choices summary");
        await page.FillAsync(".filters [name=tag]", "alpha, be");
        var offered = page.Locator("#known-tags option");
        await offered.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Assert.Equal("beta", await offered.GetAttributeAsync("value"));
        // A comma ends a tag, so that the next one can be offered.
        await page.FillAsync(".filters [name=tag]", "");
        await page.Locator(".filters [name=tag]").PressSequentiallyAsync("alpha,");
        await page.Locator(".chip bdi:text-is('Tag: alpha')").WaitForAsync();
        await page.Locator(".filters [name=tag]:visible").PressSequentiallyAsync(" be");
        await offered.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator(".filters [name=tag]:visible").FillAsync((await offered.GetAttributeAsync("value"))!);
        await page.Keyboard.PressAsync("Enter");
        await page.ArrivesAsync("/tickets?tag=alpha&tag=beta");
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task A_filter_is_one_step_of_Back_however_many_keys_it_takes()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        foreach (var priority in Enum.GetValues<Priority>()) await desk.AddTicketAsync(priority: priority);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/");
        await page.GotoAsync("/tickets");
        var entries = await page.EvaluateAsync<int>("() => history.length");
        await page.ClickAsync(".choices summary");
        await page.FocusAsync(".filters [name=priority]");
        foreach (var priority in Enum.GetNames<Priority>())
        {
            await page.Keyboard.PressAsync("ArrowDown");
            await page.ArrivesAsync($"/tickets?priority={priority}");
        }
        Assert.Equal(entries + 1, await page.EvaluateAsync<int>("() => history.length"));
        // Keys faster than the answers are one step all the same.
        await page.FocusAsync(".filters [name=status]");
        foreach (var _ in Enum.GetNames<Status>()) await page.Keyboard.PressAsync("ArrowDown");
        await page.ArrivesAsync("/tickets?status=closed&priority=critical");
        Assert.Equal(entries + 2, await page.EvaluateAsync<int>("() => history.length"));
        await page.GoBackAsync();
        await page.ArrivesAsync("/tickets?priority=critical");
        await page.GoBackAsync();
        await page.ArrivesAsync("/tickets");
        await page.GoBackAsync();
        await page.ArrivesAsync("/");
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task A_search_keeps_what_is_selected_says_so_and_the_change_is_made_to_all_of_it()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 60; i++) await desk.AddTicketAsync(i % 5 == 0 ? $"Printer {i}" : $"Invoice {i}");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets");
        await page.CheckAsync("[data-all] input"); // 11 to 60
        await SaysAsync("50 selected");
        await SearchAsync("printer", "12 tickets.");
        await SaysAsync("50 selected, 40 of them not in this list");
        await SearchAsync("nothing like it", "No ticket matches.");
        Assert.Contains("50 selected tickets are not in this list.", await page.InnerTextAsync(".empty"));
        await SearchAsync("", "60 tickets.");
        await SaysAsync("50 selected");

        // People search to select more.
        await SearchAsync("printer", "12 tickets.");
        await page.CheckAsync("[name=ticket][value='5.1']");
        await SaysAsync("51 selected, 40 of them not in this list");
        await page.ReloadAsync();
        await SaysAsync("51 selected, 40 of them not in this list");
        await page.ClickAsync(".chip"); // the search is taken away by a link
        await page.ArrivesAsync("/tickets");
        await SaysAsync("51 selected, 50 on this page");
        await SearchAsync("invoice 1", "13 tickets.");
        await page.SelectOptionAsync("#set-status", "closed");
        await page.ClickAsync(".selection button:text-is('Change')");
        await page.Locator(".outcome p:text-is('51 tickets closed.')").WaitForAsync();
        await SaysAsync("Nothing selected");
        await page.GotoAsync("/tickets");
        await SaysAsync("Nothing selected");
        Assert.Empty(reader.Complaints);

        Task SaysAsync(string text) => Assertions.Expect(page.Locator("[data-count]")).ToHaveTextAsync(text);

        async Task SearchAsync(string text, string says)
        {
            await page.FillAsync(".filters [name=search]", text);
            await Assertions.Expect(page.Locator("[data-announce]")).ToHaveTextAsync(says);
        }
    }

    [Fact]
    public async Task All_that_match_are_added_to_what_was_selected_before_the_search()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 60; i++) await desk.AddTicketAsync($"Printer {i}");
        await desk.AddTicketAsync("Invoice");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets");
        await page.CheckAsync("[name=ticket][value='61.1']");
        await page.FillAsync(".filters [name=search]", "printer");
        await Assertions.Expect(page.Locator("[data-count]")).ToHaveTextAsync("1 selected, 0 on this page");
        await page.CheckAsync("[data-all] input");
        await page.ClickAsync("text='Select all 60 that match'");
        await Assertions.Expect(page.Locator("[data-count]")).ToHaveTextAsync("61 selected, 50 on this page");
        Assert.False(await page.Locator("[data-everything]").IsVisibleAsync());
        Assert.Empty(reader.Complaints);
    }
}
