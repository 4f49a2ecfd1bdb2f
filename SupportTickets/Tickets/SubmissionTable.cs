using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Tickets;

/// <summary>The table of submissions.</summary>
internal static class SubmissionTable
{
    public static void Declare(ModelBuilder model) => model.Entity<Submission>(submission =>
    {
        submission.ToTable("submissions");
        submission.HasKey(s => s.KeyHash);
        // The key outlives its ticket: else what was deleted would come back when its sender tries again.
        submission.HasOne(s => s.Ticket).WithMany().HasForeignKey(s => s.TicketId).OnDelete(DeleteBehavior.SetNull);
        submission.HasIndex(s => s.TicketId);
        submission.HasIndex(s => s.CreatedAt);
    });
}
