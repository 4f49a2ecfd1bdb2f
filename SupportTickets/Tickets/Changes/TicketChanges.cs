using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Changes;

/// <summary>
/// Finds the tickets and the comments that changed since a copy of them was taken. They change only with an event, so the events tell.
/// </summary>
public sealed class TicketChanges(TicketDb db)
{
    /// <summary>The mark to take before a copy is taken.</summary>
    public async Task<ChangeMark> MarkAsync(CancellationToken cancel) => (await db.ReadChanges(ChangeMark.None).SingleAsync(cancel)).Mark;

    /// <summary>The current mark, to continue from after an earlier one; null when the earlier one is not from this database.</summary>
    public async Task<ChangeMark?> MarkAfterAsync(ChangeMark earlier, CancellationToken cancel)
    {
        var state = await db.ReadChanges(earlier).SingleAsync(cancel);
        return state.Follows(earlier) ? state.Mark : null;
    }

    /// <summary>Whether any ticket was created, changed or deleted between two marks.</summary>
    public async Task<bool> AnyAsync(ChangeMark since, ChangeMark until, CancellationToken cancel) =>
        await Changed(since, until).AnyAsync(cancel) || await Deleted(since, until).AnyAsync(cancel);

    /// <summary>
    /// Whether any ticket was created, deleted or changed in one of its fields between two marks. What is added to a ticket does not
    /// count: comments, tags and files. So the answer depends on no internal note, and is the same for every reader.
    /// </summary>
    public async Task<bool> AnyOfFieldsAsync(ChangeMark since, ChangeMark until, CancellationToken cancel) =>
        await db.EventsBetween(since, until)
            .AnyAsync(e => e.Field != TicketField.comment && e.Field != TicketField.tag && e.Field != TicketField.attachment, cancel)
        || await Deleted(since, until).AnyAsync(cancel);

    /// <summary>The tickets that were created or changed between two marks and still exist; some occur more than once.</summary>
    public IQueryable<int> Changed(ChangeMark since, ChangeMark until) => db.EventsBetween(since, until).Select(e => e.TicketId);

    /// <summary>The tickets that were deleted between two marks.</summary>
    public IQueryable<int> Deleted(ChangeMark since, ChangeMark until) => db.DeletionsBetween(since, until).Select(d => d.TicketId);

    /// <summary>
    /// The comments that were added or edited between two marks; some occur more than once, and some are deleted. Their events tell.
    /// </summary>
    public IQueryable<int> ChangedComments(ChangeMark since, ChangeMark until) =>
        db.EventsBetween(since, until).Where(e => e.CommentId != null).Select(e => e.CommentId!.Value);

    /// <summary>The comments that were deleted between two marks, by themselves or with their ticket.</summary>
    public IQueryable<int> DeletedComments(ChangeMark since, ChangeMark until) =>
        db.CommentDeletionsBetween(since, until).Select(d => d.CommentId);
}
