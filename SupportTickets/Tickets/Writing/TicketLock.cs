using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Writing;

/// <summary>Waiting in line for a ticket.</summary>
internal static class TicketLock
{
    /// <summary>Keeps everybody else from changing a ticket until the open transaction ends: another that wants to waits for it.</summary>
    public static async Task LockTicketAsync(this TicketDb db, int id, CancellationToken cancel)
    {
        // On SQLite a transaction has the file to itself from its beginning.
        if (!db.Sql.IsPostgres)
            return;
        // The job first, as those who write lock them: two that lock in the same order cannot wait for each other.
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM scoring_jobs WHERE ticket_id = {id} FOR UPDATE", cancel);
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM tickets WHERE id = {id} FOR UPDATE", cancel);
    }
}
