using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;
using SupportTickets.Tickets.Comments;

namespace SupportTickets.Tests.Fixtures;

/// <summary>Files of tickets, stored through the core.</summary>
internal static class Files
{
    /// <summary>The begin of a PNG.</summary>
    public static readonly byte[] Png = [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13];

    private static readonly Origin Tester = new("tester", Channel.web);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Bytes that differ from each other and are no text.</summary>
    public static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(255 - (i % 251) - (i / 251 % 5)))];

    /// <summary>Adds a file to a ticket.</summary>
    public static async Task<Attachment> AddFileAsync(this Desk desk, int ticket, string name, byte[] content)
    {
        var upload = (await desk.UploadAsync(ticket, name, content)).Value;
        // As if the ticket had come with it.
        await using var db = desk.Database.Open();
        var file = await db.Attachments.IgnoreQueryFilters().SingleAsync(f => f.Id == upload.Id, Cancel);
        file.IsInternal = false;
        (await db.Tickets.SingleAsync(t => t.Id == ticket, Cancel)).Attached(file, file.CreatedAt, Tester);
        await db.SaveChangesAsync(Cancel);
        return file;
    }

    /// <summary>Uploads a file for a comment that is not sent yet.</summary>
    public static Task<Result<Attachment>> UploadAsync(this Desk desk, int ticket, string name, byte[] content) =>
        desk.WithAsync(async services =>
        {
            await using var file = await ReadAsync(name, content);
            return await services.GetRequiredService<UploadAttachment>().ForCommentAsync(ticket, file, Cancel);
        });

    /// <summary>Adds a comment with files.</summary>
    public static Task<Result<Comment>> CommentAsync(this Desk desk, int ticket, bool isInternal, params int[] files) =>
        desk.WithAsync(services => services.GetRequiredService<CommentWithFiles>().HandleAsync(
            ticket, new() { Body = Supplied.Of("With files"), IsInternal = Supplied.Of(isInternal ? "true" : "false") },
            new CommentAuthor(Tester, null), null, null, files, Cancel));

    /// <summary>Deletes what nobody needs.</summary>
    public static Task SweepAsync(this Desk desk) => desk.WithAsync(async services =>
    {
        await services.GetRequiredService<SweepAttachments>().HandleAsync(Cancel);
        return true;
    });

    /// <summary>Reads a file as it comes in.</summary>
    public static Task<IncomingFile> ReadAsync(string? name, byte[] content) =>
        IncomingFile.ReadAsync(name, new MemoryStream(content), 100_000_000, Cancel);

    private static async Task<T> WithAsync<T>(this Desk desk, Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }
}
