using Microsoft.EntityFrameworkCore;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Attachments;

/// <summary>
/// Stores files with their content, each whole or not at all. A file is uploaded while its ticket or its comment is being written: until
/// <see cref="TicketWithFiles"/> or <see cref="CommentWithFiles"/> takes it, nobody sees it.
/// </summary>
public sealed class UploadAttachment(
    TicketDb db, TicketReads reads, AttachmentContents contents, Settings settings, TimeProvider clock)
{
    /// <summary>Stores a file for a comment that is not sent yet, without an event.</summary>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="file">The file as it came in.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The file, or <see cref="InvalidInput"/>, <see cref="AttachmentRefused"/>, <see cref="TicketNotFound"/>,
    /// <see cref="TicketDeleted"/>.</returns>
    public async Task<Result<Attachment>> ForCommentAsync(int ticketId, IncomingFile file, CancellationToken cancel)
    {
        if (!Check(file).Succeeded(out var name, out var problem))
            return problem;
        Attachment? stored = null;
        var result = await OptimisticWrite.WriteAsync(db, ticketId, expectedVersion: null, async _ =>
        {
            var all = db.Attachments.IgnoreQueryFilters([ConversationTables.NotesFilter]).Where(f => f.TicketId == ticketId);
            if (await FitAsync(all, file, name, cancel) is { } refused)
                return refused;
            stored = await StoreAsync(ticketId, name, file, cancel);
            return null;
        }, cancel, locked: true);
        if (result.Succeeded(out _, out problem))
            return stored!;
        return problem is TicketNotFound && await reads.WasDeletedAsync(ticketId, cancel) ? new TicketDeleted() : problem;
    }

    /// <summary>Stores a file for a ticket that is not sent yet, without an event.</summary>
    /// <param name="file">The file as it came in.</param>
    /// <param name="others">The files that are for the same ticket: together they have a limit.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The file, or <see cref="InvalidInput"/>, <see cref="AttachmentRefused"/>.</returns>
    public async Task<Result<Attachment>> ForNewTicketAsync(
        IncomingFile file, IReadOnlyCollection<int> others, CancellationToken cancel)
    {
        if (!Check(file).Succeeded(out var name, out var problem))
            return problem;
        return await OwnTransaction.RunAsync<Attachment>(db, async () =>
            await FitAsync(Pending(db, null).Where(f => others.Contains(f.Id)), file, name, cancel) is { } refused
                ? refused
                : await StoreAsync(null, name, file, cancel), cancel);
    }

    /// <summary>Deletes a file that no ticket and no comment has taken; one that is taken stays.</summary>
    /// <param name="ticketId">The ticket for whose comment it is; null for a file of a new ticket.</param>
    /// <param name="id">The file.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public Task DiscardAsync(int? ticketId, int id, CancellationToken cancel) =>
        Pending(db, ticketId).Where(f => f.Id == id).ExecuteDeleteAsync(cancel);

    /// <summary>The files among these that no ticket and no comment has taken yet, in the order of their upload.</summary>
    /// <param name="ticketId">The ticket for whose comment they are; null for files of a new ticket.</param>
    /// <param name="ids">The files.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public Task<List<Attachment>> PendingAsync(int? ticketId, IReadOnlyCollection<int> ids, CancellationToken cancel) =>
        Pending(db, ticketId).AsNoTracking().Where(f => ids.Contains(f.Id)).OrderBy(f => f.Id).ToListAsync(cancel);

    /// <summary>Those of these files that are there, whoever may read them: taken or not.</summary>
    public Task<List<int>> ThereAsync(IReadOnlyCollection<int> ids, CancellationToken cancel) =>
        db.Attachments.IgnoreQueryFilters([ConversationTables.NotesFilter]).Where(f => ids.Contains(f.Id)).Select(f => f.Id)
            .ToListAsync(cancel);

    /// <summary>The files of comments of a ticket, or with null those of tickets, that are not sent yet.</summary>
    internal static IQueryable<Attachment> Pending(TicketDb db, int? ticketId) =>
        db.Attachments.IgnoreQueryFilters([ConversationTables.NotesFilter])
            .Where(f => f.TicketId == ticketId && f.CommentId == null && f.IsInternal);

    // The name, if the file may be stored at all.
    private Result<string> Check(IncomingFile file)
    {
        if (!AttachmentValidator.Name(file.Name).Succeeded(out var name, out var problem))
            return problem;
        return file.IsTooLarge ? new AttachmentRefused(AttachmentRefusal.TooLarge, name, settings.Attachments.MaxBytes) : name;
    }

    private async Task<AttachmentRefused?> FitAsync(
        IQueryable<Attachment> others, IncomingFile file, string name, CancellationToken cancel)
    {
        var limit = settings.Attachments.MaxTicketBytes;
        return await others.SumAsync(f => f.Size, cancel) + file.Size > limit
            ? new AttachmentRefused(AttachmentRefusal.TicketFull, name, limit)
            : null;
    }

    // In the open transaction.
    private async Task<Attachment> StoreAsync(int? ticketId, string name, IncomingFile file, CancellationToken cancel)
    {
        var stored = new Attachment
        {
            TicketId = ticketId,
            IsInternal = true,
            Name = name,
            MediaType = file.MediaType,
            Size = file.Size,
            Hash = file.Hash,
            CreatedAt = clock.Now(),
        };
        db.Attachments.Add(stored);
        await db.SaveChangesAsync(cancel); // the content needs its id
        await contents.WriteAsync(stored, file.Content, cancel);
        return stored;
    }
}
