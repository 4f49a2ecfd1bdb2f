using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Tickets.Writing;

/// <summary>
/// Deletes a ticket with its whole history, and stores a <see cref="TicketDeletion"/>, in one transaction: the open one, if there is one.
/// </summary>
public sealed class DeleteTicket(TicketDb db, IScoring scoring, TimeProvider clock)
{
    /// <summary>Deletes a ticket.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="expectedVersion">The version that the caller read; null deletes any version.</param>
    /// <param name="origin">Who deletes it, and through which channel.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The ticket as it was, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public Task<Result<Ticket>> HandleAsync(int id, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        OptimisticWrite.WriteAsync(db, id, expectedVersion, async ticket =>
        {
            // Not left to the cascade: the job is locked before the ticket, as in re-scoring, so that the two cannot deadlock.
            await scoring.ForgetAsync(db, id, cancel);
            // The database clears the ticket of a submission. Its number is kept for callers who may not read tickets.
            foreach (var submission in await db.Submissions.Where(s => s.TicketId == id).ToListAsync(cancel))
                submission.FormerTicketId = id;
            var now = clock.Now();
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO comment_deletions (comment_id, is_internal, at, key_hash)
                SELECT id, is_internal, {now}, key_hash FROM comments WHERE ticket_id = {id} ORDER BY id
                """, cancel);
            db.Tickets.Remove(ticket);
            db.TicketDeletions.Add(new TicketDeletion { TicketId = id, At = now, Actor = origin.Actor, Channel = origin.Channel });
            return null;
        }, cancel, locked: true);
}
