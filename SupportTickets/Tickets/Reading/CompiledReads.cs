using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Reading;

/// <summary>
/// The reads that are asked so often that EF should not look up their translation each time. One instance for each desk, because a
/// compiled query belongs to one model.
/// </summary>
public sealed class CompiledReads
{
    /// <summary>What <see cref="TicketReads.Visible"/> has with this id, or null.</summary>
    internal Func<TicketDb, int, CancellationToken, Task<Ticket?>> TicketWithId { get; } = EF.CompileAsyncQuery(
        (TicketDb db, int id, CancellationToken cancel) =>
            db.Set<Ticket>().AsNoTracking().TagWith(PreparedStatements.OnePlan).SingleOrDefault(t => t.Id == id));
}
