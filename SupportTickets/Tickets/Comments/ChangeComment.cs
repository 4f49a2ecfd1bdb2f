using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Comments;

/// <summary>
/// Edits and deletes comments, each with its event in one transaction: the open one, if there is one. Authors edit their own for
/// <see cref="Comment.EditTime"/>; administrators delete any.
/// </summary>
public sealed class ChangeComment(TicketDb db, TimeProvider clock)
{
    /// <summary>Replaces the text of a comment.</summary>
    /// <param name="id">The comment.</param>
    /// <param name="body">The new text, as received.</param>
    /// <param name="expectedVersion">The version that the caller read; null changes any version.</param>
    /// <param name="by">Who edits it.</param>
    /// <param name="channel">The face.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <param name="ticketId">The ticket that it must belong to; null for any.</param>
    /// <returns>The comment as stored, or <see cref="InvalidInput"/>, <see cref="CommentNotFound"/>, <see cref="StaleComment"/>,
    /// <see cref="CommentRefused"/>.</returns>
    public Task<Result<Comment>> EditAsync(
        int id, Supplied body, int? expectedVersion, Caller by, Channel channel, CancellationToken cancel, int? ticketId = null)
    {
        if (!CommentValidator.Text(body).Succeeded(out var text, out var problem))
            return Task.FromResult<Result<Comment>>(problem);
        return WriteAsync(
            id, ticketId, expectedVersion,
            (ticket, comment) => Task.FromResult<Problem?>(Edit(ticket, comment, text, by, channel)), cancel);
    }

    /// <summary>
    /// Deletes a comment with its files, and sets <see cref="Ticket.FirstReplyAt"/> to what is then the first reply. Its key stays taken.
    /// </summary>
    /// <inheritdoc cref="EditAsync" path="/param" />
    /// <returns>The comment as it was, or <see cref="CommentNotFound"/>, <see cref="StaleComment"/>,
    /// <see cref="CommentRefused"/>.</returns>
    public Task<Result<Comment>> DeleteAsync(
        int id, int? expectedVersion, Caller by, Channel channel, CancellationToken cancel, int? ticketId = null) =>
        WriteAsync(id, ticketId, expectedVersion, async (ticket, comment) =>
        {
            if (!by.May(Right.administer))
                return new CommentRefused(CommentRefusal.NotAnAdmin);
            await DeleteAsync(ticket, comment, by.Origin(channel), cancel);
            return null;
        }, cancel);

    /// <summary>Whether a caller may still edit a comment.</summary>
    /// <param name="by">The caller.</param>
    /// <param name="authorId">See <see cref="Comment.AuthorId"/>.</param>
    /// <param name="isFromRequester">See <see cref="Comment.IsFromRequester"/>.</param>
    /// <param name="createdAt">See <see cref="Comment.CreatedAt"/>.</param>
    /// <param name="now">The time, UTC.</param>
    public static bool MayEdit(Caller by, int? authorId, bool isFromRequester, DateTime createdAt, DateTime now) =>
        by.May(Right.write) && IsAuthor(by, authorId, isFromRequester) && IsEditable(createdAt, now);

    // On an open desk nobody signs in: callers without a credential are one author.
    private static bool IsAuthor(Caller by, int? authorId, bool isFromRequester) => !isFromRequester && authorId == by.PersonId;

    private static bool IsEditable(DateTime createdAt, DateTime now) => now - createdAt < Comment.EditTime;

    private CommentRefused? Edit(Ticket ticket, Comment comment, string text, Caller by, Channel channel)
    {
        if (!IsAuthor(by, comment.AuthorId, comment.IsFromRequester))
            return new CommentRefused(CommentRefusal.NotTheAuthor);
        var now = clock.Now();
        if (!IsEditable(comment.CreatedAt, now))
            return new CommentRefused(CommentRefusal.TooLate);
        if (comment.Body == text)
            return null;
        (comment.Body, comment.EditedAt, comment.Version) = (text, now, comment.Version + 1);
        ticket.Commented(comment, CommentText.Of(comment), CommentText.Of(comment), now, by.Origin(channel));
        return null;
    }

    private async Task DeleteAsync(Ticket ticket, Comment comment, Origin origin, CancellationToken cancel)
    {
        var now = clock.Now();
        var files = await db.Attachments.AsNoTracking().Where(f => f.CommentId == comment.Id).OrderBy(f => f.Id).ToListAsync(cancel);
        db.Comments.Remove(comment);
        db.CommentDeletions.Add(
            new CommentDeletion { CommentId = comment.Id, IsInternal = comment.IsInternal, At = now, KeyHash = comment.KeyHash });
        ticket.Commented(comment, CommentText.Of(comment), "", now, origin);
        foreach (var file in files)
            ticket.Detached(file, now, origin);
        if (CommentText.Of(comment) == CommentText.Reply)
            ticket.SetFirstReply(await FirstReplyAsync(ticket.Id, comment.Id, cancel), now);
    }

    private Task<DateTime?> FirstReplyAsync(int ticketId, int without, CancellationToken cancel) => db.Comments
        .Where(c => c.TicketId == ticketId && c.Id != without && !c.IsInternal && !c.IsFromRequester)
        .OrderBy(c => c.Id).Select(c => (DateTime?)c.CreatedAt).FirstOrDefaultAsync(cancel);

    private async Task<Result<Comment>> WriteAsync(
        int id, int? ofTicket, int? expectedVersion, Func<Ticket, Comment, Task<Problem?>> work, CancellationToken cancel)
    {
        if (await db.Comments.Where(c => c.Id == id).Select(c => (int?)c.TicketId).SingleOrDefaultAsync(cancel) is not { } ticketId
            || (ofTicket ?? ticketId) != ticketId)
            return new CommentNotFound();
        Comment? comment = null;
        var result = await OptimisticWrite.WriteAsync(db, ticketId, expectedVersion: null, async ticket =>
        {
            comment = await db.Comments.SingleOrDefaultAsync(c => c.Id == id, cancel);
            if (comment is null)
                return new CommentNotFound();
            return expectedVersion is { } version && version != comment.Version ? new StaleComment(comment) : await work(ticket, comment);
        }, cancel, locked: true);
        return result.Problem switch
        {
            null => comment!,
            TicketNotFound => new CommentNotFound(),
            var problem => problem,
        };
    }
}
