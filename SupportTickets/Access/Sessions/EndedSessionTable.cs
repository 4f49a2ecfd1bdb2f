using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.Sessions;

/// <summary>The table of ended sessions.</summary>
internal sealed class EndedSessionTable : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db) => model.Entity<EndedSession>(session =>
    {
        session.ToTable("ended_sessions");
        session.Property(s => s.Id).ValueGeneratedNever();
        session.HasIndex(s => s.Until);
    });
}

/// <summary>The set of the context for ended sessions.</summary>
public static class EndedSessionSet
{
    extension(TicketDb db)
    {
        /// <summary>Sessions that were signed out of.</summary>
        public DbSet<EndedSession> EndedSessions => db.Set<EndedSession>();
    }
}
