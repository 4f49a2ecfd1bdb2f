using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Files in the writing box: with the form, as a browser without scripts sends it, and one by one, as attach.js does.</summary>
public sealed class AttachmentPageTests
{
    private const string Mark = "__RequestVerificationToken", Comment = "/tickets/1?handler=Comment";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_form_brings_text_and_files_and_shows_both(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        var site = new Site(desk);
        var page = await site.GetAsync("/tickets/1");
        using (var form = Form(page, "Look at these", ("a.png", Files.Png), ("b.bin", [0, 1])))
        using (var sent = await desk.Client.PostAsync(Comment, form, Cancel))
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        page = await site.GetAsync("/tickets/1");
        Assert.Equal(["a.png", "b.bin"], page.Texts(".comment .attached a[download]"));
        Assert.Equal("/attachments/1?inline=1", page.Document.QuerySelector(".attached img")!.GetAttribute("src"));
        Assert.Contains(page.Texts(".timeline .event"), text => text.Contains("attached ⁨a.png⁩", StringComparison.Ordinal));
        Assert.Equal(Files.Png, await desk.Client.GetByteArrayAsync("/attachments/1", Cancel));
    }

    [Fact]
    public async Task Who_asks_for_the_files_of_a_draft_with_nonsense_gets_an_answer_and_no_fault()
    {
        await using var desk = await StartAsync(Provider.Sqlite);
        var token = (await new Site(desk).GetAsync("/tickets/1")).Value(Mark);
        foreach (var (body, type, status, answer) in ((string, string, HttpStatusCode, string?)[])
        [
            ("upload=x&upload=%00&other=1&upload=%ff", "application/x-www-form-urlencoded", HttpStatusCode.OK, "[false,false,false]"),
            ("", "application/x-www-form-urlencoded", HttpStatusCode.OK, "[]"),
            ("""["x"]""", "application/json", HttpStatusCode.OK, "[]"),
            ("--x", "multipart/form-data; boundary=x", HttpStatusCode.OK, "[]"),
            (string.Concat(Enumerable.Repeat("upload=x&", 60)), "application/x-www-form-urlencoded", HttpStatusCode.OK,
                $"[{string.Join(',', Enumerable.Repeat("false", Attachment.MaxAtOnce))}]"),
            (string.Concat(Enumerable.Repeat("upload=x&", 1001)), "application/x-www-form-urlencoded", HttpStatusCode.BadRequest, null),
        ])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/tickets/1/files/kept") { Content = new StringContent(body) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            request.Headers.Add("RequestVerificationToken", token);
            using var response = await desk.Client.SendAsync(request, Cancel);
            Assert.Equal((body, status), (body, response.StatusCode));
            if (answer is not null) Assert.Equal(answer, await response.Content.ReadAsStringAsync(Cancel));
        }
        using var without = await desk.Client.PostAsync("/tickets/1/files/kept", new StringContent("upload=x"), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
    }

