using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Writing;

/// <summary>Changes a ticket that others may change at the same time: stored only when nobody else was faster.</summary>
internal static class OptimisticWrite
{
    /// <summary>How often a write without a version is tried again when others change the same ticket meanwhile.</summary>
    private const int MaxTries = 5;

    /// <summary>
    /// Reads a ticket, lets <paramref name="work"/> change it and stores that, unless it refuses; again when somebody was faster.
    /// </summary>
    /// <param name="db">Nothing in it may be waiting to be stored. In an open transaction EF sets a savepoint first and goes back
    /// to it, so that reading again works there too.</param>
    /// <param name="id">The ticket.</param>
    /// <param name="expectedVersion">The version the caller read: a later one is stale. Null: the write goes on top of whatever is
    /// there.</param>
    /// <param name="work">Once for each try, with the ticket as it is by then. What it gives is why nothing is stored; null to
    /// store.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>The ticket as stored, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>, or what <paramref name="work"/>
    /// gave; stale too when others were faster each time.</returns>
    public static async Task<Result<Ticket>> WriteAsync(
        TicketDb db, int id, int? expectedVersion, Func<Ticket, Task<Problem?>> work, CancellationToken cancel)
    {
        // Whoever opened a transaction begins it anew when it is ended by a deadlock.
        var isOwn = db.Database.CurrentTransaction is null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                db.ChangeTracker.Clear();
                if (await TryAsync(db, id, expectedVersion, work, attempt, cancel) is { } result)
                    return result;
            }
            catch (Exception error) when (isOwn && attempt <= MaxTries && DatabaseConflict.IsDeadlock(error))
            {
                // This write and another waited for each other, and the database ended this one: from the start it may go through.
            }
        }
    }

    // Null when somebody was faster with the ticket or with its scoring job: the next try finds it changed or gone.
    private static async Task<Result<Ticket>?> TryAsync(
        TicketDb db, int id, int? expectedVersion, Func<Ticket, Task<Problem?>> work, int attempt, CancellationToken cancel)
    {
        // From the second try on it locks the ticket: else somebody who writes all the time could be faster each time.
        await using var transaction = attempt > 1 && db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancel)
            : null;
        if (attempt > 1)
            await db.LockTicketAsync(id, cancel);
        var ticket = await db.Tickets.SingleOrDefaultAsync(t => t.Id == id, cancel);
        if (ticket is null)
            return new TicketNotFound();
        if ((expectedVersion is { } version && version != ticket.Version) || attempt > MaxTries)
            return new StaleTicket(ticket);

        if (await work(ticket) is { } problem)
        {
            db.ChangeTracker.Clear();
            return problem;
        }
        try
        {
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
