using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Triage;

/// <summary>The tables of suggestions and of pending scores.</summary>
internal sealed class TriageTables : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db)
    {
        model.Entity<TriageResult>(result =>
        {
            result.ToTable("triage_results");
            result.Property(r => r.Id).ValueGeneratedNever();
            result.Property(r => r.Model).HasMaxLength(200);
            result.HasOne(r => r.Ticket).WithMany().HasForeignKey(r => r.TicketId).OnDelete(DeleteBehavior.Cascade);
            result.HasIndex(r => r.TicketId);
        });
        model.Entity<ScoringJob>(job =>
        {
            job.ToTable("scoring_jobs");
            job.HasKey(j => j.TicketId);
            job.Property(j => j.TicketId).ValueGeneratedNever();
            job.HasOne(j => j.Ticket).WithOne().HasForeignKey<ScoringJob>(j => j.TicketId).OnDelete(DeleteBehavior.Cascade);
            job.HasIndex(j => j.DueAt);
        });
    }
}

/// <summary>The sets of the context for triage.</summary>
public static class TriageSets
{
    extension(TicketDb db)
    {
        /// <summary>The questions to the provider and its answers.</summary>
        public DbSet<TriageResult> TriageResults => db.Set<TriageResult>();

        /// <summary>Tickets that wait to be scored again.</summary>
        public DbSet<ScoringJob> ScoringJobs => db.Set<ScoringJob>();
    }
}