    [Theory, Providers]
    public async Task What_is_wrong_with_the_text_loses_no_file_and_what_is_wrong_with_a_file_loses_no_text(Provider provider)
    {
        await using var desk = await StartAsync(provider, ("MAX_ATTACHMENT_BYTES", "1000"), ("MAX_TICKET_ATTACHMENT_BYTES", "5000"),
            ("MAX_REQUEST_BYTES", "20000"));
        var page = await new Site(desk).GetAsync("/tickets/1");
        page = await SendAsync(desk, Form(page, " ", ("a.png", Files.Png)), HttpStatusCode.UnprocessableEntity);
        Assert.Equal("a.png 12 bytes Remove", page.Text("[data-attach-file]"));
        // The second is over the limit of a file; the third request as a whole is over what is taken at all.
        foreach (var length in (int[])[1001, 30_000])
        {
            page = await SendAsync(
                desk, Form(page, "Kept", ("b.bin", new byte[length]), ("c.bin", new byte[10])), HttpStatusCode.RequestEntityTooLarge);
            Assert.Equal("Kept", page.Value("body"));
            Assert.Equal("“b.bin” is too large: a file has at most 1 KB.", page.Text(".write .problem"));
        }
        Assert.Equal(["a.png 12 bytes Remove", "c.bin 10 bytes Remove"], page.Texts("[data-attach-file]"));
        using (var chunked = new HttpRequestMessage(HttpMethod.Post, Comment) { Content = Form(page, "Kept", ("b.bin", new byte[30_000])) })
        {
            chunked.Headers.TransferEncodingChunked = true;
            using var answer = await desk.Client.SendAsync(chunked, Cancel);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            Assert.Contains(">\nKept</textarea>", await answer.Content.ReadAsStringAsync(Cancel));
        }
        using (var sent = await desk.Client.PostAsync(Comment, Form(page, "Kept"), Cancel))
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal(
            [("a.png", 1, false), ("c.bin", 1, false)],
            (await db.Attachments.OrderBy(f => f.Id).ToListAsync(Cancel)).Select(f => (f.Name, f.CommentId ?? 0, f.IsInternal)));
        Assert.Equal(2, await db.TicketEvents.CountAsync(e => e.Field == TicketField.attachment, Cancel));
    }

    [Theory, Providers]
    public async Task A_form_that_is_sent_again_adds_its_files_once_and_takes_no_others(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        var page = await new Site(desk).GetAsync("/tickets/1");
        foreach (var (content, expected) in (ValueTuple<byte[], HttpStatusCode>[])
            [(Files.Png, HttpStatusCode.Redirect), (Files.Png, HttpStatusCode.Redirect), ([1, 2], HttpStatusCode.UnprocessableEntity)])
        {
            using var form = Form(page, "Look at this", ("a.png", content));
            using var sent = await desk.Client.PostAsync(Comment, form, Cancel);
            Assert.Equal(expected, sent.StatusCode);
        }
        await using var db = desk.Database.Open();
        Assert.Equal((1, 1), (await db.Comments.CountAsync(Cancel), await db.Attachments.CountAsync(f => f.CommentId == 1, Cancel)));
        Assert.Equal(1, await db.TicketEvents.CountAsync(e => e.Field == TicketField.attachment, Cancel));
    }

    [Theory, Providers]
    public async Task A_file_is_uploaded_while_the_comment_is_written_and_sending_that_twice_adds_nothing_twice(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        var page = await new Site(desk).GetAsync("/tickets/1");
        var upload = await UploadAsync(desk.Client, page, "shot.png", Files.Png);
        for (var time = 0; time < 2; time++)
        {
            using var form = Form(page, "See");
            form.Add(new StringContent(upload), "upload");
            form.Add(new StringContent("note"), "kind");
            using var sent = await desk.Client.PostAsync(Comment, form, Cancel);
            Assert.Equal((HttpStatusCode.Redirect, "/tickets/1#comment-1"), (sent.StatusCode, sent.Headers.Location!.ToString()));
        }
        await using var db = desk.Database.Open();
        var file = await db.Attachments.SingleAsync(Cancel);
        Assert.Equal(("shot.png", 1, true), (file.Name, file.CommentId, file.IsInternal));
        Assert.True((await db.TicketEvents.SingleAsync(e => e.Field == TicketField.attachment, Cancel)).IsInternal);
        // It is with that comment now: no other takes it, and nobody discards it.
        page = await new Site(desk).GetAsync("/tickets/1");
        using var other = Form(page, "See");
        other.Add(new StringContent(upload), "upload");
        page = await SendAsync(desk, other, HttpStatusCode.Conflict);
        Assert.Equal("A file is not there any more. Choose it again.", page.Text(".write .problem"));
        Assert.Equal("See", page.Value("body"));
        using var discarded = await SendAsync(desk.Client, HttpMethod.Delete, page, $"?upload={Uri.EscapeDataString(upload)}", null);
        Assert.Equal(HttpStatusCode.NoContent, discarded.StatusCode);
        Assert.Equal((1, 1), (await db.Attachments.CountAsync(Cancel), await db.Comments.CountAsync(Cancel)));
    }

