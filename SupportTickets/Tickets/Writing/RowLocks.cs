using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Writing;

/// <summary>
/// Locks rows: until the open transaction ends, nobody else changes or deletes them or adds rows that refer to them. Other writers wait
/// for that. On SQLite a write transaction locks out all other writers from its beginning.
/// </summary>
internal static class RowLocks
{
    /// <summary>Locks a ticket.</summary>
    public static async Task LockTicketAsync(this TicketDb db, int id, CancellationToken cancel)
    {
        if (!db.Sql.IsPostgres)
            return;
        // The job first, in the same order as every write, so that two transactions cannot deadlock.
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM scoring_jobs WHERE ticket_id = {id} FOR UPDATE", cancel);
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM tickets WHERE id = {id} FOR UPDATE", cancel);
    }

    /// <summary>Locks requesters, in the order of their numbers, so that two transactions cannot deadlock.</summary>
    public static async Task LockRequestersAsync(this TicketDb db, int[] ids, CancellationToken cancel)
    {
        if (db.Sql.IsPostgres)
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM requesters WHERE id = ANY({ids}) ORDER BY id FOR UPDATE", cancel);
    }

    /// <summary>Locks tags, in the order of their numbers, so that two transactions cannot deadlock.</summary>
    public static async Task LockTagsAsync(this TicketDb db, int[] ids, CancellationToken cancel)
    {
        if (db.Sql.IsPostgres)
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM tags WHERE id = ANY({ids}) ORDER BY id FOR UPDATE", cancel);
    }
}
