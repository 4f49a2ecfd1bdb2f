using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.People;

/// <summary>Locks the rows of the administrators.</summary>
internal static class AdminLock
{
    /// <summary>
    /// The ids of the active administrators, whose rows stay locked until the open transaction ends. Another transaction that calls
    /// this waits for that end and then sees the changes.
    /// </summary>
    /// <remarks>
    /// On SQLite a write transaction locks out all other writers from its beginning. On PostgreSQL the waiting transaction reads
    /// the rows as they are after the wait. Rows are locked in the order of the key, so that two transactions cannot deadlock.
    /// </remarks>
    public static Task<List<int>> LockAdminsAsync(this TicketDb db, CancellationToken cancel) => db.Sql.IsPostgres
        ? db.Database.SqlQuery<int>(
            $"SELECT id AS \"Value\" FROM people WHERE role = {(int)Role.admin} AND deactivated_at IS NULL ORDER BY id FOR NO KEY UPDATE")
            .ToListAsync(cancel)
        : db.People.Where(p => p.Role == Role.admin && p.DeactivatedAt == null).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancel);
}
