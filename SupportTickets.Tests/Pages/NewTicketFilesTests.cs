using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Files of a new ticket: with the form, as a browser without scripts sends it, and one by one, as attach.js does.</summary>
public sealed class NewTicketFilesTests
{
    private const string Submit = ".actions .primary", Mark = "__RequestVerificationToken";

    private static readonly (string Name, string Value)[] Ticket =
        [("description", "It looks like this"), ("title", "A title"), ("category", "general"), ("priority", "low")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_refused_form_keeps_text_and_files_and_the_ticket_takes_them_once_however_often_it_is_sent(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        var form = await site.PressAsync(
            await site.GetAsync("/tickets/new"), Submit, [("a.png", Files.Png), ("b.bin", [0, 1])], [.. Ticket[2..], Ticket[0]]);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Enter a title."), (form.Status, form.Text(".problem li")));
        Assert.Equal(["a.png 12 bytes Remove", "b.bin 2 bytes Remove"], form.Texts("[data-attach-file]"));
        Assert.Equal("It looks like this", form.Value("description"));
        // A suggestion without a script keeps them too.
        form = await site.PressAsync(form, "[data-suggest-title]", [("c.txt", [.. "c"u8])]);
        Assert.Equal(["a.png", "b.bin", "c.txt"], form.Texts("[data-attach-file] bdi"));

        for (var time = 0; time < 2; time++)
            Assert.Equal("/tickets/1", (await site.PressAsync(form, Submit, [], Ticket)).Location);
        // Copies of the same files are the same ticket; other files are another.
        foreach (var field in form.Document.QuerySelectorAll("[name=upload]")) field.Remove();
        (string, byte[])[] same = [("b.bin", [0, 1]), ("c.txt", [.. "c"u8]), ("a.png", Files.Png)];
        Assert.Equal("/tickets/1", (await site.PressAsync(form, Submit, same, Ticket)).Location);
        var other = await site.PressAsync(form, Submit, [.. same[1..], ("b.bin", [0, 2])], Ticket);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("sent before with another text", other.Text(".problem"));

        var page = await site.GetAsync("/tickets/1");
        Assert.Equal(["a.png", "b.bin", "c.txt"], page.Texts("#opening .attached a[download]"));
        Assert.Equal(Files.Png, await desk.Client.GetByteArrayAsync("/attachments/1", Cancel));
        await using var db = desk.Database.Open();
        var ticket = (await desk.TicketsAsync()).Single();
        Assert.All(await db.Attachments.ToListAsync(Cancel), file => Assert.Equal(
            (1, 0, false, ticket.CreatedAt), (file.TicketId, file.CommentId ?? 0, file.IsInternal, file.CreatedAt)));
        Assert.Equal(["open", "a.png", "b.bin", "c.txt"], ticket.Events.OrderBy(e => e.Id).Select(e => e.NewValue));
        // Sent again after it was deleted, it is not created again.
        Assert.Equal(HttpStatusCode.NoContent, (await desk.Client.DeleteAsync("/odata/Tickets(1)", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await site.PressAsync(form, Submit, same, Ticket)).Status);
        Assert.Equal(0, await db.Attachments.CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task A_stranger_hands_in_files_and_nobody_else_gets_at_them_before_the_ticket_has_them(Provider provider)
    {
        await using var desk = await Desk.StartAsync(
            provider, settings: [("ACCESS", "submit"), ("ASK_REQUESTER", "optional"), ("RATE_LIMIT_ANONYMOUS", "0")]);
        using var agent = await desk.SignedInAsync(Role.agent);
        var (site, staff) = (new Site(desk), new Site(desk, agent));
        var form = await site.GetAsync("/tickets/new");
        var first = await UploadAsync(desk.Client, form, "secret.txt", [.. "secret"u8]);
        var second = await UploadAsync(desk.Client, form, "removed.txt", [1]);
        foreach (var address in (string[])["/attachments/1", "/odata/Attachments(1)", "/odata/Attachments(1)/$value"])
            Assert.Equal((address, HttpStatusCode.NotFound), (address, (await agent.GetAsync(address, Cancel)).StatusCode));
        Assert.DoesNotContain("secret", await agent.GetStringAsync("/odata/Attachments", Cancel));
        // Its token holds for strangers only, and the other is removed.
        var theirs = await staff.GetAsync("/tickets/new");
        AddUpload(theirs, first);
        var refused = await staff.PressAsync(theirs, Submit, [], Ticket);
        Assert.Equal((HttpStatusCode.Conflict, "It looks like this"), (refused.Status, refused.Value("description")));
        Assert.Contains("A file is not there any more. Choose it again.", refused.Text(".problem"));
        using (var discarded = await SendAsync(desk.Client, HttpMethod.Delete, form, $"?upload={Uri.EscapeDataString(second)}", null))
            Assert.Equal(HttpStatusCode.NoContent, discarded.StatusCode);

        AddUpload(form, first);
        var sent = (await site.PressAsync(form, Submit, [], Ticket)).Location;
        var id = Assert.Single(await desk.TicketsAsync()).Id;
        Assert.Equal(($"/tickets/new?sent={id}", sent), (sent, (await site.PressAsync(form, Submit, [], Ticket)).Location));
        Assert.Equal(["secret.txt"], (await staff.GetAsync($"/tickets/{id}")).Texts("#opening .attached a[download]"));
        Assert.Equal(HttpStatusCode.Redirect, (await desk.Client.GetAsync("/attachments/1", Cancel)).StatusCode);
        // What a ticket has, no other takes.
        var next = await site.GetAsync("/tickets/new");
        AddUpload(next, first);
        Assert.Equal(HttpStatusCode.Conflict, (await site.PressAsync(next, Submit, [], Ticket)).Status);
        using (var forged = await SendAsync(desk.Client, HttpMethod.Post, null, "?name=a", [1]))
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal((1, 1), (await db.Tickets.CountAsync(Cancel), await db.Attachments.IgnoreQueryFilters().CountAsync(Cancel)));
    }

    [Theory, Providers]
    public async Task A_file_of_a_stranger_counts_like_a_ticket_and_over_the_limit_the_text_stays(Provider provider)
    {
        await using var desk = await Desk.StartAsync(
            provider, settings: [("ACCESS", "submit"), ("ASK_REQUESTER", "no"), ("RATE_LIMIT_ANONYMOUS", "4/day")]);
        var site = new Site(desk);
        var form = await site.GetAsync("/tickets/new");
        await UploadAsync(desk.Client, form, "1", [1]);
        // Two more files and the ticket itself would be four; the third file is over the limit, and so is the ticket.
        var refused = await site.PressAsync(form, Submit, [("2", [1]), ("3", [1]), ("4", [1]), ("5", [1])], Ticket);
        Assert.Equal((HttpStatusCode.TooManyRequests, "Too many requests"), (refused.Status, refused.Text(".problem h2")));
        Assert.Equal("It looks like this", refused.Value("description"));
        Assert.Equal(["2", "3", "4"], refused.Texts("[data-attach-file] bdi"));
        using (var upload = await SendAsync(desk.Client, HttpMethod.Post, form, "?name=6", [1]))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, upload.StatusCode);
            Assert.True(upload.Headers.RetryAfter!.Delta > TimeSpan.Zero);
            Assert.Contains("try again in", (await JsonAsync(upload))["message"]!.GetValue<string>());
        }
        // Who signed in is not counted.
        using var agent = await desk.SignedInAsync(Role.agent);
        var staff = new Site(desk, agent);
        var sent = await staff.PressAsync(
            await staff.GetAsync("/tickets/new"), Submit, [("7", [1]), ("8", [1]), ("9", [1]), ("10", [1]), ("11", [1])], Ticket);
        Assert.Equal("/tickets/1", sent.Location);
    }

    [Theory, Providers]
    public async Task Each_file_and_all_together_have_a_limit_and_what_no_ticket_takes_is_deleted_after_a_day(Provider provider)
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        await using var desk = await Desk.StartAsync(
            provider, clock, settings: [("MAX_ATTACHMENT_BYTES", "1000"), ("MAX_TICKET_ATTACHMENT_BYTES", "1500"), ("TRIAGE", "builtin")]);
        var site = new Site(desk);
        var form = await site.GetAsync("/tickets/new");
        foreach (var (name, length, words) in ((string, int, string)[])
        [
            ("a", 1001, "“a” is too large: a file has at most 1 KB."),
            ("b", 900, ""),
            ("c", 601, "“c” does not fit: all files of a ticket together have at most 2 KB."),
        ])
        {
            form = await site.PressAsync(form, words == "" ? "[data-classify] button" : Submit, [(name, new byte[length])], Ticket);
            Assert.Equal(
                (name, words == "" ? HttpStatusCode.OK : HttpStatusCode.RequestEntityTooLarge, "A title"),
                (name, form.Status, form.Value("title")));
            if (words != "") Assert.Contains(words, form.Text(".problem"));
        }
        Assert.Equal(["b 900 bytes Remove"], form.Texts("[data-attach-file]"));
        // One by one nobody knows of the others before the ticket takes them.
        AddUpload(form, await UploadAsync(desk.Client, form, "d", new byte[700]));
        form = await site.PressAsync(form, Submit, [], Ticket);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, form.Status);
        Assert.Contains("“d” does not fit", form.Text(".problem"));
        Assert.Equal(2, form.Texts("[data-attach-file]").Count);

        clock.Advance(TimeSpan.FromHours(23));
        await desk.SweepAsync();
        Assert.Equal(2, (await site.PressAsync(form, Submit, [], Ticket)).Texts("[data-attach-file]").Count);
        clock.Advance(TimeSpan.FromHours(2));
        await desk.SweepAsync();
        form = await site.PressAsync(form, Submit, [], Ticket);
        Assert.Equal((HttpStatusCode.Conflict, 0), (form.Status, form.Texts("[data-attach-file]").Count));
        await using var db = desk.Database.Open();
        Assert.Equal(0, await db.Attachments.IgnoreQueryFilters().CountAsync(Cancel));
        var place = (await site.PressAsync(form, Submit, [], Ticket)).Location;
        Assert.Equal($"/tickets/{Assert.Single(await desk.TicketsAsync()).Id}", place);
    }

    private static void AddUpload(Answer page, string token)
    {
        var field = page.Document.CreateElement("input");
        foreach (var (name, value) in ((string, string)[])[("type", "hidden"), ("name", "upload"), ("value", token)])
            field.SetAttribute(name, value);
        page.Document.QuerySelector("[data-attach-list]")!.AppendChild(field);
    }

    private static async Task<string> UploadAsync(HttpClient client, Answer page, string name, byte[] content)
    {
        using var response = await SendAsync(client, HttpMethod.Post, page, $"?name={name}", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await JsonAsync(response))["upload"]!.GetValue<string>();
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, Answer? page, string query, byte[]? content)
    {
        using var request = new HttpRequestMessage(method, $"/tickets/new/files{query}");
        if (page is not null) request.Headers.Add("RequestVerificationToken", page.Value(Mark));
        if (content is not null)
            request.Content = new ByteArrayContent(content) { Headers = { ContentType = new("application/octet-stream") } };
        return await client.SendAsync(request, Cancel);
    }
}
