using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Changes;

/// <summary>What became of tickets since a copy of them was taken. A ticket changes only with an event, so the events tell.</summary>
public sealed class TicketChanges(TicketDb db)
{
    /// <summary>The mark to take before a copy is taken.</summary>
    public async Task<ChangeMark> MarkAsync(CancellationToken cancel) => (await db.ReadChanges(ChangeMark.None).SingleAsync(cancel)).Mark;

    /// <summary>The mark of now, to go on from after an earlier one; null when that one is not of this database.</summary>
    public async Task<ChangeMark?> MarkAfterAsync(ChangeMark earlier, CancellationToken cancel)
    {
        var state = await db.ReadChanges(earlier).SingleAsync(cancel);
        return state.Follows(earlier) ? state.Mark : null;
    }

    /// <summary>Whether anything came in, changed or was deleted between two marks.</summary>
    public async Task<bool> AnyAsync(ChangeMark since, ChangeMark until, CancellationToken cancel) =>
        await Changed(since, until).AnyAsync(cancel) || await Deleted(since, until).AnyAsync(cancel);

    /// <summary>The tickets that came in or changed between two marks and are still there, some more than once.</summary>
    public IQueryable<int> Changed(ChangeMark since, ChangeMark until) => db.EventsBetween(since, until).Select(e => e.TicketId);

    /// <summary>The tickets that were deleted between two marks.</summary>
    public IQueryable<int> Deleted(ChangeMark since, ChangeMark until) => db.DeletionsBetween(since, until).Select(d => d.TicketId);
}