    [Theory, Providers]
    public async Task An_upload_is_of_one_person_for_one_ticket_and_from_a_page_of_this_desk(Provider provider)
    {
        await using var desk = await StartAsync(provider, ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        using var ada = await desk.SignedInAsync(Role.agent, "Ada");
        using var bob = await desk.SignedInAsync(Role.agent, "Bob");
        using var viewer = await desk.SignedInAsync(Role.viewer);
        var page = await new Site(desk, ada).GetAsync("/tickets/1");
        var upload = await UploadAsync(ada, page, "a", [1]);
        foreach (var (client, ticket) in ((HttpClient, int)[])[(bob, 1), (ada, 2)])
        {
            var theirs = await new Site(desk, client).GetAsync($"/tickets/{ticket}");
            using var discarded = await SendAsync(
                client, HttpMethod.Delete, theirs, $"?upload={Uri.EscapeDataString(upload)}", null, ticket);
            using var form = Form(theirs, "Mine");
            form.Add(new StringContent(upload), "upload");
            using var sent = await client.PostAsync($"/tickets/{ticket}?handler=Comment", form, Cancel);
            Assert.Equal(HttpStatusCode.Conflict, sent.StatusCode);
        }
        using (var forged = await SendAsync(ada, HttpMethod.Post, null, "?name=a", [1]))
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using (var refused = await SendAsync(viewer, HttpMethod.Post, page, "?name=a", [1]))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var gone = await SendAsync(ada, HttpMethod.Post, page, "?name=a", [1], ticket: 99))
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using (var nameless = await SendAsync(ada, HttpMethod.Post, page, "?name=a%E2%80%AEb", [1]))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, nameless.StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal((1, 0), (await db.Attachments.IgnoreQueryFilters().CountAsync(Cancel), await db.Comments.CountAsync(Cancel)));
        using (var discarded = await SendAsync(ada, HttpMethod.Delete, page, $"?upload={Uri.EscapeDataString(upload)}", null))
            Assert.Equal(HttpStatusCode.NoContent, discarded.StatusCode);
        Assert.Equal(0, await db.Attachments.IgnoreQueryFilters().CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task An_upload_that_is_too_large_is_413_and_one_that_is_cut_off_leaves_nothing(Provider provider)
    {
        var folder = Directory.CreateTempSubdirectory("support-tickets-test-").FullName;
        await using var desk = await StartAsync(
            provider, kestrel: true, ("MAX_ATTACHMENT_BYTES", "300000"), ("ATTACHMENTS_DIR", folder));
        var page = await new Site(desk).GetAsync("/tickets/1");
        using (var large = await SendAsync(desk.Client, HttpMethod.Post, page, "?name=large.bin", new byte[300_001]))
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
            Assert.Equal(
                "“large.bin” is too large: a file has at most 300 KB.",
                JsonNode.Parse(await large.Content.ReadAsStringAsync(Cancel))!["message"]!.GetValue<string>());
        }
        var cookie = (await desk.Client.GetAsync("/tickets/1", Cancel)).RequestMessage!.Headers.GetValues("Cookie").Single();
        var headers = $"Host: localhost\r\nCookie: {cookie}\r\nRequestVerificationToken: {page.Value(Mark)}\r\n";
        const string file = "/tickets/1/files?name=cut.bin", bytes = "application/octet-stream", form = "multipart/form-data; boundary=x";
        var part = "--x\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\nText\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"cut.bin\"\r\n\r\n";
        foreach (var (path, type, begin) in ((string, string, string)[])[(file, bytes, ""), (Comment, form, part)])
            Assert.Equal("", await SendRawAsync(path, type, length: 290_000, begin));
        // The request is right, but for its end.
        Assert.StartsWith("HTTP/1.1 200 ", await SendRawAsync(file, bytes, length: 100_000, ""));
        await using var db = desk.Database.Open();
        Assert.Equal((1, 0), (await db.Attachments.IgnoreQueryFilters().CountAsync(Cancel), await db.Comments.CountAsync(Cancel)));
        Assert.Equal(100_000, new FileInfo(Assert.Single(Directory.GetFiles(folder))).Length);
        Directory.Delete(folder, recursive: true);

        // Sends 100,000 bytes after the begin, and no more.
        async Task<string> SendRawAsync(string path, string type, int length, string begin)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(desk.Address.Host, desk.Address.Port, Cancel);
            await using var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST {path} HTTP/1.1\r\n{headers}Content-Type: {type}\r\nContent-Length: {length}\r\n"
                    + $"Connection: close\r\n\r\n{begin}"),
                Cancel);
            await stream.WriteAsync(new byte[100_000], Cancel);
            if (length > 100_000) client.Client.Shutdown(SocketShutdown.Send);
            try
            {
                try
                {
                    return await new StreamReader(stream).ReadToEndAsync(Cancel);
                }
                catch (IOException)
                {
                    return ""; // the desk gave up on what was cut off
                }
            }
            catch (IOException)
            {
                return ""; // the desk had something left to read when it ended the connection
            }
        }
    }

    private static async Task<Desk> StartAsync(Provider provider, params (string Name, string Value)[] settings) =>
        await StartAsync(provider, kestrel: false, settings);

    private static async Task<Desk> StartAsync(Provider provider, bool kestrel, params (string Name, string Value)[] settings)
    {
        var desk = await Desk.StartAsync(provider, kestrel: kestrel, settings: settings);
        await desk.AddTicketAsync();
        return desk;
    }

    // In the order of the page: the files are last.
    private static MultipartFormDataContent Form(Answer page, string body, params (string Name, byte[] Content)[] files)
    {
        var form = new MultipartFormDataContent();
        var box = page.Document.QuerySelector("form[data-comment]")!;
        foreach (var field in box.QuerySelectorAll("[name=upload]")) form.Add(new StringContent(field.GetAttribute("value")!), "upload");
        foreach (var name in (string[])["key", Mark])
            form.Add(new StringContent(box.QuerySelector($"[name={name}]")!.GetAttribute("value")!), name);
        form.Add(new StringContent(body), "body");
        if (files.Length == 0) form.Add(File([]), "files", "\"\"");
        foreach (var (name, content) in files) form.Add(File(content), "files", name);
        return form;

        static ByteArrayContent File(byte[] content) => new(content) { Headers = { ContentType = new("text/html") } };
    }

    private static async Task<Answer> SendAsync(Desk desk, HttpContent form, HttpStatusCode status)
    {
        using var response = await desk.Client.PostAsync(Comment, form, Cancel);
        var html = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"{response.StatusCode} {html}");
        var document = await AngleSharp.BrowsingContext.New(AngleSharp.Configuration.Default)
            .OpenAsync(request => request.Content(html), Cancel);
        return new(response.StatusCode, document, null, html, null);
    }

    private static async Task<string> UploadAsync(HttpClient client, Answer page, string name, byte[] content)
    {
        using var response = await SendAsync(client, HttpMethod.Post, page, $"?name={name}", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["upload"]!.GetValue<string>();
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, Answer? page, string query, byte[]? content, int ticket = 1)
    {
        using var request = new HttpRequestMessage(method, $"/tickets/{ticket}/files{query}");
        if (page is not null) request.Headers.Add("RequestVerificationToken", page.Value(Mark));
        if (content is not null)
            request.Content = new ByteArrayContent(content) { Headers = { ContentType = new("application/octet-stream") } };
        return await client.SendAsync(request, Cancel);
    }
}
