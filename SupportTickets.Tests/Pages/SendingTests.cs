using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Sending the form for a new ticket when something comes between, in a real browser.</summary>
public sealed class SendingTests(Browser browser)
{
    private const string Create = ".actions .primary", Panel = "[data-sending]", TryNow = "[data-try]", Stop = "[data-stop]";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_is_lost_before_the_answer_arrives_creates_one_ticket()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        var tries = await TakeTriesAsync(page);
        await WriteAsync(page);
        await page.ClickAsync(Create);
        var first = await tries.NextAsync();
        await first.FetchAsync(); // The desk has it, the browser will not know.
        Assert.Equal(1, await CountAsync(desk));
        await first.AbortAsync("connectionreset");
        await page.Locator(Panel, new() { HasText = "The connection was lost. Your text is kept, and is sent again in 2 seconds." })
            .WaitForAsync();
        Assert.Equal("The text", await page.InputValueAsync("#description"));
        Assert.NotNull(await page.DraftOfNewTicketAsync());

        await page.ClickAsync(TryNow);
        await (await tries.NextAsync()).ContinueAsync();
        await page.ArrivesAsync("/tickets/1");
        Assert.Equal((1, 1), (await CountAsync(desk), (await desk.TicketsAsync())[0].Events.Count));
        Assert.Null(await page.DraftOfNewTicketAsync());
        Assert.All(reader.Complaints, complaint => Assert.Contains("ERR_CONNECTION_RESET", complaint));
    }

    [Fact]
    public async Task It_is_sent_by_itself_when_the_connection_is_back()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await WriteAsync(page);
        await page.Context.SetOfflineAsync(true);
        await page.ClickAsync(Create);
        await page.Locator(Panel, new() { HasText = "There is no connection." }).WaitForAsync();
        Assert.Equal(0, await CountAsync(desk));
        await page.Context.SetOfflineAsync(false);
        await page.ArrivesAsync("/tickets/1");
        Assert.Equal(1, await CountAsync(desk));
        Assert.All(reader.Complaints, complaint => Assert.Contains("ERR_INTERNET_DISCONNECTED", complaint));
    }

    [Fact]
    public async Task It_is_tried_again_after_growing_pauses_and_not_before_the_desk_says()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.OpenStandingStillAsync("/tickets/new");
        var tries = await TakeTriesAsync(page);
        await WriteAsync(page, open: false);
        await page.ClickAsync(Create);
        string? body = null;
        foreach (var seconds in (int[])[2, 4, 8])
        {
            var lost = await tries.NextAsync();
            Assert.Equal(body ??= lost.Request.PostData, lost.Request.PostData);
            await lost.AbortAsync("connectionrefused");
            await AssertTriedAfterAsync(seconds);
        }
        // Longer than the pause would be, because the desk says so; then it is the pause again.
        await (await tries.NextAsync()).FulfillAsync(
            new()
            {
                Status = 503,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "40" },
            });
        await AssertTriedAfterAsync(40);
        await (await tries.NextAsync()).FulfillAsync(new() { Status = 502 });
        await AssertTriedAfterAsync(30);
        await (await tries.NextAsync()).ContinueAsync();
        await page.ArrivesAsync("/tickets/1");

        async Task AssertTriedAfterAsync(int seconds)
        {
            await page.Locator(Panel, new() { HasText = $"is sent again in {seconds} seconds" }).WaitForAsync();
            await page.Clock.RunForAsync(seconds * 1000 - 100);
            Assert.Contains($"in {seconds} seconds", await page.InnerTextAsync(Panel));
            await page.Clock.RunForAsync(100);
        }
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_place_with_the_text_kept_and_the_focus_moved()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await WriteAsync(page);
        await page.EvaluateAsync("() => { window.same = true; }");
        await page.FillAsync("#title", new string('t', 201));
        await page.ClickAsync(Create);
        await page.Locator(".problem li").WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.same && document.activeElement.matches('.problem')"));
        Assert.Equal(
            ("Error: New ticket · SupportTickets", "Shorten the title to 200 characters or fewer."),
            (await page.TitleAsync(), await page.InnerTextAsync(".problem li")));
        Assert.Equal(
            ("The text", "true"), (await page.InputValueAsync("#description"), await page.GetAttributeAsync("#title", "aria-invalid")));
        await page.ClickAsync(".problem a");
        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.id === 'title'"));

        await page.FillAsync("#title", "Short");
        await page.ClickAsync(Create);
        await page.ArrivesAsync("/tickets/1");
        Assert.Equal("Short", Assert.Single(await desk.TicketsAsync()).Title);
        Assert.Null(await page.DraftOfNewTicketAsync());
        // Who goes back gets a new form, and not half of the one that was sent.
        await page.GoBackAsync();
        await page.ArrivesAsync("/tickets/new#title"); // where the link of the error led
        Assert.Equal(
            ("", "", "", null),
            (
                await page.InputValueAsync("#description"), await page.InputValueAsync("#title"),
                await page.InputValueAsync("#category"), await page.DraftOfNewTicketAsync()));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task A_form_that_was_sent_with_another_text_is_sent_as_a_ticket_of_its_own_when_the_person_says_so()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        var tries = await TakeTriesAsync(page);
        await WriteAsync(page);
        await page.ClickAsync(Create);
        var first = await tries.NextAsync();
        await first.FetchAsync();
        await page.ClickAsync(Stop);
        await page.Locator(Panel, new() { HasText = "Stopped." }).WaitForAsync();
        await page.FillAsync("#title", "Another title");
        await page.ClickAsync(Create);
        await (await tries.NextAsync()).ContinueAsync();
        await page.Locator(".problem a[href='/tickets/1']").WaitForAsync();
        Assert.Equal("Another title", await page.InputValueAsync("#title"));
        Assert.Equal(1, await CountAsync(desk));
        await page.ClickAsync(Create);
        await (await tries.NextAsync()).ContinueAsync();
        await page.ArrivesAsync("/tickets/2");
        Assert.Equal(["A title", "Another title"], (await desk.TicketsAsync()).Select(t => t.Title));
    }

    [Fact]
    public async Task A_refusal_is_told_in_its_own_words_and_the_form_can_be_sent_again()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("MAX_REQUEST_BYTES", "20000"));
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await WriteAsync(page);
        await page.FillAsync("#description", new string('x', 20_000));
        await page.ClickAsync(Create);
        await page.Locator(Panel, new() { HasText = "What you sent is too large." }).WaitForAsync();
        Assert.Equal(20_000, (await page.InputValueAsync("#description")).Length);
        await page.FillAsync("#description", "Shorter");
        await page.ClickAsync(Create);
        await page.ArrivesAsync("/tickets/1");
    }

    [Fact]
    public async Task A_session_that_ended_meanwhile_loses_no_text()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        var (ada, eve) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Eve"));
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync("/sign-in?returnUrl=%2Ftickets%2Fnew");
        await SignInAsync(page, ada);
        await WriteAsync(page, open: false);
        await page.Context.ClearCookiesAsync();
        await page.ClickAsync(Create);
        await page.Locator(Panel, new() { HasText = "sign in again in a new tab" }).WaitForAsync();
        var tab = await page.RunAndWaitForPopupAsync(() => page.ClickAsync("[data-sign-in]"));

        // Somebody else is not taken for her, and does not see her text.
        await SignInAsync(tab, eve);
        await tab.ArrivesAsync("/tickets/new");
        Assert.Equal("", await tab.InputValueAsync("#description"));
        await page.ClickAsync(TryNow);
        await page.Locator(TryNow).WaitForAsync();
        Assert.Equal(0, await CountAsync(desk));
        await tab.ClickAsync(".bar form >> text=Sign out");
        await tab.ArrivesAsync("/sign-in");
        await SignInAsync(tab, ada);
        await tab.ArrivesAsync(SignedInSite.StartOf(ada.Role));
        await page.ClickAsync(TryNow);
        await page.ArrivesAsync("/tickets/1");
        Assert.Equal("Ada", Assert.Single(Assert.Single(await desk.TicketsAsync()).Events).Actor);
    }

    [Fact]
    public async Task A_plain_form_can_be_sent_again_after_it_was_stopped_and_a_double_press_is_one()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.OpenStandingStillAsync("/sign-in"); // the forms of tickets are sent by scripts of their own
        // Behind the page's own listener: notes what it let through, and lets nothing leave, as a page that is stopped.
        await page.EvaluateAsync(
            """
            () => {
                window.sent = [];
                addEventListener('submit', (event) => { sent.push(!event.defaultPrevented); event.preventDefault(); });
            }
            """);
        await page.ClickAsync(Create);
        await page.ClickAsync(Create);
        await page.Keyboard.PressAsync("Escape");
        await page.ClickAsync(Create);
        await page.ClickAsync(Create);
        await page.Clock.FastForwardAsync(10_000);
        await page.ClickAsync(Create);
        Assert.Equal("true,false,true,false,true", await page.EvaluateAsync<string>("() => sent.join()"));
    }

    private static async Task SignInAsync(IPage page, Person person)
    {
        await page.FillAsync("#email", person.Email!);
        await page.FillAsync("#password", People.Password);
        await page.ClickAsync("main .primary");
    }

    private static async Task WriteAsync(IPage page, bool open = true)
    {
        if (open) await page.GotoAsync("/tickets/new");
        await page.FillAsync("#description", "The text");
        await page.FillAsync("#title", "A title");
        await page.SelectOptionAsync("#category", "general");
        await page.SelectOptionAsync("#priority", "low");
    }

    private static async Task<int> CountAsync(Desk desk)
    {
        await using var db = desk.Database.Open();
        return await db.Tickets.CountAsync(Cancel);
    }

    private static async Task<Tries> TakeTriesAsync(IPage page)
    {
        var tries = new Tries();
        await page.RouteAsync("**/tickets/new", tries.TakeAsync);
        return tries;
    }

    /// <summary>The posts of a form, whose fate is the test's.</summary>
    private sealed class Tries
    {
        private readonly System.Threading.Channels.Channel<IRoute> _posts = System.Threading.Channels.Channel.CreateUnbounded<IRoute>();

        public async Task TakeAsync(IRoute route)
        {
            if (route.Request.Method == "POST") await _posts.Writer.WriteAsync(route, Cancel);
            else await route.ContinueAsync();
        }

        public async Task<IRoute> NextAsync()
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(20));
            return await _posts.Reader.ReadAsync(limit.Token);
        }
    }
}
