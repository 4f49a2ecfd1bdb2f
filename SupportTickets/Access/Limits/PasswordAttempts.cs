using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Limits;

/// <summary>
/// Limits how often a password may be guessed. The counts are in the database, so they hold for all instances. An attempt is
/// counted before the password is checked, so that parallel guesses count like guesses sent one after the other. The reasons:
/// docs/decisions/0024-sessions-and-sign-in.md.
/// </summary>
public sealed class PasswordAttempts(TicketDb db, TimeProvider clock)
{
    /// <summary>How many counts are deleted in one statement.</summary>
    public const int BatchSize = 1000;

    /// <summary>Counts an attempt.</summary>
    /// <returns>Null when the attempt may be made; else the time to wait, and nothing was counted.</returns>
    public async Task<TimeSpan?> TakeAsync(Guesser guesser, CancellationToken cancel)
    {
        // Another attempt may be counted between the read and the write. Then nothing is written, and the loop reads again. Each
        // lost round was won by another attempt, so the limits end the loop.
        while (true)
        {
            var now = clock.Now();
            var known = new List<GuessCount?>();
            foreach (var (hash, _) in guesser.Counts)
                known.Add(await db.GuessCounts.AsNoTracking().SingleOrDefaultAsync(g => g.KeyHash == hash, cancel));
            var wait = known.Zip(guesser.Counts, (count, counted) => count is null
                ? TimeSpan.Zero
                : count.At + counted.Limit.PauseAfter(count.Failures) - now).Max();
            if (wait > TimeSpan.Zero)
                return wait;
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var written = true;
            for (var i = 0; written && i < known.Count; i++)
                written = await CountAsync(guesser.Counts[i], known[i], now, cancel);
            if (!written)
                continue;
            await transaction.CommitAsync(cancel);
            return null;
        }
    }

    /// <summary>
    /// The password was right: deletes the count of this place, and takes this attempt out of the counts that are shared with
    /// other places.
    /// </summary>
    public async Task ForgiveAsync(Guesser guesser, CancellationToken cancel)
    {
        foreach (var (hash, limit) in guesser.Counts)
        {
            var count = db.GuessCounts.Where(g => g.KeyHash == hash);
            if (limit == GuessLimit.OfPlace)
                await count.ExecuteDeleteAsync(cancel);
            else
                await count.Where(g => g.Failures > 0)
                    .ExecuteUpdateAsync(set => set.SetProperty(g => g.Failures, g => g.Failures - 1), cancel);
        }
    }

    /// <summary>Stores that the person signed in now.</summary>
    public Task SignedInAsync(int personId, CancellationToken cancel)
    {
        DateTime? now = clock.Now();
        return db.People.Where(p => p.Id == personId).ExecuteUpdateAsync(set => set.SetProperty(p => p.SignedInAt, now), cancel);
    }

    /// <summary>Deletes up to <see cref="BatchSize"/> counts that are not needed any more, the oldest first.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> ForgetOldAsync(CancellationToken cancel)
    {
        var before = clock.Now() - GuessCount.Kept;
        return await db.GuessCounts.Where(g => g.At < before).OrderBy(g => g.At).Take(BatchSize).ExecuteDeleteAsync(cancel) == BatchSize;
    }

    // False when the count changed since it was read.
    private async Task<bool> CountAsync(
        (byte[] KeyHash, GuessLimit Limit) counted, GuessCount? known, DateTime now, CancellationToken cancel)
    {
        var (hash, limit) = counted;
        if (known is null)
        {
            return await db.Database.ExecuteSqlAsync(
                $"INSERT INTO guess_counts (key_hash, failures, at) VALUES ({hash}, 1, {now}) ON CONFLICT (key_hash) DO NOTHING",
                cancel) > 0;
        }
        var (failures, at, next) = (known.Failures, known.At, limit.Next(known.Failures, now - known.At));
        return await db.GuessCounts.Where(g => g.KeyHash == hash && g.Failures == failures && g.At == at)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Failures, next).SetProperty(g => g.At, now), cancel) > 0;
    }
}
