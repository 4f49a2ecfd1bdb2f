using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>Waiting for a page that a click leads to, and for nothing else.</summary>
internal static class Arrival
{
    /// <summary>Opens a page on which time stands still unless a test runs it.</summary>
    public static async Task OpenStandingStillAsync(this IPage page, string path)
    {
        await page.Clock.InstallAsync(new() { TimeDate = ManualClock.Monday.UtcDateTime });
        await page.GotoAsync(path);
        await page.Clock.PauseAtAsync(ManualClock.Monday.UtcDateTime.AddHours(1));
    }

    /// <summary>Signs a person in, who then arrives at a path.</summary>
    public static async Task SignInAsync(this IPage page, Person person, string then)
    {
        await page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(then)}");
        await page.FillAsync("#email", person.Email!);
        await page.FillAsync("#password", People.Password);
        await page.ClickAsync("main .primary");
        await page.ArrivesAsync(then);
    }

    /// <summary>
    /// Waits until the browser is at a path and the scripts of the page there have run. It may be there already, which
    /// WaitForURLAsync with Commit would wait for in vain.
    /// </summary>
    public static async Task ArrivesAsync(this IPage page, string path)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"^[^?]*{Regex.Escape(path)}$"), new() { Timeout = 15_000 });
        await page.LoadedAsync();
    }

    /// <summary>The draft of a new ticket as the browser keeps it; null when there is none.</summary>
    public static Task<string?> DraftOfNewTicketAsync(this IPage page) => page.EvaluateAsync<string?>(
        "() => localStorage.getItem(Object.keys(localStorage).find((name) => name.startsWith('draft /tickets/new')))");

    /// <summary>Waits until all of the page is there and its scripts have run.</summary>
    public static async Task LoadedAsync(this IPage page)
    {
        // Asked of the page itself: Playwright may not have heard yet that the page before has gone. And asked again: where scripts
        // are off, a page calls no listener when it is loaded.
        while (await StateAsync() != "complete")
            await Task.Delay(10, TestContext.Current.CancellationToken);

        async Task<string> StateAsync()
        {
            try
            {
                return await page.EvaluateAsync<string>("() => document.readyState");
            }
            catch (PlaywrightException error) when (error.Message.Contains("context was destroyed", StringComparison.Ordinal))
            {
                return "loading"; // the page before went while it was asked
            }
        }
    }
}
