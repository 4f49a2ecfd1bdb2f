using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets;

/// <summary>The sets of the context for tickets.</summary>
public static class TicketSets
{
    extension(TicketDb db)
    {
        /// <summary>The tickets. To read them for a caller, use <c>TicketReads</c>.</summary>
        public DbSet<Ticket> Tickets => db.Set<Ticket>();

        /// <summary>Their history.</summary>
        public DbSet<TicketEvent> TicketEvents => db.Set<TicketEvent>();

        /// <summary>The records of deleted tickets.</summary>
        public DbSet<TicketDeletion> TicketDeletions => db.Set<TicketDeletion>();

        /// <summary>People as readers of tickets see them.</summary>
        public DbSet<Agent> Agents => db.Set<Agent>();
    }
}
