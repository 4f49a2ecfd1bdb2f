using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>
/// The dashboard as it is less often: a year by week, chosen dates, a period that cannot be, nothing to count. Its usual looks are
/// in <see cref="AppearanceTests"/>.
/// </summary>
public sealed class DashboardAppearanceTests(Browser browser)
{
    private static readonly (string Name, string Address)[] Scenes =
    [
        ("_dashboard-year", "/?period=365d"),
        ("_dashboard-dates", "/?from=2026-11-16&to=2026-11-22"),
        ("_dashboard-wrong", "/?from=2026-11-30"),
    ];

    [Fact]
    public async Task It_is_accessible_and_fits_whatever_it_shows()
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        await SampleTickets.AddAsync(desk.Database, clock.GetUtcNow().UtcDateTime, cancel: TestContext.Current.CancellationToken);
        await using var empty = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true);
        var problems = new List<string>();
        await using var reader = await browser.OpenAsync(desk.Address, phone: true);
        foreach (var (name, address) in Scenes)
        {
            await reader.Page.GotoAsync(address);
            problems.AddRange(await reader.LookAsync(name));
        }
        await reader.Page.EmulateMediaAsync(new() { ForcedColors = Microsoft.Playwright.ForcedColors.Active });
        await reader.Page.GotoAsync("/");
        problems.AddRange(await reader.LookAsync("_dashboard-forced"));
        await using var first = await browser.OpenAsync(empty.Address, phone: true);
        await first.Page.GotoAsync("/");
        problems.AddRange(await first.LookAsync("_dashboard-empty"));
        problems.AddRange([.. reader.Complaints, .. first.Complaints]);
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }
}
