using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Choosing, dropping and pasting files, in a real browser.</summary>
public sealed class AttachJourneyTests(Browser browser)
{
    private const string Rows = "[data-attach-file]", Waiting = "[data-attach-file]:has([name=upload])";

    // A picture of one pixel.
    private const string Png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_are_chosen_dropped_and_pasted_one_is_removed_and_the_comment_takes_the_rest()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("MAX_ATTACHMENT_BYTES", "1000"));
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        var uploads = 0;
        page.Request += (_, request) => uploads += request.Url.Contains("/files?name=", StringComparison.Ordinal) ? 1 : 0;
        await page.GotoAsync("/tickets/1");
        await page.LoadedAsync();

        // Which is too large is told at once, and not sent.
        await page.SetInputFilesAsync("[data-attach] [type=file]", [File("large.bin", 1001), File("chosen.bin", 10)]);
        await Assertions.Expect(page.Locator("[data-attach-error]"))
            .ToHaveTextAsync("“large.bin”: too large. A file has at most 1 KB.");
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["chosen.bin"]);
        await FireAsync(page, "drop", "dropped.txt", "dataTransfer");
        await FireAsync(page, "paste", "image.png", "clipboardData");
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["chosen.bin", "dropped.txt", "Screenshot"]);
        Assert.Equal(3, uploads);
        Assert.Empty(await reader.AxeAsync());
        var discarded = page.WaitForResponseAsync(response => response.Request.Method == "DELETE");
        await page.ClickAsync("[aria-label='Remove dropped.txt']");
        Assert.Equal(204, (await discarded).Status);
        await Assertions.Expect(page.Locator("[data-attach] [type=file]")).ToBeFocusedAsync();

        await page.FillAsync("#body", "Look");
        await page.ClickAsync("[data-send=reply]");
        await page.Locator(".comment .attached li").First.WaitForAsync();
        var shown = await page.Locator(".comment .attached a[download]").AllInnerTextsAsync();
        Assert.Equal("chosen.bin", shown[0]);
        Assert.Matches(@"^Screenshot \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$", Assert.Single(shown.Skip(1)));
        // The preview is drawn by the policy of its answer, in the room that it had before it was there.
        await page.WaitForFunctionAsync("() => document.querySelector('.attached img').naturalWidth === 1");
        var box = (await page.Locator(".attached-preview").BoundingBoxAsync())!;
        Assert.Equal((160, 90), (box.Width, box.Height));
        Assert.Empty(reader.Complaints);
        await using var db = desk.Database.Open();
        Assert.Equal(2, await db.Attachments.IgnoreQueryFilters().CountAsync(Cancel));
    }

    [Fact]
    public async Task A_comment_that_is_sent_during_an_upload_waits_for_it_and_one_whose_file_does_not_arrive_stays()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        var uploads = await HeldUploads.OfAsync(page);
        await page.GotoAsync("/tickets/1");
        await page.LoadedAsync();
        await page.FillAsync("#body", "Look");
        await page.SetInputFilesAsync("[data-attach] [type=file]", File("a.bin", 10));
        var first = await uploads.NextAsync();
        await page.ClickAsync("[data-send=reply]");
        await Assertions.Expect(page.Locator("[data-sending-text]:visible"))
            .ToHaveTextAsync("It is sent as soon as the files are uploaded.");
        await first.AbortAsync("connectionreset");
        await Assertions.Expect(page.Locator(Rows)).ToContainTextAsync("The connection was lost.");
        Assert.Equal("Look", await page.InputValueAsync("#body"));

        await page.ClickAsync($"{Rows} >> text=Try again");
        var second = await uploads.NextAsync();
        await page.ClickAsync("[data-send=reply]");
        await second.ContinueAsync();
        await page.Locator(".comment .attached li").WaitForAsync();
        Assert.All(reader.Complaints, complaint => Assert.Contains("ERR_CONNECTION_RESET", complaint));
        await using var db = desk.Database.Open();
        Assert.Equal(1, await db.Comments.CountAsync(Cancel));
    }

    [Theory]
    [InlineData("/tickets/1", "#body", "[data-send=reply]")]
    [InlineData("/tickets/new", "#description", ".actions .primary")]
    public async Task Files_are_in_the_draft_and_those_that_are_gone_are_named(string path, string field, string button)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.GotoAsync(path);
        await page.LoadedAsync();
        await page.SetInputFilesAsync(
            "[data-attach] [type=file]", [File("kept.bin", 10), File("gone.bin", 2000), File("removed.bin", 1)]);
        await Assertions.Expect(page.Locator(Waiting)).ToHaveCountAsync(3);
        var removed = page.WaitForResponseAsync(response => response.Request.Method == "DELETE");
        await page.ClickAsync("[aria-label='Remove removed.bin']");
        await removed;
        await page.ReloadAsync();
        // Also without a text.
        await page.Locator("[data-restored]:visible").WaitForAsync();
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["kept.bin 10 bytes", "gone.bin 2 KB"]);
        await page.FillAsync(field, "Look");
        await using (var db = desk.Database.Open())
            await db.Attachments.IgnoreQueryFilters().Where(f => f.Name == "gone.bin").ExecuteDeleteAsync(Cancel);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("[data-attach-error]")).ToHaveTextAsync("Not there any more: “gone.bin”. Attach it again.");
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["kept.bin"]);
        await Assertions.Expect(page.Locator(Rows)).ToContainTextAsync(["kept.bin", "Attach it again."]);
        Assert.Equal("Look", await page.InputValueAsync(field));
        Assert.Empty(await reader.AxeAsync());
        await page.SetInputFilesAsync("[data-attach] [type=file]", File("gone.bin", 2000));
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["kept.bin", "gone.bin"]);
        await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(2);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["kept.bin", "gone.bin"]);
        if (path == "/tickets/new")
        {
            await page.FillAsync("#title", "A title");
            await page.SelectOptionAsync("#category", "general");
            await page.SelectOptionAsync("#priority", "low");
        }
        // Stored, but the answer is lost with the page: the draft is sent again, and nothing twice.
        var post = new TaskCompletionSource<IRoute>();
        await page.RouteAsync(url => url.Contains(path, StringComparison.Ordinal), HoldAsync);
        await page.ClickAsync(button);
        await (await post.Task).FetchAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["kept.bin", "gone.bin"]);
        await page.ClickAsync(button);
        await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(0); // on the page of the answer: the one before may show the files too
        await page.LoadedAsync();
        await Assertions.Expect(page.Locator(".attached a[download]")).ToHaveTextAsync(["kept.bin", "gone.bin"]);
        await page.GotoAsync(path);
        await page.LoadedAsync();
        await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(0);
        await using var stored = desk.Database.Open();
        Assert.Equal(2, await stored.Attachments.IgnoreQueryFilters().CountAsync(Cancel));
        Assert.Empty(reader.Complaints);

        Task HoldAsync(IRoute route) => route.Request.Method == "POST" && post.TrySetResult(route)
            ? Task.CompletedTask : route.ContinueAsync();
    }

    [Fact]
    public async Task Without_scripts_files_come_with_the_form_and_stay_when_the_text_is_refused()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await desk.AddTicketAsync();
        await using var reader = await browser.OpenAsync(desk.Address, javaScript: false);
        var page = reader.Page;
        await page.GotoAsync("/tickets/1");
        await page.SetInputFilesAsync("[data-attach] [type=file]", [File("a.bin", 10), File("b.bin", 20)]);
        await page.ClickAsync("[data-send=reply]");
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["a.bin", "b.bin"]);
        await page.FillAsync("#body", "Look");
        await page.ClickAsync("[data-send=reply]");
        await Assertions.Expect(page.Locator(".comment .attached a[download]")).ToHaveTextAsync(["a.bin", "b.bin"]);
    }

    [Fact]
    public async Task A_stranger_adds_files_to_a_new_ticket_and_learns_before_the_upload_what_does_not_fit()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: [
            ("ACCESS", "submit"), ("ASK_REQUESTER", "no"), ("RATE_LIMIT_ANONYMOUS", "0"),
            ("MAX_ATTACHMENT_BYTES", "1000"), ("MAX_TICKET_ATTACHMENT_BYTES", "1500")]);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        var uploads = 0;
        page.Request += (_, request) => uploads += request.Url.Contains("/files?name=", StringComparison.Ordinal) ? 1 : 0;
        await page.GotoAsync("/tickets/new");
        await page.LoadedAsync();
        await page.SetInputFilesAsync("[data-attach] [type=file]", [File("a.bin", 1000), File("large.bin", 1001), File("b.bin", 600)]);
        await Assertions.Expect(page.Locator("[data-attach-error]")).ToHaveTextAsync(
            "“large.bin”: too large. A file has at most 1 KB. "
            + "“b.bin”: too large together with the others. All files have at most 2 KB.");
        await FireAsync(page, "paste", "image.png", "clipboardData", "#description");
        await FireAsync(page, "drop", "dropped.png", "dataTransfer", "#title");
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["a.bin", "Screenshot", "dropped.png"]);
        Assert.Equal(3, uploads);
        await page.SetInputFilesAsync("[data-attach] [type=file]", [.. Enumerable.Range(0, 48).Select(i => File($"{i}", 1))]);
        await Assertions.Expect(page.Locator("[data-attach-error]"))
            .ToHaveTextAsync("“47”: too many. At most 50 files are sent at once.");
        await Assertions.Expect(page.Locator(Waiting)).ToHaveCountAsync(50);
        Assert.Empty(await reader.AxeAsync());

        // What is refused stays, with its files, and what a suggestion fills has no error any more.
        await page.FillAsync("#description", "It looks like this");
        await page.ClickAsync(".actions .primary");
        await page.Locator("#title-error").WaitForAsync();
        await Assertions.Expect(page.Locator(Waiting)).ToHaveCountAsync(50);
        await page.ClickAsync("[data-suggest-title]");
        await Assertions.Expect(page.Locator("#title-error")).ToHaveCountAsync(0);
        Assert.Equal("It looks like this", await page.InputValueAsync("#title"));
        Assert.Null(await page.GetAttributeAsync("#title", "aria-invalid"));
        await Assertions.Expect(page.Locator("[data-errors] [href='#title']")).ToHaveCountAsync(0);
        await page.SelectOptionAsync("#category", "general");
        await page.SelectOptionAsync("#priority", "low");
        await page.ClickAsync(".actions .primary");
        await page.ArrivesAsync("/tickets/new?sent=1");
        await using var db = desk.Database.Open();
        Assert.Equal(50, await db.Attachments.CountAsync(f => f.TicketId == 1 && f.CommentId == null, Cancel));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task Without_scripts_a_new_ticket_comes_with_its_files_and_keeps_them_when_it_is_refused()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using var reader = await browser.OpenAsync(desk.Address, javaScript: false);
        var page = reader.Page;
        await page.GotoAsync("/tickets/new");
        await page.FillAsync("#description", "It looks like this");
        await page.SetInputFilesAsync("[data-attach] [type=file]", [File("a.bin", 10), File("b.bin", 20)]);
        await page.ClickAsync(".actions .primary");
        await Assertions.Expect(page.Locator(Waiting)).ToContainTextAsync(["a.bin", "b.bin"]);
        await page.FillAsync("#title", "A title");
        await page.SelectOptionAsync("#category", "general");
        await page.SelectOptionAsync("#priority", "low");
        await page.ClickAsync(".actions .primary");
        await page.ArrivesAsync("/tickets/1");
        await Assertions.Expect(page.Locator("#opening .attached a[download]")).ToHaveTextAsync(["a.bin", "b.bin"]);
    }

    private static FilePayload File(string name, int length) => new() { Name = name, Buffer = Files.Bytes(length), MimeType = "text/html" };

    // As a browser does it for a file that is dragged onto the box, or for a picture on the clipboard.
    private static async Task FireAsync(IPage page, string type, string name, string holder, string target = "#body") =>
        await page.EvaluateAsync(
        """
        ([type, name, holder, target, png]) => {
          const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], name, { type: "image/png" }));
          const event = new Event(type, { bubbles: true, cancelable: true });
          Object.defineProperty(event, holder, { value: data });
          document.querySelector(target).dispatchEvent(event);
        }
        """, (string[])[type, name, holder, target, Png]);
}
