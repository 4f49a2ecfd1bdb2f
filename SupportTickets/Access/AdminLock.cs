using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access;

/// <summary>Holding on to who the administrators are.</summary>
internal static class AdminLock
{
    /// <summary>
    /// The ids of the active administrators, who stay what they are until the open transaction ends: another that asks waits for it,
    /// then sees what it did.
    /// </summary>
    /// <remarks>
    /// On SQLite a transaction has the file to itself from its beginning. On PostgreSQL who waited gets the rows as they are by then; in
    /// the order of the key, so that two cannot wait for each other.
    /// </remarks>
    public static Task<List<int>> LockAdminsAsync(this TicketDb db, CancellationToken cancel) => db.Sql.IsPostgres
        ? db.Database.SqlQuery<int>(
            $"SELECT id AS \"Value\" FROM people WHERE role = {(int)Role.admin} AND deactivated_at IS NULL ORDER BY id FOR NO KEY UPDATE").ToListAsync(cancel)
        : db.People.Where(p => p.Role == Role.admin && p.DeactivatedAt == null).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancel);
}
