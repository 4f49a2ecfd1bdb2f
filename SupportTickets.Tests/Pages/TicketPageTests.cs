using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tests.Pages;

public sealed class TicketPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_ticket_offers_what_makes_sense_now_and_tells_its_history_in_words(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync("A title", "A description", Category.general, Priority.low)).Id;
        var page = await site.GetAsync($"/tickets/{id}");
        Assert.Equal(["Reply", "Resolve", "Start", "Close", "Edit"], page.Texts(".ticket-head .button"));
        foreach (var (button, next) in ((string, string[])[])
        [
            ("in_progress", ["Reply", "Resolve", "Close", "Edit"]),
            ("resolved", ["Close", "Reopen", "Edit"]),
            ("closed", ["Reopen", "Edit"]),
            ("open", ["Reply", "Resolve", "Start", "Close", "Edit"]),
        ])
        {
            var sent = await site.PressAsync(page, $".ticket-head button[value={button}]");
            Assert.Equal((HttpStatusCode.Redirect, $"/tickets/{id}"), (sent.Status, sent.Location));
            page = await site.GetAsync(sent.Location!);
            Assert.Equal(next, page.Texts(".ticket-head .button"));
        }
        page = await site.GetAsync((await site.PressAsync(page, ".facts form:has(#priority) button", ("priority", "high"))).Location!);
        page = await site.GetAsync(
            (await site.PressAsync(await site.GetAsync($"/tickets/{id}/edit"), ".primary", ("title", "<i>Better</i>"))).Location!);
        Assert.Equal(
            [
                "tester opened this ticket",
                "anonymous changed status from open to in progress",
                "anonymous changed status from in progress to resolved",
                "anonymous changed status from resolved to closed",
                "anonymous reopened this ticket: status from closed to open",
                "anonymous changed priority from low to high",
                "anonymous changed the title",
            ],
            page.Texts(".timeline .event"));
        Assert.Equal(["A title", "<i>Better</i>"], page.Texts(".change dd"));
        Assert.All(
            page.Document.QuerySelectorAll("time:not([data-restored-at])"),
            time => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", time.GetAttribute("datetime")!));
        Assert.Contains("once", page.Texts(".facts dd"));
    }

    [Theory, Providers]
    public async Task Changes_of_two_people_to_different_fields_are_both_kept(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync("Old title", "Old text", Category.general, Priority.low)).Id;
        var (page, mine) = (await site.GetAsync($"/tickets/{id}"), await site.GetAsync($"/tickets/{id}/edit"));
        await site.PressAsync(await site.GetAsync($"/tickets/{id}/edit"), ".primary", ("title", "Their title"), ("priority", "critical"));

        Assert.Equal($"/tickets/{id}", (await site.PressAsync(mine, ".primary", ("description", "My text"))).Location);
        Assert.Equal($"/tickets/{id}", (await site.PressAsync(page, "button[value=resolved]")).Location);
        var ticket = await StoredAsync(desk);
        Assert.Equal(
            ("Their title", "My text", Priority.critical, Status.resolved),
            (ticket.Title, ticket.Description, ticket.Priority, ticket.Status));
        // The wish of both is no conflict, and neither is one that is fulfilled already.
        Assert.Equal($"/tickets/{id}", (await site.PressAsync(page, "button[value=resolved]")).Location);
        Assert.Equal(4, (await StoredAsync(desk)).Version);
    }

    [Theory, Providers]
    public async Task A_field_that_both_changed_is_asked_about_alone_and_what_is_chosen_stays(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync("Old title", "Old text", Category.general, Priority.low)).Id;
        var mine = await site.GetAsync($"/tickets/{id}/edit");
        var theirs = await site.GetAsync($"/tickets/{id}/edit");
        var saved = await site.PressAsync(theirs, ".primary", ("title", "Their title"), ("priority", "critical"), ("category", "billing"));
        Assert.Equal(HttpStatusCode.Redirect, saved.Status);

        var conflict = await site.PressAsync(
            mine, ".primary", ("title", "My <title>"), ("description", "My text\nin two lines"), ("priority", "high"));
        Assert.Equal(HttpStatusCode.Conflict, conflict.Status);
        Assert.Contains("Nothing was saved yet. anonymous changed the ticket last", conflict.Text(".problem p"));
        Assert.Equal(["Title", "Priority"], conflict.Texts("legend"));
        Assert.Equal(["Their title", "Critical"], conflict.Texts(".saved .text"));
        Assert.Equal(
            ("My <title>", "My text\nin two lines", "high"),
            (conflict.Value("title"), conflict.Value("description"), conflict.Value("priority")));
        var ticket = await StoredAsync(desk);
        Assert.Equal(("Their title", "Old text", 2), (ticket.Title, ticket.Description, ticket.Version));

        // The title stays as it is saved, the priority becomes mine, and what was not asked about is kept.
        ((AngleSharp.Html.Dom.IHtmlInputElement)conflict.Document.QuerySelector("[name=pick-title][value=theirs]")!).IsChecked = true;
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(conflict, ".primary")).Status);
        ticket = await StoredAsync(desk);
        Assert.Equal(
            ("Their title", "My text\nin two lines", Priority.high, Category.billing),
            (ticket.Title, ticket.Description, ticket.Priority, ticket.Category));

        // A form that does not say what its fields were is as good as stale.
        Assert.Equal(
            HttpStatusCode.Conflict, (await site.PostAsync($"/tickets/{id}/edit", [new("status", "closed"), .. Token(conflict)])).Status);
    }

    private static KeyValuePair<string, string>[] Token(Answer page) =>
        [new("__RequestVerificationToken", page.Value("__RequestVerificationToken"))];

    [Fact]
    public async Task An_edit_with_errors_keeps_the_text_and_one_without_a_change_leaves_no_trace()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync("Title", "Line one\r\nline two")).Id;
        var form = await site.GetAsync($"/tickets/{id}/edit");
        Assert.Equal($"/tickets/{id}", (await site.PressAsync(form, ".primary")).Location);
        var page = await site.PressAsync(form, ".primary", ("title", " "), ("description", "My text"), ("status", "closed"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Equal(["Enter a title."], page.Texts(".problem li"));
        Assert.Equal(("My text", "closed"), (page.Value("description"), page.Value("status")));
        var ticket = await StoredAsync(desk);
        Assert.Equal(("Line one\r\nline two", Status.open, 1), (ticket.Description, ticket.Status, ticket.Version));
        Assert.Single(ticket.Events);
    }

    [Fact]
    public async Task Text_from_people_is_shown_as_text()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        const string hostile = "</textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&#x3C; \u202E\u0007";
        var id = (await desk.AddTicketAsync(hostile, hostile + "\n\n  " + new string('w', 5000))).Id;
        foreach (var url in (string[])
            ["/", "/tickets", $"/tickets?search={Uri.EscapeDataString("<script>")}", $"/tickets/{id}", $"/tickets/{id}/edit"])
        {
            var page = await site.GetAsync(url);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.All(page.Document.Scripts, script => Assert.StartsWith("/js/", script.Source));
            Assert.Empty(page.Document.QuerySelectorAll("img, [onerror], [style], style"));
            Assert.Equal(SupportTickets.Hosting.SecurityHeaders.ContentSecurityPolicy, page.Policy);
        }
        var ticket = await site.GetAsync($"/tickets/{id}");
        Assert.Equal(hostile.Replace("\u202E", "[U+202E]"), ticket.Document.QuerySelector("h1")!.TextContent);
        Assert.Equal("auto", ticket.Document.QuerySelector(".ticket-body .text")!.GetAttribute("dir"));
        Assert.StartsWith(hostile + "\nwww", ticket.Document.QuerySelector(".ticket-body .text")!.TextContent);
        Assert.Equal(hostile, (await site.GetAsync($"/tickets/{id}/edit")).Value("title"));
    }

    [Fact]
    public async Task A_long_text_in_the_history_says_that_there_is_more_and_a_change_behind_it_says_so()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var beginning = string.Concat(Enumerable.Repeat("🔥", TicketHistory.ValueLength));
        var id = (await desk.AddTicketAsync(description: beginning)).Id;
        var edit = await site.GetAsync($"/tickets/{id}/edit");
        await site.PressAsync(edit, ".primary", ("description", beginning + " one"));
        edit = await site.GetAsync($"/tickets/{id}/edit");
        await site.PressAsync(edit, ".primary", ("description", beginning + " two"));
        var page = await site.GetAsync($"/tickets/{id}");
        Assert.Equal(
            [
                "tester opened this ticket",
                "anonymous edited the description",
                "anonymous edited the description after its first 400 characters",
            ],
            page.Texts(".timeline .event"));
        Assert.Equal([beginning, beginning + "…"], page.Texts(".change dd"));
    }

    [Fact]
    public async Task A_method_that_a_page_has_no_handler_for_is_405_with_Allow()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync()).Id;
        foreach (var (url, allow) in new[]
        {
            ("/", "GET, HEAD"),
            ("/tickets", "GET, HEAD, POST"),
            ($"/tickets/{id}?handler=Comment", "GET, HEAD, POST"),
            ("/tickets/new", "GET, HEAD, POST"),
            ($"/tickets/{id}/edit", "GET, HEAD, POST"),
        })
        {
            foreach (var method in (string[])
            [
                "TRACE", "PUT", "DELETE", "PATCH", "OPTIONS",
                .. allow.Contains("POST", StringComparison.Ordinal) ? Array.Empty<string>() : ["POST"],
            ])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), url);
                using var answer = await desk.Client.SendAsync(request, Cancel);
                Assert.Equal(
                    (url, method, HttpStatusCode.MethodNotAllowed, allow),
                    (url, method, answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
            }
        }
    }

    [Fact]
    public async Task A_long_history_is_read_in_pages()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync()).Id;
        await using (var db = desk.Database.Open())
        {
            for (var i = 0; i < 250; i++)
                db.TicketEvents.Add(
                    new TicketEvent
                    {
                        TicketId = id,
                        Actor = $"actor {i}",
                        Field = TicketField.description,
                        OldValue = new string('a', 100_000),
                        NewValue = "b",
                        At = DateTime.UnixEpoch,
                    });
            await db.SaveChangesAsync(Cancel);
        }
        var actors = new List<string>();
        for (var url = $"/tickets/{id}"; ;)
        {
            var page = await site.GetAsync(url);
            Assert.True(page.Html.Length < 300_000);
            actors.InsertRange(0, page.Texts(".timeline .event strong"));
            if (page.Document.QuerySelector("a[href*=before]") is not { } earlier) break;
            url = earlier.GetAttribute("href")!;
        }
        Assert.Equal(["tester", .. Enumerable.Range(0, 250).Select(i => $"actor {i}")], actors);
    }

    private static async Task<Ticket> StoredAsync(Desk desk)
    {
        await using var db = desk.Database.Open();
        return await db.Tickets.AsNoTracking().Include(t => t.Events).SingleAsync(Cancel);
    }
}
