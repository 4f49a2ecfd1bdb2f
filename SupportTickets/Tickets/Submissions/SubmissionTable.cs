using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Submissions;

/// <summary>The table of submissions.</summary>
internal sealed class SubmissionTable : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db) => model.Entity<Submission>(submission =>
    {
        submission.ToTable("submissions");
        submission.HasKey(s => s.KeyHash);
        // The key outlives its ticket: otherwise a deleted ticket would be created again when its sender tries again.
        submission.HasOne(s => s.Ticket).WithMany().HasForeignKey(s => s.TicketId).OnDelete(DeleteBehavior.SetNull);
        submission.HasIndex(s => s.TicketId);
        submission.HasIndex(s => s.CreatedAt);
    });
}

/// <summary>The set of the context for submissions.</summary>
public static class SubmissionSet
{
    extension(TicketDb db)
    {
        /// <summary>The tickets that were sent with a key, so that none is created twice.</summary>
        public DbSet<Submission> Submissions => db.Set<Submission>();
    }
}
