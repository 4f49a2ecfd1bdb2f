using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets;

/// <summary>
/// Deletes a ticket with its history, as if it had never been, and leaves a <see cref="TicketDeletion"/>, in one
/// transaction: the one that is open, else its own.
/// </summary>
public sealed class DeleteTicket(TicketDb db, TimeProvider clock)
{
    /// <summary>How often a deletion without a version is tried again when others change the same ticket meanwhile.</summary>
    private const int MaxTries = 5;

    /// <summary>Deletes a ticket.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="expectedVersion">The version the caller read; null when it did not say, then whatever is there goes.</param>
    /// <param name="origin">Who, by which way.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>The ticket as it was, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public async Task<Result<Ticket>> HandleAsync(int id, int? expectedVersion, Origin origin, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            var ticket = await db.Tickets.SingleOrDefaultAsync(t => t.Id == id, cancel);
            if (ticket is null)
                return new TicketNotFound();
            if (expectedVersion is { } version && version != ticket.Version)
                return new StaleTicket(ticket);

            // Not left to the cascade: so it goes before the ticket, and re-scoring, which takes the two in this order, locks nobody out.
            if (await db.ScoringJobs.SingleOrDefaultAsync(j => j.TicketId == id, cancel) is { } job)
                db.ScoringJobs.Remove(job);
            db.Tickets.Remove(ticket);
            db.TicketDeletions.Add(new TicketDeletion { TicketId = id, At = clock.Now(), Actor = origin.Actor, Channel = origin.Channel });
            try
            {
                await db.SaveChangesAsync(cancel);
                return ticket;
            }
            catch (DbUpdateException error) when (DatabaseConflict.Is(error))
            {
                // Somebody was faster: the next round finds the ticket gone or changed. Without a version it tries again, but not for ever.
                if (attempt == MaxTries)
                {
                    db.ChangeTracker.Clear();
                    var current = await db.Tickets.SingleOrDefaultAsync(t => t.Id == id, cancel);
                    return current is null ? new TicketNotFound() : new StaleTicket(current);
                }
            }
        }
    }
}
