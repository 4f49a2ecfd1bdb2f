using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.People;

/// <summary>Locks the rows of the administrators.</summary>
internal static class AdminLock
{
    /// <summary>
    /// The ids of the active administrators. They stay administrators until the open transaction ends: another transaction that
    /// asks waits for its end, and then sees what it did.
    /// </summary>
    /// <remarks>
    /// On SQLite a transaction has the file to itself from its beginning. On PostgreSQL the one that waited gets the rows as they are
    /// by then. Rows are locked in the order of the key, so that two transactions cannot wait for each other.
    /// </remarks>
    public static Task<List<int>> LockAdminsAsync(this TicketDb db, CancellationToken cancel) => db.Sql.IsPostgres
        ? db.Database.SqlQuery<int>(
            $"SELECT id AS \"Value\" FROM people WHERE role = {(int)Role.admin} AND deactivated_at IS NULL ORDER BY id FOR NO KEY UPDATE")
            .ToListAsync(cancel)
        : db.People.Where(p => p.Role == Role.admin && p.DeactivatedAt == null).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancel);
}
