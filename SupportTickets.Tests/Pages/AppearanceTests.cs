using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>
/// Every page of the desk, light and dark, wide and on a phone; those for signing in are in AccessAppearanceTests. With SCREENSHOTS
/// set to a folder they also write the pictures there:
/// <c>SCREENSHOTS=$PWD/docs/screenshots dotnet test -- --filter-class "*AppearanceTests"</c>.
/// </summary>
public sealed class AppearanceTests(Browser browser)
{
    [Fact]
    public async Task Every_page_is_accessible_and_fits_in_both_themes_on_wide_screens_and_phones()
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, kestrel: true, settings: ("TRIAGE", "builtin"));
        var id = await SampleTickets.AddAsync(desk.Database, clock.GetUtcNow().UtcDateTime, cancel: TestContext.Current.CancellationToken);
        const string address = "https://example.com/a/rather/long/address/that/has/to/break/somewhere/on/a/phone?because=it&is=long";
        var written = (await desk.AddTicketAsync("A description with everything that Markdown may", $"""
            A paragraph with *emphasis*, **strength**, `code` and [a link](https://example.com/),
            a second line, and an address: {address}

            > What somebody said,
            > with a [link](https://example.com/)

            - one
            - two
              1. first
              2. second

            ```
            a line of a log that is longer than a phone is wide, and than the column on a wide screen too, so that it has to break somewhere
            ```

            ---
            ![A picture](https://example.com/picture.png)
            """)).Id;
        var talked = await TalkAsync(desk);
        var problems = new List<string>();
        await using var reader = await browser.OpenAsync(desk.Address, phone: true);
        foreach (var (name, open) in Scenes(id, written, talked))
        {
            await open(reader);
            problems.AddRange(await reader.LookAsync(name, fullPage: name is not "tickets"));
        }
        problems.AddRange(reader.Complaints);
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    // A conversation with everything that it can hold.
    internal static async Task<int> TalkAsync(Desk desk)
    {
        var ada = await desk.AddPersonAsync(Role.agent, "Ada Lovelace");
        var id = (await desk.AddTicketAsync(
            "The export of orders ends after 1,000 rows", "Since Thursday the export stops at row 1,000, whatever I choose.",
            Category.technical, Priority.high)).Id;
        var other = await desk.AddTicketAsync("The invoice of October shows the wrong address");
        foreach (var ticket in new[] { id, other.Id }) await desk.AddRequesterAsync(ticket, "Rita Meyer-Lüdenscheid", "rita@example.com");
        await desk.TagAsync(id, "export", "orders", "waiting for release", "Großkunde");
        await desk.AddCommentAsync(id, "Which format do you choose, CSV or XLSX?", by: ada);
        await desk.AddCommentAsync(
            id, "> Which format do you choose?\n\nBoth. It is the same as in #1.", requester: "Rita Meyer-Lüdenscheid");
        await desk.AddCommentAsync(
            id, "Row 1,001 has a line break in `note`. The parser stops there, see **PR 88**.", isInternal: true, by: ada);
        var log = Enumerable.Range(1, 60).Select(i => $"12:00:{i:00} exporter[4711] wrote row {i * 17}");
        await desk.AddCommentAsync(id, string.Join('\n', log), isInternal: true);
        await desk.AddCommentAsync(
            id, "# What we found\n\n| format | rows |\n|---|---|\n| CSV | 1,000 |\n| XLSX | 1,000 |\n\nThe fix comes *tonight*.");
        return id;
    }

    // Those whose name begins with an underscore are checked, but are not among the pictures of the documentation.
    private static IEnumerable<(string Name, Func<Reader, Task> Open)> Scenes(int id, int written, int talked)
    {
        yield return ("dashboard", reader => reader.Page.GotoAsync("/"));
        yield return ("_dashboard-tables", async reader =>
        {
            foreach (var summary in await reader.Page.Locator("summary").AllAsync()) await summary.ClickAsync();
        }
        );
        yield return ("tickets", reader => reader.Page.GotoAsync("/tickets"));
        yield return ("_tickets-selected", async reader =>
        {
            foreach (var box in (await reader.Page.Locator("[name=ticket]").AllAsync()).Take(3)) await box.CheckAsync();
        }
        );
        yield return ("_tickets-refused", async reader =>
        {
            await reader.Page.EvaluateAsync("""
                () => {
                    for (const box of document.querySelectorAll('[name=ticket]:checked')) box.value = box.value.split('.')[0] + '.0';
                }
                """);
            await reader.Page.SelectOptionAsync("#set-priority", "low");
            await reader.Page.SelectOptionAsync("#set-status", "in_progress");
            await reader.Page.ClickAsync(".selection button:text-is('Change')");
            await reader.Page.Locator(".outcome li").First.WaitForAsync();
        }
        );
        yield return ("_tickets-filtered", reader => reader.Page.GotoAsync("/tickets?status=open&priority=high&search=the&sort=-urgency"));
        yield return ("_tickets-none", reader => reader.Page.GotoAsync("/tickets?search=nothing+at+all"));
        yield return ("_tickets-bad", reader => reader.Page.GotoAsync("/tickets?status=nope"));
        yield return ("new-ticket", async reader =>
        {
            await reader.Page.GotoAsync("/tickets/new");
            await reader.Page.FillAsync(
                "#description",
                "The export of our orders ends after 1,000 rows since Thursday. "
                    + "We need the whole file by Wednesday for the tax filing.");
            await reader.Page.Locator("[data-mark=category]").WaitForAsync();
            await reader.Page.ClickAsync("[data-suggest-title]");
            await reader.Page.WaitForFunctionAsync("() => document.querySelector('#title').value !== ''");
            await reader.Page.EvaluateAsync("() => document.activeElement.blur()");
        }
        );
        yield return ("_new-ticket-errors", async reader =>
        {
            await reader.Page.GotoAsync("/tickets/new");
            await reader.Page.ClickAsync("[data-discard]"); // the draft of the scene before
            await reader.Page.ClickAsync(".actions .primary");
            await reader.Page.Locator(".problem").WaitForAsync();
        }
        );
        yield return ("ticket", reader => reader.Page.GotoAsync($"/tickets/{id}"));
        yield return ("_ticket-markdown", reader => reader.Page.GotoAsync($"/tickets/{written}"));
        yield return ("ticket-notes", reader => reader.Page.GotoAsync($"/tickets/{talked}"));
        yield return ("_ticket-refused", async reader =>
        {
            await reader.Page.ClickAsync("label:has(#kind-note)");
            await reader.Page.ClickAsync("[data-send=note]");
            await reader.Page.Locator("#body-error").WaitForAsync();
            foreach (var summary in await reader.Page.Locator(".facts summary, .comment-edit summary").AllAsync())
                await summary.ClickAsync();
        }
        );
        yield return ("requester", async reader =>
        {
            await reader.Page.GotoAsync($"/tickets/{talked}");
            await reader.Page.ClickAsync(".requester a[href^='/requesters/']");
            await reader.Page.Locator("h1:has-text('Rita Meyer-Lüdenscheid')").WaitForAsync();
        }
        );
        yield return ("edit", reader => reader.Page.GotoAsync($"/tickets/{id}/edit"));
        yield return ("edit-conflict", async reader =>
        {
            await reader.Page.EvaluateAsync("() => document.querySelector('[name=was-title]').value = 'x'");
            await reader.Page.FillAsync("#title", "Another title");
            await reader.Page.ClickAsync(".actions .primary");
            await reader.Page.Locator(".versions").WaitForAsync();
        }
        );
        yield return ("connect", reader => reader.Page.GotoAsync("/connect"));
        yield return ("not-found", reader => reader.Page.GotoAsync("/tickets/999999"));
    }
}
