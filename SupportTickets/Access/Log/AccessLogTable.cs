using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.Log;

/// <summary>The table of the access log.</summary>
internal sealed class AccessLogTable : ITables
{
    /// <inheritdoc />
    /// <remarks>No foreign keys: what happened stays told when a person is gone.</remarks>
    public void Declare(ModelBuilder model, SqlDialect sql) => model.Entity<AccessEntry>(entry =>
    {
        entry.ToTable("access_log");
        entry.Property(e => e.Actor).HasMaxLength(AccessEntry.MaxTextLength);
        entry.Property(e => e.About).HasMaxLength(AccessEntry.MaxTextLength);
        entry.Property(e => e.Address).HasMaxLength(64);
        // One for each filter of the list, in the order of the list.
        entry.HasIndex(e => new { e.ActorId, e.Id });
        entry.HasIndex(e => new { e.PersonId, e.Id });
        entry.HasIndex(e => new { e.Act, e.Id });
    });
}

/// <summary>What the database has of the access log.</summary>
public static class AccessLogSet
{
    extension(TicketDb db)
    {
        /// <summary>Who came in, and what was done to people and tokens.</summary>
        public DbSet<AccessEntry> AccessLog => db.Set<AccessEntry>();
    }
}
