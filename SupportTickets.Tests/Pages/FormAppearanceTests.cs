using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>What the form for a new ticket says while it is sent, and the pages of errors, in a real browser.</summary>
public sealed class FormAppearanceTests(Browser browser)
{
    [Fact]
    public async Task They_are_accessible_and_fit_in_both_themes_on_wide_screens_and_phones()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, kestrel: true, settings: [("ACCESS", "closed"), ("MAX_REQUEST_BYTES", "20000")]);
        var (agent, viewer) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.viewer, "Victor"));
        var problems = new List<string>();
        await using var reader = await browser.OpenAsync(desk.Address, phone: true);
        var page = reader.Page;
        await page.SignInAsync(agent, "/tickets/new");
        await page.FillAsync("#description", "The export of our orders ends after 1,000 rows.");
        await page.FillAsync("#title", new string('t', 190));
        await page.ReloadAsync();
        await page.Locator("[data-restored]").WaitForAsync();
        await LookAsync("_form-restored");
        await page.RouteAsync(
            "**/tickets/new",
            route => route.Request.Method == "POST" ? route.AbortAsync("connectionreset") : route.ContinueAsync());
        await page.ClickAsync(".actions .primary");
        await page.Locator("[data-try]").WaitForAsync();
        await LookAsync("_form-lost");
        await page.ClickAsync("[data-stop]");
        await page.UnrouteAllAsync();
        await page.FillAsync("#description", new string('x', 20_000));
        await page.ClickAsync(".actions .primary");
        await page.Locator("[data-sending]", new() { HasText = "too large" }).WaitForAsync();
        await LookAsync("_form-refused");
        await page.FillAsync("#description", "Short");
        await page.Context.ClearCookiesAsync();
        await page.ClickAsync(".actions .primary");
        await page.Locator("[data-sign-in]").WaitForAsync();
        await LookAsync("_form-signed-out");

        await page.SignInAsync(viewer, "/tickets/new");
        await LookAsync("_fault-403");
        await page.GotoAsync("/nowhere");
        await LookAsync("_fault-404");
        problems.AddRange(
            reader
                .Complaints.Where(c => !c.Contains("ERR_CONNECTION_RESET", StringComparison.Ordinal))
                );

        async Task LookAsync(string name) => problems.AddRange(await reader.LookAsync(name));
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }
}
