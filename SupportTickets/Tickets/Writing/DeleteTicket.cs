using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Tickets.Writing;

/// <summary>
/// Deletes a ticket with its history, as if it had never been, and leaves a <see cref="TicketDeletion"/>, in one
/// transaction: the one that is open, else its own.
/// </summary>
public sealed class DeleteTicket(TicketDb db, IScoring scoring, TimeProvider clock)
{
    /// <summary>Deletes a ticket.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="expectedVersion">The version the caller read; null when it did not say, then whatever is there goes.</param>
    /// <param name="origin">Who, by which way.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>The ticket as it was, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public Task<Result<Ticket>> HandleAsync(int id, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        OptimisticWrite.WriteAsync(db, id, expectedVersion, async ticket =>
        {
            // Not left to the cascade: the job is locked before the ticket, as re-scoring does, so that neither waits for the other.
            await scoring.ForgetAsync(db, id, cancel);
            // The database clears the ticket of a submission; callers who may not read it are still answered with its number.
            foreach (var submission in await db.Submissions.Where(s => s.TicketId == id).ToListAsync(cancel))
                submission.FormerTicketId = id;
            db.Tickets.Remove(ticket);
            db.TicketDeletions.Add(new TicketDeletion { TicketId = id, At = clock.Now(), Actor = origin.Actor, Channel = origin.Channel });
            return null;
        }, cancel);
}
