using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Access;

/// <summary>
/// How often a password may be guessed. An attempt is counted in one statement before the password is looked at, so that
/// guesses sent side by side, to however many instances, count like guesses sent one after the other.
/// </summary>
public sealed class PasswordAttempts(TicketDb db, TimeProvider clock)
{
    /// <summary>Wrong passwords in a row, then there is a pause.</summary>
    public const int Max = 5;

    /// <summary>The pause.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>Counts an attempt; false when none may be made now.</summary>
    public async Task<bool> TakeAsync(int personId, CancellationToken cancel)
    {
        var now = clock.Now();
        DateTime? until = now + Pause;
        return await db.People.Where(p => p.Id == personId && (p.LockedUntil == null || p.LockedUntil <= now))
            .ExecuteUpdateAsync(set => set
                .SetProperty(p => p.LockedUntil, p => p.AccessFailedCount + 1 >= Max ? until : null)
                .SetProperty(p => p.AccessFailedCount, p => p.AccessFailedCount + 1 >= Max ? 0 : p.AccessFailedCount + 1), cancel) > 0;
    }

    /// <summary>The password was right.</summary>
    public Task ForgiveAsync(int personId, CancellationToken cancel) => db.People.Where(p => p.Id == personId)
        .ExecuteUpdateAsync(set => set.SetProperty(p => p.LockedUntil, (DateTime?)null).SetProperty(p => p.AccessFailedCount, 0), cancel);

    /// <summary>The person came in: the same, and the time of it is kept.</summary>
    public Task SignedInAsync(int personId, CancellationToken cancel)
    {
        DateTime? now = clock.Now();
        return db.People.Where(p => p.Id == personId).ExecuteUpdateAsync(set => set
            .SetProperty(p => p.SignedInAt, now).SetProperty(p => p.LockedUntil, (DateTime?)null).SetProperty(p => p.AccessFailedCount, 0), cancel);
    }
}
