using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Writing;

/// <summary>Locks a ticket.</summary>
internal static class TicketLock
{
    /// <summary>Keeps everybody else from changing a ticket until the open transaction ends; other writers wait for that.</summary>
    public static async Task LockTicketAsync(this TicketDb db, int id, CancellationToken cancel)
    {
        // On SQLite a write transaction locks out all other writers from its beginning.
        if (!db.Sql.IsPostgres)
            return;
        // The job first, in the same order as every write, so that two transactions cannot deadlock.
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM scoring_jobs WHERE ticket_id = {id} FOR UPDATE", cancel);
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM tickets WHERE id = {id} FOR UPDATE", cancel);
    }
}
