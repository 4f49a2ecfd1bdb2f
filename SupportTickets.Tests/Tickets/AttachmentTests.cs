using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;

namespace SupportTickets.Tests.Tickets;

/// <summary>Files of tickets and comments: stored, served, hidden and deleted.</summary>
public sealed class AttachmentTests
{
    private const int Piece = AttachmentPiece.Length;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders(false)]
    [CombinedProviders(true)]
    public async Task What_comes_out_is_what_went_in_whatever_its_length(Provider provider, bool inDirectory)
    {
        using var folder = new Folder();
        await using var desk = await StartAsync(provider, inDirectory ? folder : null);
        var ticket = await desk.AddTicketAsync();
        foreach (var length in (int[])[0, 1, Piece - 1, Piece, (2 * Piece) + 5])
        {
            var content = Files.Bytes(length);
            var file = await desk.AddFileAsync(ticket.Id, "Zoë's \"log\".bin", content);
            using var answer = await desk.Client.GetAsync($"/attachments/{file.Id}", Cancel);
            Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync(Cancel));
            Assert.Equal(content, await desk.Client.GetByteArrayAsync($"/odata/Attachments({file.Id})/$value", Cancel));
            Assert.Equal(length, answer.Content.Headers.ContentLength);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal(AttachmentAnswer.ContentSecurityPolicy, answer.Headers.GetValues("Content-Security-Policy").Single());
            Assert.Equal(
                "attachment; filename=\"Zo_'s \\\"log\\\".bin\"; filename*=UTF-8''Zo%C3%AB%27s%20%22log%22.bin",
                answer.Content.Headers.GetValues("Content-Disposition").Single());
            foreach (var address in (string[])[$"/attachments/{file.Id}", $"/odata/Attachments({file.Id})/$value"])
            {
                using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
                using var same = await desk.Client.SendAsync(again, Cancel);
                Assert.Equal((HttpStatusCode.NotModified, 0), (same.StatusCode, (await same.Content.ReadAsByteArrayAsync(Cancel)).Length));
            }
            await using var db = desk.Database.Open();
            Assert.Equal(
                inDirectory ? 0 : (length + Piece - 1) / Piece,
                await db.AttachmentPieces.CountAsync(p => p.AttachmentId == file.Id, Cancel));
            Assert.Equal(inDirectory, File.Exists(folder.Of(file)));
        }
        var events = (await desk.TicketsAsync())[0].Events.Where(e => e.Field == TicketField.attachment).ToList();
        Assert.Equal(5, events.Count);
        Assert.All(events, e => Assert.Equal((null, "Zoë's \"log\".bin", "tester"), (e.OldValue, e.NewValue, e.Actor)));
    }

    [Theory, Providers]
    public async Task A_file_that_was_stored_before_the_directory_was_set_is_read_all_the_same(Provider provider)
    {
        using var folder = new Folder();
        await using var database = await TestDatabase.CreateAsync(provider);
        int id;
        await using (var before = Desk.Start(database))
            id = (await before.AddFileAsync((await before.AddTicketAsync()).Id, "a", Files.Bytes(Piece + 1))).Id;
        await using var after = Desk.Start(database, settings: ("ATTACHMENTS_DIR", folder.Path));
        Assert.Equal(Files.Bytes(Piece + 1), await after.Client.GetByteArrayAsync($"/attachments/{id}", Cancel));
    }

    [Fact]
    public async Task The_type_is_that_of_the_content_and_never_that_of_the_name()
    {
        foreach (var (content, type) in ((byte[], string)[])
        [
            (Files.Png, "image/png"),
            ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"),
            ([.. "GIF89a"u8, 1, 0], "image/gif"),
            ([.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8], "image/webp"),
            ([.. "%PDF-1.7"u8], "application/pdf"),
            ([.. "Zoë\tsaid:\r\n\u001b[31mno\u001b[0m"u8], MediaTypes.Text),
            ([.. Encoding.UTF8.GetBytes(new string('é', 40_000))], MediaTypes.Text),
            ([], MediaTypes.Text),
            ([.. "RIFF"u8, 1, 2, 3, 4, .. "AVI "u8], MediaTypes.Unknown),
            ([.. "PK\u0003\u0004"u8, 1], MediaTypes.Unknown),
            ([.. "<!DOCTYPE html><script>alert(1)</script>"u8], MediaTypes.Unknown),
            ([.. "\uFEFF \n<svg onload='alert(1)'/>"u8], MediaTypes.Unknown),
            ([.. "a\0b"u8], MediaTypes.Unknown),
            ([.. "Zo"u8, 0xEB], MediaTypes.Unknown),
            ([.. Encoding.UTF8.GetBytes(new string('a', 100_000)), 0xC3], MediaTypes.Unknown),
        ])
        {
            await using var file = await Files.ReadAsync("holiday.png", content);
            Assert.Equal((Convert.ToHexString(content), type), (Convert.ToHexString(content), file.MediaType));
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(content), file.Hash);
        }
    }

    [Theory, Providers]
    public async Task Only_an_image_is_ever_shown_and_everything_else_is_saved(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ticket = await desk.AddTicketAsync();
        foreach (var (content, type, disposition) in ((byte[], string, string)[])
        [
            (Files.Png, "image/png", "inline"),
            ([.. "<script>alert(1)</script>"u8], "application/octet-stream", "attachment"),
            ([.. "%PDF-1.7"u8], "application/pdf", "attachment"),
            ([.. "text"u8], "text/plain", "attachment"),
        ])
        {
            var file = await desk.AddFileAsync(ticket.Id, "holiday.png", content);
            foreach (var (query, expected) in ((string, string)[])[("?inline=1", disposition), ("", "attachment")])
            {
                using var answer = await desk.Client.GetAsync($"/attachments/{file.Id}{query}", Cancel);
                Assert.Equal(
                    (type, expected),
                    (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.DispositionType));
                Assert.Equal(AttachmentAnswer.ContentSecurityPolicy, answer.Headers.GetValues("Content-Security-Policy").Single());
            }
        }
        Assert.Equal(HttpStatusCode.NotFound, (await desk.Client.GetAsync("/attachments/99", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("report.txt", "report.txt")]
    [InlineData(@"C:\Users\Zoë\report.txt", "report.txt")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(" two words ", "two words")]
    [InlineData("..", null)]
    [InlineData("folder/", null)]
    [InlineData(null, null)]
    [InlineData("annual\u202Etxt.exe", null)]
    [InlineData("two\nlines", null)]
    [InlineData("null\0", null)]
    public void A_name_has_no_folders_and_nothing_hidden(string? supplied, string? name)
    {
        var result = AttachmentValidator.Name(supplied);
        Assert.Equal(name, result.Succeeded(out var taken, out _) ? taken : null);
        Assert.True(AttachmentValidator.Name(string.Concat(Enumerable.Repeat("😀", 200))).Succeeded(out _, out _));
        Assert.IsType<InvalidInput>(AttachmentValidator.Name(new string('a', 201)).Problem);
    }

    [Theory, Providers]
    public async Task All_files_of_a_ticket_together_have_a_limit_too(Provider provider)
    {
        await using var desk = await Desk.StartAsync(
            provider, settings: [("MAX_ATTACHMENT_BYTES", "100"), ("MAX_TICKET_ATTACHMENT_BYTES", "150")]);
        var ticket = await desk.AddTicketAsync();
        Assert.True((await desk.UploadAsync(ticket.Id, "a", new byte[100])).Succeeded(out _, out _));
        Assert.Equal(
            new AttachmentRefused(AttachmentRefusal.TicketFull, "b", 150), (await desk.UploadAsync(ticket.Id, "b", new byte[51])).Problem);
        await desk.AddFileAsync(ticket.Id, "c", new byte[50]);
        await using var db = desk.Database.Open();
        Assert.Equal(["a", "c"], await db.Attachments.IgnoreQueryFilters().OrderBy(f => f.Id).Select(f => f.Name).ToListAsync(Cancel));
    }

    [Theory, Providers]
    public async Task A_file_of_a_note_is_nowhere_for_who_may_not_see_notes_and_one_that_waits_for_its_comment_for_nobody(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var ticket = await desk.AddTicketAsync();
        var note = (await desk.UploadAsync(ticket.Id, "secret-of-note.txt", [.. "secret content"u8])).Value;
        await desk.CommentAsync(ticket.Id, isInternal: true, note.Id);
        var reply = (await desk.UploadAsync(ticket.Id, "open.txt", [.. "open content"u8])).Value;
        await desk.CommentAsync(ticket.Id, isInternal: false, reply.Id);
        var waits = (await desk.UploadAsync(ticket.Id, "secret-that-waits.txt", [.. "secret content"u8])).Value;
        using var blind = desk.ClientWith(await desk.AddTokenAsync(Role.agent, TokenScope.read_without_notes));
        using var agent = desk.ClientWith(await desk.AddTokenAsync(Role.agent, TokenScope.read));
        string[] lists =
        [
            "/tickets/1", "/odata/Attachments", "/odata/Tickets(1)/Attachments", "/odata/Tickets?$expand=Attachments",
            "/odata/Comments?$expand=Attachments", "/odata/Tickets?$expand=Comments($expand=Attachments)",
            "/odata/Attachments?$apply=groupby((Name))", "/odata/Attachments?$expand=Comment", "/odata/Events",
        ];
        foreach (var list in lists)
        {
            var (seen, all) = (await blind.GetStringAsync(list, Cancel), await agent.GetStringAsync(list, Cancel));
            Assert.Contains("open.txt", seen);
            Assert.False(seen.Contains("secret", StringComparison.Ordinal), list);
            Assert.True(all.Contains("secret-of-note.txt", StringComparison.Ordinal), list);
            Assert.False(all.Contains("secret-that-waits", StringComparison.Ordinal), list);
        }
        foreach (var (path, seen, all) in ((string, string, string)[])
        [
            ("Attachments/$count", "1", "2"), ("Tickets(1)/Attachments/$count", "1", "2"), ("Comments/$count", "1", "2"),
            ("Tickets/$count?$filter=Attachments/any(a: contains(a/Name,'secret'))", "0", "1"),
        ])
            Assert.Equal(
                (path, seen, all),
                (path, await blind.GetStringAsync($"/odata/{path}", Cancel), await agent.GetStringAsync($"/odata/{path}", Cancel)));
        foreach (var (file, status) in ((Attachment, HttpStatusCode)[])[(note, HttpStatusCode.OK), (waits, HttpStatusCode.NotFound)])
        {
            string[] addresses =
            [
                $"/attachments/{file.Id}", $"/attachments/{file.Id}?inline=1", $"/odata/Attachments({file.Id})",
                $"/odata/Attachments({file.Id})/$value", $"/odata/Attachments({file.Id})/Name/$value",
                $"/odata/Tickets(1)/Attachments({file.Id})", $"/odata/Tickets(1)/Attachments({file.Id})/$value",
            ];
            foreach (var address in addresses)
            {
                Assert.Equal((address, HttpStatusCode.NotFound), (address, (await blind.GetAsync(address, Cancel)).StatusCode));
                Assert.Equal((address, status), (address, (await agent.GetAsync(address, Cancel)).StatusCode));
            }
            var batch = $$"""{"requests":[{"id":"1","method":"GET","url":"Attachments({{file.Id}})/$value"}]}""";
            using var answer = await blind.PostAsync("/odata/$batch", new StringContent(batch, Encoding.UTF8, "application/json"), Cancel);
            Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Theory]
    [CombinedProviders(false)]
    [CombinedProviders(true)]
    public async Task Files_go_with_their_comment_and_with_their_ticket(Provider provider, bool inDirectory)
    {
        using var folder = new Folder();
        await using var desk = await StartAsync(provider, inDirectory ? folder : null, ("ACCESS", "closed"));
        var (one, two) = (await desk.AddTicketAsync(), await desk.AddTicketAsync());
        var files = new List<Attachment>();
        for (var i = 0; i < 3; i++)
            files.Add((await desk.UploadAsync(one.Id, $"{i}", Files.Bytes(Piece + i))).Value);
        var comment = (await desk.CommentAsync(one.Id, isInternal: false, files[0].Id)).Value;
        await desk.CommentAsync(one.Id, isInternal: true, files[1].Id);
        var kept = await desk.AddFileAsync(two.Id, "kept", Files.Bytes(Piece + 7));

        using var admin = await desk.SignedInAsync(Role.admin);
        using var deleted = await admin.PostFormAsync(
            "/tickets/1", "/tickets/1?handler=DeleteComment", ("comment", $"{comment.Id}"), ("version", "1"));
        Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);
        Assert.Equal([1, 2, 3], await LeftAsync());
        using var writer = desk.ClientWith(await desk.AddTokenAsync(Role.agent));
        Assert.Equal(HttpStatusCode.NoContent, (await writer.DeleteAsync("/odata/Tickets(1)", Cancel)).StatusCode);
        Assert.Equal([3], await LeftAsync());
        Assert.Equal(Files.Bytes(Piece + 7), await writer.GetByteArrayAsync($"/attachments/{kept.Id}", Cancel));

        // Which of the four have a row, all their pieces, and in the directory their content once it is swept.
        async Task<List<int>> LeftAsync()
        {
            foreach (var path in Directory.GetFiles(folder.Path)) File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));
            await desk.SweepAsync();
            await using var db = desk.Database.Open();
            var rows = await db.Attachments.IgnoreQueryFilters().OrderBy(f => f.Id).Select(f => f.Id).ToListAsync(Cancel);
            var stored = inDirectory
                ? Directory.GetFiles(folder.Path).Select(path => int.Parse(Path.GetFileName(path))).Order().ToList()
                : await db.AttachmentPieces.IgnoreQueryFilters().Select(p => p.AttachmentId).Distinct().Order().ToListAsync(Cancel);
            Assert.Equal(rows, stored);
            return [.. rows.Select(id => files.Append(kept).ToList().FindIndex(f => f.Id == id))];
        }
    }

    [Theory, Providers]
    public async Task What_waits_for_its_comment_for_a_day_is_deleted_and_a_young_or_strange_file_of_the_directory_is_not(Provider provider)
    {
        using var folder = new Folder();
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        await using var desk = await Desk.StartAsync(provider, clock, settings: ("ATTACHMENTS_DIR", folder.Path));
        var ticket = await desk.AddTicketAsync();
        await desk.AddFileAsync(ticket.Id, "own", [1]);
        var waits = (await desk.UploadAsync(ticket.Id, "waits", [2])).Value;
        foreach (var name in (string[])["4711", "readme.txt", "0012x"]) await File.WriteAllTextAsync(folder.Of(name), "x", Cancel);
        await desk.SweepAsync();
        Assert.Equal(5, Directory.GetFiles(folder.Path).Length);
        clock.Advance(TimeSpan.FromHours(23));
        File.SetLastWriteTimeUtc(folder.Of("4711"), clock.GetUtcNow().UtcDateTime);
        await desk.SweepAsync();
        Assert.True(File.Exists(folder.Of(waits)));
        clock.Advance(TimeSpan.FromHours(2));
        await desk.SweepAsync();
        Assert.Equal(["0012x", "1", "readme.txt"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            new AttachmentRefused(AttachmentRefusal.Gone, "", 0), (await desk.CommentAsync(ticket.Id, false, waits.Id)).Problem);
        await using var db = desk.Database.Open();
        Assert.Equal("own", (await db.Attachments.SingleAsync(Cancel)).Name);
        Assert.Empty(db.Comments);
    }

    private static Task<Desk> StartAsync(Provider provider, Folder? folder, params (string Name, string Value)[] settings) =>
        Desk.StartAsync(provider, settings: folder is null ? settings : [.. settings, ("ATTACHMENTS_DIR", folder.Path)]);

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("support-tickets-test-").FullName;

        public string Of(Attachment file) => Of($"{file.Id}");

        public string Of(string name) => System.IO.Path.Combine(Path, name);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
