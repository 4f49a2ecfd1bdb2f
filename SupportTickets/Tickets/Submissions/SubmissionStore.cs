using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Submissions;

/// <summary>Stores which tickets were sent with which keys.</summary>
public sealed class SubmissionStore(TicketDb db, TimeProvider clock)
{
    /// <summary>How many keys are deleted in one statement.</summary>
    public const int BatchSize = 1000;

    /// <summary>Finds the ticket that was sent with a key before.</summary>
    /// <param name="key">A valid key.</param>
    /// <param name="ticket">The ticket that is sent now.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The ticket as it is now, or <see cref="SubmissionRefused"/>; null when the key is new.</returns>
    public async Task<Result<Ticket>?> FindAsync(IdempotencyKey key, NewTicket ticket, CancellationToken cancel)
    {
        var hash = key.Hash();
        var earlier = await db.Submissions.AsNoTracking().Where(s => s.KeyHash == hash)
            .Select(s => new { s.Digest, s.Ticket, s.FormerTicketId }).SingleOrDefaultAsync(cancel);
        if (earlier is null)
            return null;
        if (!earlier.Digest.AsSpan().SequenceEqual(Submission.DigestOf(ticket)))
            return new SubmissionRefused(SubmissionRefusal.KeyTaken, earlier.Ticket?.Id);
        return earlier.Ticket is { } stored ? stored : new SubmissionRefused(SubmissionRefusal.TicketDeleted, earlier.FormerTicketId);
    }

    /// <summary>Adds a key to the changes that are saved with a new ticket.</summary>
    public void Keep(IdempotencyKey key, NewTicket draft, Ticket ticket) =>
        db.Submissions.Add(new Submission
        {
            KeyHash = key.Hash(),
            Digest = Submission.DigestOf(draft),
            Ticket = ticket,
            CreatedAt = ticket.CreatedAt,
        });

    /// <summary>
    /// Deletes up to <see cref="BatchSize"/> keys that are older than <see cref="Submission.Lifetime"/>, the oldest first.
    /// </summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> ForgetOldAsync(CancellationToken cancel)
    {
        var limit = clock.Now() - Submission.Lifetime;
        var old = db.Submissions.Where(s => s.CreatedAt < limit).OrderBy(s => s.CreatedAt).Take(BatchSize);
        return await old.ExecuteDeleteAsync(cancel) == BatchSize;
    }
}
