using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Tests.Export;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>A day at the list, in a real browser.</summary>
public sealed class ListJourneyTests(Browser browser)
{
    private const string Focused =
        "() => document.activeElement.getAttribute('href')?.split('?')[0] ?? document.activeElement.id ?? document.activeElement.tagName";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ticket_is_triaged_by_keyboard_alone()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 5; i++) await desk.AddTicketAsync(i % 2 == 0 ? $"Printer {i}" : $"Invoice {i}");
        await using var reader = await browser.OpenAsync(desk.Address);
        var (page, keys) = (reader.Page, reader.Page.Keyboard);
        await page.GotoAsync("/");
        await keys.PressAsync("/");
        await keys.TypeAsync("printer");
        await keys.PressAsync("Enter");
        await ArriveAsync(page, "/tickets?search=printer");

        await keys.PressAsync("/");
        await keys.TypeAsync("printer 4");
        await keys.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.activeElement.id === 'results'");
        Assert.Equal("?search=printer%204", new Uri(page.Url).Query);
        await keys.PressAsync("j");
        Assert.Equal("/tickets/4", await page.EvaluateAsync<string>(Focused));
        await keys.PressAsync("Enter");
        await ArriveAsync(page, "/tickets/4?list=search%3Dprinter%25204");

        await page.FocusAsync(".facts [name=priority]"); // where Tab leads to
        await keys.PressAsync("c"); // in a field a letter is a letter: critical
        await keys.PressAsync("Enter");
        await page.Locator("text=changed priority from low to critical").WaitForAsync();
        await page.FocusAsync(".facts [name=status]");
        await keys.PressAsync("r"); // resolved
        await keys.PressAsync("Enter");
        await page.Locator(".status.tone-resolved").WaitForAsync();
        await page.Locator("h1").ClickAsync();
        await keys.PressAsync("e");
        await page.Locator("#opening textarea:focus").WaitForAsync();
        await keys.PressAsync("Escape");

        await page.GotoAsync("/tickets?sort=created");
        // On from the ticket that was open, and not beyond the ends.
        await keys.PressAsync("k");
        Assert.Equal("/tickets/3", await page.EvaluateAsync<string>(Focused));
        foreach (var key in (string[])["j", "j", "j", "x"]) await keys.PressAsync(key);
        Assert.Equal("/tickets/5", await page.EvaluateAsync<string>(Focused));
        Assert.True(await page.IsCheckedAsync("[name=ticket][value='5.1']"));
        await keys.PressAsync("e");
        await ArriveAsync(page, "/tickets/5/edit?list=sort%3Dcreated");
        await keys.PressAsync("n");
        await ArriveAsync(page, "/tickets/new");

        await using var db = desk.Database.Open();
        var ticket = await db.Tickets.SingleAsync(t => t.Id == 4, Cancel);
        Assert.Equal((Priority.critical, Status.resolved), (ticket.Priority, ticket.Status));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task A_dialog_tells_the_keys_and_turns_them_off_on_this_device()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync("One");
        await desk.AddTicketAsync("Two");
        await using var reader = await browser.OpenAsync(desk.Address);
        var (page, keys) = (reader.Page, reader.Page.Keyboard);
        await page.GotoAsync("/tickets");
        // Never with a modifier, nor in a field.
        foreach (var key in (string[])["Control+j", "Alt+n", "Meta+x", "Shift+J"]) await keys.PressAsync(key);
        await page.FocusAsync("[name=search] >> nth=-1");
        await keys.TypeAsync("?njx");
        Assert.Equal("?njx", await page.InputValueAsync(".filters [name=search]"));
        Assert.Equal("/tickets", new Uri(page.Url).AbsolutePath);
        await page.FillAsync(".filters [name=search]", "");
        await page.Locator("[data-announce]:text-is('2 tickets.')").WaitForAsync(new() { State = WaitForSelectorState.Attached });

        await page.FocusAsync("a[href^='/tickets/1']");
        await keys.PressAsync("?");
        Assert.True(await page.Locator("dialog.keys").IsVisibleAsync());
        Assert.Empty(await reader.LookAsync("_keys", fullPage: false));
        await keys.PressAsync("n"); // not in a dialog
        await keys.PressAsync("Escape");
        Assert.False(await page.Locator("dialog.keys").IsVisibleAsync());
        Assert.Equal("/tickets/1", await page.EvaluateAsync<string>(Focused));

        await page.ClickAsync("text=Keyboard shortcuts");
        await page.UncheckAsync("dialog.keys [type=checkbox]");
        await page.ClickAsync("dialog.keys button");
        await page.GotoAsync("/tickets?sort=created");
        await keys.PressAsync("j");
        await keys.PressAsync("?");
        Assert.False(await page.Locator("dialog.keys").IsVisibleAsync());
        Assert.Equal("", await page.EvaluateAsync<string>(Focused));
        await page.ClickAsync("text=Keyboard shortcuts");
        await page.CheckAsync("dialog.keys [type=checkbox]");
        await keys.PressAsync("Escape");
        await page.FocusAsync("a[href^='/tickets/1']");
        await keys.PressAsync("j");
        Assert.Equal("/tickets/2", await page.EvaluateAsync<string>(Focused));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task The_list_follows_what_is_typed_and_chosen_and_an_older_answer_is_dropped()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 4; i++) await desk.AddTicketAsync($"Ticket {i}", priority: i < 3 ? Priority.high : Priority.low);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/tickets");
        var entries = await page.EvaluateAsync<int>("() => history.length");
        foreach (var id in (int[])[2, 4]) await page.CheckAsync($"[name=ticket][value='{id}.1']");
        await page.SelectOptionAsync("#set-status", "closed");
        await page.ClickAsync(".choices summary");

        // The answers are ours to give back, when we want.
        var (questions, asked) = (new List<IRoute>(), new SemaphoreSlim(0));
        await page.RouteAsync("**/tickets?*", route =>
        {
            questions.Add(route);
            asked.Release();
            return Task.CompletedTask;
        });
        await page.FocusAsync(".filters [name=search]");
        await page.Keyboard.TypeAsync("ticket 3");
        await asked.WaitAsync(Cancel);
        Assert.Equal("true", await page.GetAttributeAsync("#results", "aria-busy"));
        foreach (var _ in "icket 3") await page.Keyboard.PressAsync("ArrowLeft");
        await page.SelectOptionAsync(".filters [name=priority]", "high");
        await asked.WaitAsync(Cancel);
        try { await questions[0].ContinueAsync(); } catch (PlaywrightException) { /* The page gave this question up. */ }
        await page.FillAsync(".filters [name=search]", "ticket");
        await asked.WaitAsync(Cancel);
        try { await questions[1].ContinueAsync(); } catch (PlaywrightException) { /* And this one. */ }
        await questions[^1].ContinueAsync();
        await page.WaitForFunctionAsync("() => document.querySelectorAll('tbody tr').length === 2");

        Assert.Equal(3, questions.Count);
        Assert.Equal("?search=ticket&priority=high", new Uri(page.Url).Query);
        Assert.Equal(entries, await page.EvaluateAsync<int>("() => history.length"));
        Assert.Equal("2 tickets.", await page.InnerTextAsync("[data-announce]"));
        Assert.Equal(["“ticket”", "Priority: high"], await page.Locator(".chip bdi").AllInnerTextsAsync());
        Assert.Equal("search", await page.EvaluateAsync<string>("() => document.activeElement.name"));
        // What is selected stays selected, there or not, and the bar works on.
        Assert.True(await page.IsCheckedAsync("[name=ticket][value='2.1']"));
        Assert.Equal("2 selected, 1 of them not in this list", await page.InnerTextAsync("[data-count]"));
        Assert.Equal("closed", await page.InputValueAsync("#set-status"));
        await page.UnrouteAsync("**/tickets?*");
        await page.ClickAsync(".selection button:text-is('Change')");
        await page.Locator(".outcome").WaitForAsync();
        Assert.Equal("?search=ticket&priority=high", new Uri(page.Url).Query);

        // What cannot be searched for is said in the place of the list; a search that works takes it away.
        await page.FillAsync(".filters [name=search]", string.Join(' ', Enumerable.Range(0, 40)));
        await page.Locator("#results .problem").WaitForAsync();
        await page.FillAsync(".filters [name=search]", "nowhere");
        await page.Locator("#results .empty").WaitForAsync();
        Assert.Equal("No ticket matches.", await page.InnerTextAsync("[data-announce]"));
        Assert.Empty(reader.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_list_is_filtered_saved_as_a_view_and_its_file_read_back(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        for (var i = 1; i <= 60; i++)
            await desk.AddTicketAsync($"Ticket {i}, with „quotes“", "=1+1\nline", priority: i % 2 == 0 ? Priority.high : Priority.low);
        var person = await desk.AddPersonAsync(Role.agent, "Ada");
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var page = reader.Page;
        await page.SignInAsync(person, "/tickets");
        await page.ClickAsync(".choices summary");
        await page.SelectOptionAsync(".filters [name=priority]", "high");
        if (!javaScript) await page.ClickAsync(".filters button");
        await page.Locator(".chip").WaitForAsync();

        foreach (var (name, read) in ((string, Func<byte[], List<string[]>>)[])
            [("CSV", ExportFile.ReadCsv), ("XLSX", file => ExportFile.ReadXlsx(file)[0])])
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync($".exports >> text='{name}'"));
            Assert.EndsWith($".{name.ToLowerInvariant()}", download.SuggestedFilename);
            await using var stream = await download.CreateReadStreamAsync();
            using var file = new MemoryStream();
            await stream.CopyToAsync(file, Cancel);
            Assert.Equal(
                Enumerable.Range(1, 30).Select(i => $"Ticket {62 - (2 * i)}, with „quotes“"),
                read(file.ToArray()).Skip(1).Select(row => row[1]));
        }

        await page.ClickAsync("text=Save this view");
        await page.FillAsync(".save-view [name=view]", "Pressing");
        await page.ClickAsync(".save-view button");
        await page.Locator("#views a[aria-current]:has-text('Pressing')").WaitForAsync();
        Assert.Equal("?priority=high", new Uri(page.Url).Query);
        await page.ClickAsync("#views >> text='All'");
        await page.ClickAsync("#views >> text=Pressing");
        await page.ArrivesAsync("/tickets?priority=high");
        await page.ClickAsync("text=Manage views");
        await page.ClickAsync("summary:text-is('Rename')");
        await page.FillAsync(".rename [name=view]", "Very pressing");
        await page.ClickAsync(".rename button");
        await page.Locator("strong:has-text('Very pressing')").WaitForAsync();
        await page.ClickAsync("text='Delete…'");
        await page.ClickAsync(".ask .danger");
        await page.Locator("text=You have none.").WaitForAsync();
        Assert.Empty(reader.Complaints);
    }

    // There, with its scripts.
    private static async Task ArriveAsync(IPage page, string address)
    {
        await page.ArrivesAsync(address);
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.foot') !== null && document.querySelector('.filters button')?.hidden !== false");
    }
}
