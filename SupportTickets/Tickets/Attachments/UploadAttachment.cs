using Microsoft.EntityFrameworkCore;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Attachments;

/// <summary>
/// Stores files with their content, each whole or not at all. A file that is for a comment is uploaded first, while the comment is
/// being written: until <see cref="CommentWithFiles"/> takes it, nobody sees it.
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
    public Task<Result<Attachment>> ForCommentAsync(int ticketId, IncomingFile file, CancellationToken cancel) =>
        StoreAsync(ticketId, file, null, cancel);

    /// <summary>Stores a file of the ticket itself, with its event, in the open transaction, if there is one.</summary>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="file">The file as it came in.</param>
    /// <param name="origin">Who adds it, and through which channel.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>As for a comment.</returns>
    public Task<Result<Attachment>> ForTicketAsync(int ticketId, IncomingFile file, Origin origin, CancellationToken cancel) =>
        StoreAsync(ticketId, file, origin, cancel);

    /// <summary>Deletes a file that no comment has taken; one that a comment has stays.</summary>
    public Task DiscardAsync(int ticketId, int id, CancellationToken cancel) =>
        Pending(db, ticketId).Where(f => f.Id == id).ExecuteDeleteAsync(cancel);

    /// <summary>The files among these that no comment has taken yet, in the order of their upload.</summary>
    public Task<List<Attachment>> PendingAsync(int ticketId, IReadOnlyCollection<int> ids, CancellationToken cancel) =>
        Pending(db, ticketId).AsNoTracking().Where(f => ids.Contains(f.Id)).OrderBy(f => f.Id).ToListAsync(cancel);

    /// <summary>The files of a ticket that are for comments that are not sent yet.</summary>
    internal static IQueryable<Attachment> Pending(TicketDb db, int ticketId) =>
        db.Attachments.IgnoreQueryFilters([ConversationTables.NotesFilter])
            .Where(f => f.TicketId == ticketId && f.CommentId == null && f.IsInternal);

    private async Task<Result<Attachment>> StoreAsync(int ticketId, IncomingFile file, Origin? origin, CancellationToken cancel)
    {
        if (!AttachmentValidator.Name(file.Name).Succeeded(out var name, out var problem))
            return problem;
        var limits = settings.Attachments;
        if (file.IsTooLarge)
            return new AttachmentRefused(AttachmentRefusal.TooLarge, name, limits.MaxBytes);
        Attachment? stored = null;
        var result = await OptimisticWrite.WriteAsync(db, ticketId, expectedVersion: null, async ticket =>
        {
            var size = await db.Attachments.IgnoreQueryFilters([ConversationTables.NotesFilter])
                .Where(f => f.TicketId == ticketId).SumAsync(f => f.Size, cancel);
            if (size + file.Size > limits.MaxTicketBytes)
                return new AttachmentRefused(AttachmentRefusal.TicketFull, name, limits.MaxTicketBytes);
            stored = new Attachment
            {
                TicketId = ticketId,
                IsInternal = origin is null,
                Name = name,
                MediaType = file.MediaType,
                Size = file.Size,
                Hash = file.Hash,
                CreatedAt = clock.Now(),
            };
            db.Attachments.Add(stored);
            await db.SaveChangesAsync(cancel); // the content needs its id
            await contents.WriteAsync(stored, file.Content, cancel);
            if (origin is not null) ticket.Attached(stored, stored.CreatedAt, origin);
            return null;
        }, cancel, locked: true);
        if (result.Succeeded(out _, out problem))
            return stored!;
        return problem is TicketNotFound && await reads.WasDeletedAsync(ticketId, cancel) ? new TicketDeleted() : problem;
    }
}
