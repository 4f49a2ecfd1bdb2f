using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Attachments;

/// <summary>Adds a comment together with the files that were uploaded for it, with an event for each, in one transaction.</summary>
public sealed class CommentWithFiles(TicketDb db, AddComment add)
{
    /// <summary>Adds a comment, once for each key.</summary>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="input">As received.</param>
    /// <param name="author">Who writes it, and through which channel.</param>
    /// <param name="key">The idempotency key that was sent with it; null when there was none.</param>
    /// <param name="change">The change of the ticket that goes with it, as received; null for none.</param>
    /// <param name="files">The uploaded files (<see cref="UploadAttachment.ForCommentAsync"/>).</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>What <see cref="AddComment"/> gives, or <see cref="AttachmentRefused"/>.</returns>
    public async Task<Result<Comment>> HandleAsync(
        int ticketId, CommentInput input, CommentAuthor author, IdempotencyKey? key, TicketInput? change, IReadOnlyCollection<int> files,
        CancellationToken cancel)
    {
        if (files.Count == 0)
            return await add.HandleAsync(ticketId, input, author, key, change, cancel);
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        var added = await add.HandleAsync(ticketId, input, author, key, change, cancel);
        if (!added.Succeeded(out var comment, out _))
            return added;
        if (!(await TakeAsync(comment, files, author.Origin, cancel)).Succeeded(out _, out var problem))
            return problem;
        if (transaction is not null)
            await transaction.CommitAsync(cancel);
        return comment;
    }

    // A comment that was sent again has its files already.
    private Task<Result<Ticket>> TakeAsync(Comment comment, IReadOnlyCollection<int> files, Origin origin, CancellationToken cancel) =>
        OptimisticWrite.WriteAsync(db, comment.TicketId, expectedVersion: null, async ticket =>
        {
            var taken = await db.Attachments.CountAsync(f => f.CommentId == comment.Id && files.Contains(f.Id), cancel);
            var pending = await UploadAttachment.Pending(db, comment.TicketId).Where(f => files.Contains(f.Id)).OrderBy(f => f.Id)
                .ToListAsync(cancel);
            if (taken + pending.Count < files.Distinct().Count())
                return new AttachmentRefused(AttachmentRefusal.Gone, "", 0);
            foreach (var file in pending)
            {
                (file.CommentId, file.IsInternal, file.CreatedAt) = (comment.Id, comment.IsInternal, comment.CreatedAt);
                ticket.Attached(file, null, file.Name, comment.CreatedAt, origin);
            }
            return null;
        }, cancel, locked: true);
}
