using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Writing;

/// <summary>Changes a ticket with optimistic concurrency: a change is stored only if nobody else changed the ticket meanwhile.</summary>
internal static class OptimisticWrite
{
    /// <summary>How often a write without a version is tried again when others change the same ticket meanwhile.</summary>
    private const int MaxTries = 5;

    /// <summary>
    /// Reads a ticket, lets <paramref name="work"/> change it, and stores the change unless the work refuses. After a conflict it
    /// starts again.
    /// </summary>
    /// <param name="db">The context, without unsaved changes. In a transaction that somebody else opened, EF sets a savepoint first
    /// and returns to it after a conflict, so that reading again works there too.</param>
    /// <param name="id">The ticket.</param>
    /// <param name="expectedVersion">The version that the caller read; a later version is a <see cref="StaleTicket"/>. Null changes
    /// any version.</param>
    /// <param name="work">Changes the ticket; runs once for each attempt, with the current ticket. Gives the reason to store
    /// nothing, or null to store.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <param name="locked">Whether the ticket is locked from the first attempt on, in a transaction: for work that runs statements
    /// of its own, and for work that does not change the version.</param>
    /// <param name="read">The ticket as the caller has just read it, untracked, for the first attempt; null to read it here.</param>
    /// <returns>The stored ticket, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/> (also when every attempt met a
    /// conflict), or the reason that <paramref name="work"/> gave.</returns>
    public static async Task<Result<Ticket>> WriteAsync(
        TicketDb db, int id, int? expectedVersion, Func<Ticket, Task<Problem?>> work, CancellationToken cancel, bool locked = false,
        Ticket? read = null)
    {
        // After a deadlock, the code that opened a transaction starts it again.
        var isOwn = db.Database.CurrentTransaction is null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                db.ChangeTracker.Clear();
                if (await TryAsync(db, id, expectedVersion, work, attempt, locked, attempt == 1 ? read : null, cancel) is { } result)
                    return result;
            }
            catch (Exception error) when (isOwn && attempt <= MaxTries && DatabaseConflict.IsDeadlock(error))
            {
                // A deadlock, in which the database aborted this write. Started again, it may succeed.
            }
        }
    }

    // Null when somebody else changed the ticket or its scoring job meanwhile: the next attempt finds it changed or gone.
    private static async Task<Result<Ticket>?> TryAsync(
        TicketDb db, int id, int? expectedVersion, Func<Ticket, Task<Problem?>> work, int attempt, bool locked,
        Ticket? read, CancellationToken cancel)
    {
        // From the second attempt on the ticket is locked: otherwise somebody who writes all the time could win each time.
        locked |= attempt > 1;
        await using var transaction = locked ? await WholeTransaction.BeginAsync(db, cancel) : null;
        if (locked)
            await db.LockTicketAsync(id, cancel);
        // What was read before the lock may be old.
        var ticket = read is not null && !locked
            ? db.Tickets.Attach(read).Entity
            : await db.Tickets.TagWith(PreparedStatements.OnePlan).SingleOrDefaultAsync(t => t.Id == id, cancel);
        if (ticket is null)
            return new TicketNotFound();
        if ((expectedVersion is { } version && version != ticket.Version) || attempt > MaxTries)
            return new StaleTicket(ticket);

        try
        {
            if (await work(ticket) is { } problem)
            {
                db.ChangeTracker.Clear();
                return problem;
            }
            await db.SaveChangesAsync(cancel);
            if (transaction is not null)
                await transaction.CommitAsync(cancel);
            return ticket;
        }
        catch (DbUpdateException error) when (DatabaseConflict.Is(error))
        {
            return null;
        }
    }
}
