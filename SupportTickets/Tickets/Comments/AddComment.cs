using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Comments;

/// <summary>Who writes a comment.</summary>
/// <param name="Origin">The name and the channel.</param>
/// <param name="PersonId">The person; null for callers without a credential and for the requester.</param>
/// <param name="IsRequester">Whether it is the requester of the ticket.</param>
public sealed record CommentAuthor(Origin Origin, int? PersonId, bool IsRequester = false);

/// <summary>What became of a comment that was sent.</summary>
/// <param name="Comment">As stored.</param>
/// <param name="IsNew">False when it was stored before, with the same key.</param>
public sealed record AddedComment(Comment Comment, bool IsNew);

/// <summary>
/// Adds a reply or a note to a ticket, with its event and, if it is the first reply, <see cref="Ticket.FirstReplyAt"/>, in one
/// transaction: the open one, if there is one. Writers of one ticket wait for each other, so its comments are stored in one order.
/// </summary>
public sealed class AddComment(TicketDb db, TicketReads reads, UpdateTicket update, TimeProvider clock)
{
    /// <summary>Adds a comment, once for each key.</summary>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="input">As received.</param>
    /// <param name="author">Who writes it, and through which channel.</param>
    /// <param name="key">The idempotency key that was sent with it; null when there was none.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The stored comment, or the one that was stored before with that key; or <see cref="InvalidInput"/>,
    /// <see cref="TicketNotFound"/>, <see cref="TicketDeleted"/>, <see cref="SubmissionRefused"/>.</returns>
    public async Task<Result<Comment>> HandleAsync(
        int ticketId, CommentInput input, CommentAuthor author, IdempotencyKey? key, CancellationToken cancel) =>
        (await HandleAsync(ticketId, input, author, key, change: null, cancel)).Succeeded(out var added, out var problem)
            ? added.Comment
            : problem;

    /// <summary>Adds a comment and changes the ticket, for example to resolve it; both or neither.</summary>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="input">As received.</param>
    /// <param name="author">Who writes it, and through which channel.</param>
    /// <param name="key">The idempotency key that was sent with it; null when there was none.</param>
    /// <param name="change">The change, as received; null for none.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>As without a change.</returns>
    public async Task<Result<AddedComment>> HandleAsync(
        int ticketId, CommentInput input, CommentAuthor author, IdempotencyKey? key, TicketInput? change, CancellationToken cancel)
    {
        if (key is { IsValid: false })
            return new SubmissionRefused(SubmissionRefusal.BadKey);
        if (!CommentValidator.Create(input).Succeeded(out var draft, out var problem))
            return problem;
        var hash = key?.Hash();
        return change is null
            ? await AddAsync(ticketId, draft, author, hash, cancel)
            : await OwnTransaction.RunAsync(db, () => AddAsync(ticketId, draft, author, hash, change, cancel), cancel);
    }

    private async Task<Result<AddedComment>> AddAsync(
        int ticketId, NewComment draft, CommentAuthor author, byte[]? hash, TicketInput change, CancellationToken cancel)
    {
        if (!(await AddAsync(ticketId, draft, author, hash, cancel)).Succeeded(out var added, out var problem))
            return problem;
        // Sent again, the change was made with the comment; what others changed since then stays.
        if (!added.IsNew && await ChangedSinceAsync(added.Comment, cancel))
            return added;
        return (await update.HandleAsync(ticketId, change, expectedVersion: null, author.Origin, cancel)).Problem is { } refused
            ? refused
            : added;
    }

    private async Task<Result<AddedComment>> AddAsync(
        int ticketId, NewComment draft, CommentAuthor author, byte[]? hash, CancellationToken cancel)
    {
        AddedComment? added = null;
        var result = await OptimisticWrite.WriteAsync(db, ticketId, expectedVersion: null, async ticket =>
        {
            // With the ticket locked, nobody else can send the same key for it meanwhile.
            if (hash is not null && await db.Comments.AsNoTracking().SingleOrDefaultAsync(c => c.KeyHash == hash, cancel) is { } earlier)
            {
                added = new(earlier, IsNew: false);
                return IsSame(earlier, ticketId, draft) ? null : new SubmissionRefused(SubmissionRefusal.KeyTaken);
            }
            if (hash is not null && await db.CommentDeletions.AnyAsync(d => d.KeyHash == hash, cancel))
                return new SubmissionRefused(SubmissionRefusal.CommentDeleted);
            added = new(await StoreAsync(ticket, draft, author, hash, cancel), IsNew: true);
            return null;
        }, cancel, locked: true);
        if (result.Succeeded(out _, out var problem))
            return added!;
        return problem is TicketNotFound && await reads.WasDeletedAsync(ticketId, cancel) ? new TicketDeleted() : problem;
    }

    // Whether a caller changed a field of the ticket after the comment was stored.
    private Task<bool> ChangedSinceAsync(Comment comment, CancellationToken cancel)
    {
        var stored = db.TicketEvents.Where(e => e.CommentId == comment.Id).Min(e => (long?)e.Id);
        return db.TicketEvents.AnyAsync(
            e => e.TicketId == comment.TicketId && e.Id > stored && e.CommentId == null && e.Channel != null
                && e.Field != TicketField.attachment,
            cancel);
    }

    private async Task<Comment> StoreAsync(
        Ticket ticket, NewComment draft, CommentAuthor author, byte[]? keyHash, CancellationToken cancel)
    {
        var now = clock.Now();
        var comment = new Comment
        {
            TicketId = ticket.Id,
            Body = draft.Body,
            IsInternal = draft.IsInternal,
            IsFromRequester = author.IsRequester,
            Author = author.Origin.Actor,
            AuthorId = author.PersonId,
            Channel = author.Origin.Channel ?? Channel.web,
            CreatedAt = now,
            KeyHash = keyHash,
        };
        db.Comments.Add(comment);
        await db.SaveChangesAsync(cancel); // the event needs its id
        ticket.Commented(comment, null, CommentText.Of(comment), now, author.Origin);
        return comment;
    }

    private static bool IsSame(Comment earlier, int ticketId, NewComment draft) =>
        earlier.TicketId == ticketId && earlier.IsInternal == draft.IsInternal && earlier.Body == draft.Body;
}
