using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets;

/// <summary>What the database has of tickets.</summary>
public static class TicketSets
{
    extension(TicketDb db)
    {
        /// <summary>The tickets. To read them for a caller, use <c>TicketReads</c>.</summary>
        public DbSet<Ticket> Tickets => db.Set<Ticket>();

        /// <summary>Their history.</summary>
        public DbSet<TicketEvent> TicketEvents => db.Set<TicketEvent>();

        /// <summary>What is left of those that were deleted.</summary>
        public DbSet<TicketDeletion> TicketDeletions => db.Set<TicketDeletion>();

        /// <summary>People, as those see them who read tickets.</summary>
        public DbSet<Agent> Agents => db.Set<Agent>();
    }
}
