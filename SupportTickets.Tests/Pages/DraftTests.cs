using System.Text.Json;
using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>What is typed into the form for a new ticket, kept in a real browser.</summary>
public sealed class DraftTests(Browser browser)
{
    private const string Note = "[data-restored]";

    [Fact]
    public async Task A_draft_is_there_when_the_form_is_opened_again_and_can_be_discarded()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: [("TRIAGE", "builtin")]);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.Clock.InstallAsync(new() { TimeDate = ManualClock.Monday.UtcDateTime });
        await page.GotoAsync("/tickets/new");
        Assert.False(await page.Locator(Note).IsVisibleAsync());
        await page.FillAsync("#description", "I was charged twice\nfor my last invoice");
        await page.Clock.RunForAsync(600);
        await page.Locator("[data-mark=category]").WaitForAsync();
        await page.FillAsync("#title", "My title");
        await page.SelectOptionAsync("#priority", "critical");
        var key = await page.InputValueAsync("[name=key]");
        await page.CloseAsync();

        var next = await page.Context.NewPageAsync();
        await next.GotoAsync("/tickets/new");
        Assert.Equal("Draft from 23 Nov 2026, 15:30 restored. Discard", await next.InnerTextAsync(Note));
        Assert.Equal(
            ("I was charged twice\nfor my last invoice", "My title", "billing", "critical", key),
            (
                await ValueAsync("#description"), await ValueAsync("#title"), await ValueAsync("#category"),
                await ValueAsync("#priority"), await ValueAsync("[name=key]")));
        // What was filled in is marked still, what was chosen is a choice.
        Assert.Equal("suggested", await next.InnerTextAsync("[data-mark=category]"));
        Assert.Equal(
            (true, false),
            (await next.Locator("[data-mark=category]").IsVisibleAsync(), await next.Locator("[data-mark=priority]").IsVisibleAsync()));

        await next.ClickAsync("[data-discard]");
        Assert.Equal(
            ("", "", "", ""),
            (await ValueAsync("#description"), await ValueAsync("#title"), await ValueAsync("#category"), await ValueAsync("#priority")));
        Assert.NotEqual(key, await ValueAsync("[name=key]"));
        Assert.True(await next.EvaluateAsync<bool>("() => document.activeElement.id === 'description'"));
        await next.ReloadAsync();
        Assert.Equal("", await ValueAsync("#description"));
        Assert.Null(await next.DraftOfNewTicketAsync());
        Assert.Empty(reader.Complaints);

        Task<string> ValueAsync(string field) => next.InputValueAsync(field);
    }

    [Fact]
    public async Task A_draft_is_for_a_week_and_what_is_no_draft_is_passed_over()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.Clock.InstallAsync(new() { TimeDate = ManualClock.Monday.UtcDateTime });
        await page.GotoAsync("/tickets/new");
        await page.FillAsync("#title", "A week old");
        await page.Clock.FastForwardAsync(((7 * 24) - 1) * 3_600_000L);
        await page.ReloadAsync();
        Assert.Equal("A week old", await page.InputValueAsync("#title"));
        await page.Clock.FastForwardAsync(7_200_000);
        await page.ReloadAsync();
        Assert.Equal(("", null), (await page.InputValueAsync("#title"), await page.DraftOfNewTicketAsync()));

        foreach (var other in (string[])
        [
            "{", "null", "[]", """{"owner":"","at":"x","values":{}}""", """{"owner":"","at":1e99,"values":null}""",
        ])
        {
            await page.EvaluateAsync("text => localStorage.setItem('draft /tickets/new', text)", other);
            await page.ReloadAsync();
            Assert.Equal("", await page.InputValueAsync("#title"));
        }
        // A text that is too long to be kept leaves no older one behind, and the form says so.
        await page.FillAsync("#description", new string('x', 300_000));
        Assert.Contains(new string('x', 300_000), await page.DraftOfNewTicketAsync());
        Assert.False(await page.Locator("[data-not-kept]").IsVisibleAsync());
        await page.FillAsync("#description", new string('x', 1_000_000));
        Assert.Null(await page.DraftOfNewTicketAsync());
        Assert.StartsWith("This text is not kept on this device", await page.InnerTextAsync("[data-not-kept]"));
        await page.FillAsync("#description", "Short");
        Assert.NotNull(await page.DraftOfNewTicketAsync());
        Assert.False(await page.Locator("[data-not-kept]").IsVisibleAsync());
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task The_next_person_at_the_browser_does_not_see_it()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        var (ada, eve) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Eve"));
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.SignInAsync(ada, "/tickets/new");
        await page.FillAsync("#title", "A secret of Ada");
        // A session that ends by itself: nobody else sees it, she does when she is back.
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/tickets/new");
        Assert.Equal("", await page.InputValueAsync("#title"));
        await page.SignInAsync(ada, "/tickets/new");
        Assert.Equal("A secret of Ada", await page.InputValueAsync("#title"));
        await page.Context.ClearCookiesAsync();
        await page.SignInAsync(eve, "/tickets/new");
        Assert.Equal(("", null), (await page.InputValueAsync("#title"), await page.DraftOfNewTicketAsync()));

        await page.FillAsync("#title", "A secret of Eve");
        Assert.Contains("A secret of Eve", await page.DraftOfNewTicketAsync());
        await page.ClickAsync(".bar form >> text=Sign out");
        await page.ArrivesAsync("/sign-in");
        Assert.Null(await page.DraftOfNewTicketAsync());
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task What_is_sent_or_discarded_in_one_tab_takes_nothing_from_what_is_typed_in_another()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var (one, other) = (reader.Page, await reader.Page.Context.NewPageAsync());
        foreach (var page in new[] { one, other }) await OpenAsync(page);
        await one.FillAsync("#body", "Typed in one");
        await other.FillAsync("#body", "Typed in the other");
        await SendAsync(other, "Typed in the other");
        Assert.Equal("", await other.InputValueAsync("#body"));
        await one.ReloadAsync();
        Assert.Equal("Typed in one", await one.InputValueAsync("#body"));

        // Each tab comes back with its own text, a new one with the newest.
        await other.FillAsync("#body", "Typed later");
        await one.ReloadAsync();
        Assert.Equal("Typed in one", await one.InputValueAsync("#body"));
        var third = await one.Context.NewPageAsync();
        await OpenAsync(third);
        Assert.Equal("Typed later", await third.InputValueAsync("#body"));
        await third.ClickAsync("[data-discard]");
        await other.Locator("[data-elsewhere]:visible").WaitForAsync();
        await other.ReloadAsync();
        Assert.Equal("Typed later", await other.InputValueAsync("#body"));

        // Where the others go on with the same draft, each text is one comment.
        await third.ReloadAsync();
        Assert.Equal("Typed later", await third.InputValueAsync("#body"));
        await third.FillAsync("#body", "Typed later, and more");
        await other.Locator("[data-elsewhere]:visible").WaitForAsync();
        await SendAsync(third, "Typed later, and more");
        await SendAsync(other, "Typed later");
        // The same text is the same comment; what is typed after it is another.
        await third.ReloadAsync();
        Assert.Equal("Typed in one", await third.InputValueAsync("#body"));
        await SendAsync(third, "Typed in one");
        await one.Locator("[data-elsewhere]:visible").WaitForAsync();
        await SendAsync(one, "Typed in one");
        await one.ReloadAsync();
        Assert.Equal(("", 0), (await one.InputValueAsync("#body"), await one.EvaluateAsync<int>("() => localStorage.length")));
        Assert.Equal(
            ["Typed in the other", "Typed later, and more", "Typed later", "Typed in one"],
            await one.Locator("[id^=comment-] .text").AllInnerTextsAsync());
        Assert.Empty(reader.Complaints);

        static async Task OpenAsync(IPage page)
        {
            await page.GotoAsync("/tickets/1");
            await page.LoadedAsync();
        }

        static async Task SendAsync(IPage page, string text)
        {
            await page.ClickAsync("[data-send=reply]");
            await page.Locator("[data-outcome]:has-text('Replied.')").WaitForAsync();
            await page.GetByText(text, new() { Exact = true }).First.WaitForAsync();
        }
    }

    [Fact]
    public async Task Of_a_form_the_newest_drafts_are_kept_and_one_of_an_earlier_version_is_offered()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets/new");
        await page.EvaluateAsync(
            """
            () => {
              const values = { title: "Old", key: "k" };
              localStorage.setItem("draft /tickets/new", JSON.stringify({ owner: "", at: Date.now(), values }));
            }
            """);
        await page.ReloadAsync();
        Assert.Equal(("Old", "k"), (await page.InputValueAsync("#title"), await page.InputValueAsync("[name=key]")));
        await page.EvaluateAsync(
            """
            () => {
              for (let i = 1; i < 9; i++)
                localStorage.setItem(`draft /tickets/new ${i}`, JSON.stringify(
                  { owner: "", at: Date.now() - i * 1000, values: { title: `${i}` } }));
            }
            """);
        await page.ClickAsync("[data-discard]");
        await page.FillAsync("#title", "New");
        Assert.Equal(5, await page.EvaluateAsync<int>("() => localStorage.length"));
        await page.GotoAsync("/tickets");
        var tab = await page.Context.NewPageAsync();
        foreach (var title in (string[])["New", "1", "2", "3", "4", ""])
        {
            await tab.GotoAsync("/tickets/new");
            Assert.Equal(title, await tab.InputValueAsync("#title"));
            if (title != "") await tab.ClickAsync("[data-discard]");
        }
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task Where_storage_is_off_the_form_works_as_ever()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.AddInitScriptAsync(
            "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('Denied', 'SecurityError'); } });");
        await page.GotoAsync("/tickets/new");
        await page.FillAsync("#description", "Text");
        Assert.True(await page.Locator("[data-not-kept]").IsVisibleAsync());
        await page.FillAsync("#title", "Title");
        await page.SelectOptionAsync("#category", "general");
        await page.SelectOptionAsync("#priority", "low");
        await page.ClickAsync(".actions .primary");
        await page.ArrivesAsync("/tickets/1");
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task The_characters_left_are_counted_as_the_rule_counts_them_and_read_out_when_the_typing_rests()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.OpenStandingStillAsync("/tickets/new");
        foreach (var (length, words) in (ValueTuple<int, string>[])
        [
            (179, ""), (180, "20 characters left"), (199, "1 character left"), (200, "0 characters left"),
            (201, "1 character too many"), (1, ""),
        ])
        {
            await page.FillAsync("#title", $" {string.Concat(Enumerable.Repeat("😀", length))} ");
            Assert.Equal((length, words), (length, await page.TextContentAsync("[data-left]")));
            Assert.Equal(words != "", await page.Locator("[data-left]").IsVisibleAsync());
            await page.Clock.RunForAsync(1000);
            Assert.Equal(words, await page.TextContentAsync("[data-left-said]"));
        }
        await page.FillAsync("#title", new string('t', 190));
        await page.ReloadAsync();
        Assert.Equal("10 characters left", await page.InnerTextAsync("[data-left]")); // of the draft too
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task A_text_that_is_short_or_was_asked_about_is_not_asked_about()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: [("TRIAGE", "builtin")]);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        var asked = new List<string?>();
        await page.RouteAsync("**/tickets/new?handler=Classify", route =>
        {
            asked.Add(route.Request.PostData);
            if (asked.Count == 3) return route.AbortAsync();
            var suggested = new
            {
                category = "billing",
                priority = asked.Count == 1 ? "low" : "high",
                id = (string?)null,
                source = "a model",
            };
            return route.FulfillAsync(new() { ContentType = "application/json", Body = JsonSerializer.Serialize(suggested) });
        });
        await page.OpenStandingStillAsync("/tickets/new");
        await TypeAsync("Too short");
        await TypeAsync("Long enough to be asked about");
        await page.WaitForFunctionAsync("() => document.querySelector('#priority').value === 'low'");
        Assert.Equal("suggested", await page.InnerTextAsync("[data-mark=category]"));
        await page.FillAsync("#description", "Long enough to be asked about, and more");
        await TypeAsync("Long enough to be asked about ");
        await page.Locator("#description").BlurAsync();
        await TypeAsync("Another text, long enough too");
        await page.WaitForFunctionAsync("() => document.querySelector('#priority').value === 'high'");
        Assert.Equal(2, asked.Count);

        // No answer changes nothing, and says nothing.
        var failed = new TaskCompletionSource();
        page.RequestFailed += (_, _) => failed.TrySetResult();
        await TypeAsync("A text whose question is lost");
        await failed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(("billing", "high"), (await page.InputValueAsync("#category"), await page.InputValueAsync("#priority")));
        Assert.False(await page.Locator(".problem").IsVisibleAsync());

        async Task TypeAsync(string text)
        {
            await page.FillAsync("#description", text);
            await page.Clock.RunForAsync(600);
        }
    }
}
