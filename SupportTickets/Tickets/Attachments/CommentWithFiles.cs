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
        if (files.Count > Attachment.MaxAtOnce)
            return new AttachmentRefused(AttachmentRefusal.TooMany, "", Attachment.MaxAtOnce);
        if (files.Count > 0)
            return await OwnTransaction.RunAsync(db, AddAsync, cancel);
        return (await add.HandleAsync(ticketId, input, author, key, change, cancel)).Succeeded(out var alone, out var refused)
            ? alone.Comment
            : refused;

        async Task<Result<Comment>> AddAsync()
        {
            if (!(await add.HandleAsync(ticketId, input, author, key, change, cancel)).Succeeded(out var added, out var problem))
                return problem;
            if (added.IsNew)
                problem = (await TakeAsync(added.Comment, files, author.Origin, cancel)).Problem;
            else if (!await HasAsync(added.Comment, files, cancel))
                problem = new SubmissionRefused(SubmissionRefusal.KeyTaken);
            return problem is null ? added.Comment : problem;
        }
    }

    // Whether a comment that was sent again has these files already. A form without a script uploads them again: those copies stay
    // without a comment, and are deleted after a day.
    private async Task<bool> HasAsync(Comment comment, IReadOnlyCollection<int> files, CancellationToken cancel)
    {
        var own = await db.Attachments.AsNoTracking().Where(f => f.CommentId == comment.Id).ToListAsync(cancel);
        var others = files.Except(own.Select(f => f.Id)).ToList();
        var pending = await UploadAttachment.Pending(db, comment.TicketId).AsNoTracking().Where(f => others.Contains(f.Id))
            .ToListAsync(cancel);
        return pending.Count == others.Count && pending.All(f => own.Any(o => o.Name == f.Name && o.Hash.AsSpan().SequenceEqual(f.Hash)));
    }

    private Task<Result<Ticket>> TakeAsync(Comment comment, IReadOnlyCollection<int> files, Origin origin, CancellationToken cancel) =>
        OptimisticWrite.WriteAsync(db, comment.TicketId, expectedVersion: null, async ticket =>
        {
            var pending = await UploadAttachment.Pending(db, comment.TicketId).Where(f => files.Contains(f.Id)).OrderBy(f => f.Id)
                .ToListAsync(cancel);
            if (pending.Count < files.Distinct().Count())
                return new AttachmentRefused(AttachmentRefusal.Gone, "", 0);
            foreach (var file in pending)
            {
                (file.CommentId, file.IsInternal, file.CreatedAt) = (comment.Id, comment.IsInternal, comment.CreatedAt);
                ticket.Attached(file, comment.CreatedAt, origin);
            }
            return null;
        }, cancel, locked: true);
}
