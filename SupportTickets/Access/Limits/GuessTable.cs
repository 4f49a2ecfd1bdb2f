using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.Limits;

/// <summary>The table of wrong passwords.</summary>
internal sealed class GuessTable : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db) => model.Entity<GuessCount>(count =>
    {
        count.ToTable("guess_counts");
        count.HasKey(c => c.KeyHash);
        count.HasIndex(c => c.At);
    });
}

/// <summary>The set of the context for wrong passwords.</summary>
public static class GuessSet
{
    extension(TicketDb db)
    {
        /// <summary>How often wrong passwords were entered.</summary>
        public DbSet<GuessCount> GuessCounts => db.Set<GuessCount>();
    }
}
