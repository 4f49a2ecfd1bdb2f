using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.Limits;

/// <summary>The table of guessed passwords.</summary>
internal sealed class GuessTable : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, SqlDialect sql) => model.Entity<GuessCount>(count =>
    {
        count.ToTable("guess_counts");
        count.HasKey(c => c.KeyHash);
        count.HasIndex(c => c.At);
    });
}

/// <summary>What the database has of guessed passwords.</summary>
public static class GuessSet
{
    extension(TicketDb db)
    {
        /// <summary>Passwords that were guessed.</summary>
        public DbSet<GuessCount> GuessCounts => db.Set<GuessCount>();
    }
}
