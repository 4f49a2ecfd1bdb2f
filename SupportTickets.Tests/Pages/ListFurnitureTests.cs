using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>What stands above the tickets of a list takes little room, whoever looks at it and on whatever screen.</summary>
public sealed class ListFurnitureTests(Browser browser)
{
    private static readonly (int Width, int Height, int Limit)[] Screens = [(1280, 800, 260), (390, 844, 300)];

    private static readonly string[] Addresses =
    [
        "/tickets", "/tickets?search=export&status=open&category=technical&priority=high&assignee=none&sort=-urgency",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_ticket_begins_high_on_the_screen_and_nothing_is_wider_than_it(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 0; i < 3; i++)
            await desk.AddTicketAsync("The export ends early", category: Category.technical, priority: Priority.high);
        var person = await desk.AddPersonAsync(Role.agent, "Maximiliane von Hohenzollern-Sigmaringen");
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var problems = new List<string>();
        foreach (var isSignedIn in (bool[])[false, true])
        {
            if (isSignedIn) await reader.Page.SignInAsync(person, "/tickets");
            foreach (var address in Addresses)
            {
                await reader.Page.GotoAsync(address);
                problems.AddRange((await MeasureAsync(reader.Page)).Select(problem => $"{address}, signed in {isSignedIn}: {problem}"));
            }
        }
        // More views than a screen is wide are still one row.
        foreach (var name in (string[])["All that is urgent", new string('w', 60), "Waiting for the release of spring", "Billing"])
        {
            await reader.Page.GotoAsync($"/tickets?search={name}");
            await reader.Page.ClickAsync(".save-view summary");
            await reader.Page.FillAsync(".save-view [name=view]", name);
            await reader.Page.ClickAsync(".save-view button");
            await reader.Page.Locator("#views a[aria-current]").WaitForAsync();
        }
        await reader.Page.GotoAsync(Addresses[1]);
        problems.AddRange((await MeasureAsync(reader.Page)).Select(problem => $"with many views: {problem}"));
        problems.AddRange(reader.Complaints);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_selection_covers_little_of_a_low_screen_and_all_of_it_is_there_when_asked_for(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 60; i++) await desk.AddTicketAsync($"Ticket {i}");
        await desk.AddPersonAsync(Role.agent, "Ada");
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var (page, problems) = (reader.Page, new List<string>());
        await page.GotoAsync("/tickets");
        if (javaScript) await page.CheckAsync("[data-all] input");
        foreach (var (width, height) in ((int, int)[])[(320, 256), (568, 320), (800, 400), (320, 568), (390, 844), (1280, 800)])
        {
            await page.SetViewportSizeAsync(width, height);
            await page.Locator("tbody tr:nth-child(20)").ScrollIntoViewIfNeededAsync();
            if (await CoveredAsync() is var covered && covered > 0.36)
                problems.Add($"{width}x{height}: {covered:P0} of the screen are covered");
            if (!javaScript)
                continue;
            var unfold = page.Locator("[data-unfold]");
            var isLow = height < 500 || width < 700 && height < 600;
            if (await unfold.IsVisibleAsync() != isLow) problems.Add($"{width}x{height}: folded is {!isLow}");
            if (!isLow) continue;
            Assert.False(await page.Locator("#set-status").IsVisibleAsync());
            Assert.True(await page.Locator("[data-count]").IsVisibleAsync());
            await unfold.ClickAsync();
            Assert.Equal("true", await unfold.GetAttributeAsync("aria-expanded"));
            problems.AddRange((await reader.AxeAsync()).Select(problem => $"{width}x{height}: {problem}"));
            foreach (var field in (string[])["[data-everything]", "#set-status", "#set-removeTag", ".selection .button"])
            {
                await page.Locator(field).ScrollIntoViewIfNeededAsync();
                await page.Locator(field).ClickAsync(new() { Trial = true });
            }
            if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") > width)
                problems.Add($"{width}x{height}: too wide");
            await unfold.ClickAsync();
            Assert.False(await page.Locator("#set-status").IsVisibleAsync());
        }
        problems.AddRange(reader.Complaints);
        Assert.True(problems.Count == 0, string.Join('\n', problems));

        Task<double> CoveredAsync() => page.EvaluateAsync<double>("""
            () => {
              const bar = document.querySelector(".selection");
              if (!["fixed", "sticky"].includes(getComputedStyle(bar).position)) return 0;
              return bar.offsetHeight / innerHeight;
            }
            """);
    }

    private static async Task<List<string>> MeasureAsync(IPage page)
    {
        await page.LoadedAsync();
        var problems = new List<string>();
        foreach (var (width, height, limit) in Screens)
        {
            await page.SetViewportSizeAsync(width, height);
            var box = (await page.Locator(".tickets tbody tr").First.BoundingBoxAsync())!;
            if (box.Y >= limit) problems.Add($"the first ticket begins at {box.Y} px of {height}, which has to be under {limit}");
        }
        foreach (var width in (int[])[320, 390, 720, 1280])
        {
            await page.SetViewportSizeAsync(width, 800);
            var content = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (content > width) problems.Add($"{content} px wide on a screen of {width} px");
        }
        return problems;
    }
}
