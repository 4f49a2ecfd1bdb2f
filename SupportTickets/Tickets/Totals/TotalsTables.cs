using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Totals;

/// <summary>The tables of the totals.</summary>
internal sealed class TotalsTables : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db)
    {
        // A migration makes the tables, and triggers keep them. EF maps them as views, so it never writes, alters or references them.
        model.Entity<TicketTotal>(total =>
            total.ToView(TotalsSql.Totals).HasKey(t => new { t.Status, t.Priority, t.Category, t.Sentiment, t.Slot }));
        model.Entity<DayTotal>(total =>
        {
            total.ToView(TotalsSql.Days).HasKey(t => new { t.Day, t.Slot });
            TicketTables.OnDay(total, t => t.On, t => t.Day);
        });
    }
}

/// <summary>The sets of the context for the totals.</summary>
public static class TotalsSets
{
    extension(TicketDb db)
    {
        /// <summary>How many tickets there are of each combination. To read them for a caller, use <c>TicketReads</c>.</summary>
        public DbSet<TicketTotal> TicketTotals => db.Set<TicketTotal>();

        /// <summary>What happened on each day. To read them for a caller, use <c>TicketReads</c>.</summary>
        public DbSet<DayTotal> DayTotals => db.Set<DayTotal>();
    }
}
