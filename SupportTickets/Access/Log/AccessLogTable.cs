using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.Log;

/// <summary>The table of the access log.</summary>
internal sealed class AccessLogTable : ITables
{
    /// <inheritdoc />
    /// <remarks>No foreign keys: a line stays when its person is deleted.</remarks>
    public void Declare(ModelBuilder model, TicketDb db) => model.Entity<AccessEntry>(entry =>
    {
        entry.ToTable("access_log");
        entry.Property(e => e.Actor).HasMaxLength(AccessEntry.MaxTextLength);
        entry.Property(e => e.About).HasMaxLength(AccessEntry.MaxTextLength);
        entry.Property(e => e.Address).HasMaxLength(64);
        // An index for each filter of the list, in the order of the list.
        entry.HasIndex(e => new { e.ActorId, e.Id });
        entry.HasIndex(e => new { e.PersonId, e.Id });
        entry.HasIndex(e => new { e.Act, e.Id });
    });
}

/// <summary>The set of the context for the access log.</summary>
public static class AccessLogSet
{
    extension(TicketDb db)
    {
        /// <summary>Sign-ins, and changes to people, links, tokens and views.</summary>
        public DbSet<AccessEntry> AccessLog => db.Set<AccessEntry>();
    }
}
