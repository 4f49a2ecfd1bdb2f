using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Calendar;

/// <summary>The days that reports group by.</summary>
internal sealed class CalendarTable : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db) =>
        // A migration creates and fills the table. EF maps it as a view, so it never writes, alters or references it.
        model.Entity<CalendarDay>(day => day.ToView("calendar").HasKey(d => d.Key));
}

/// <summary>The set of the context for the calendar.</summary>
public static class CalendarSet
{
    extension(TicketDb db)
    {
        /// <summary>The days.</summary>
        public DbSet<CalendarDay> Calendar => db.Set<CalendarDay>();
    }
}
