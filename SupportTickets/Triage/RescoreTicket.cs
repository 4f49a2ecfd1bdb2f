using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Triage;

/// <summary>
/// Scores a ticket again when the provider gave no usable answer at the time of writing. Several instances may run it at once: the
/// instance that postpones a job owns it until that time. If the text is changed meanwhile, the score of the old text is dropped.
/// </summary>
public sealed class RescoreTicket(
    TicketDb db, TriageService triage, TriageProvider provider, TimeProvider clock, ILogger<RescoreTicket> log)
{
    /// <summary>After this many failed tries, about 18 hours, the ticket keeps the scores it has.</summary>
    public const int MaxAttempts = 24;

    /// <summary>How often the score is stored again after conflicts with changes of the ticket.</summary>
    private const int MaxTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Takes one due job and tries it.</summary>
    /// <returns>Whether to continue with the next job at once; false when none is due or the provider is down.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        var due = await db.ScoringJobs
            .Where(j => j.DueAt <= now)
            .OrderBy(j => j.DueAt).ThenBy(j => j.TicketId)
            .Select(j => new { j.TicketId, j.DueAt, j.Attempts })
            .FirstOrDefaultAsync(cancel);
        if (due is null)
            return false;

        var mine = new Claim(due.TicketId, now + PauseAfter(due.Attempts + 1), due.Attempts + 1);
        var taken = await db.ScoringJobs
            .Where(j => j.TicketId == due.TicketId && j.DueAt == due.DueAt && j.Attempts == due.Attempts)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, mine.Until).SetProperty(j => j.Attempts, mine.Attempts), cancel);
        if (taken == 0)
            return true; // another instance was faster

        // Read only after taking the job: a change of the text from here on removes the job, and then the score is not stored.
        var text = await db.Tickets.Where(t => t.Id == due.TicketId)
            .Select(t => new { t.Title, t.Description })
            .SingleOrDefaultAsync(cancel);
        if (text is null)
            return true; // deleted meanwhile, and its job went with it

        var score = await triage.ScoreAsync(text.Title, text.Description, cancel);
        if (!score.Pending)
            await StoreAsync(mine, score, cancel);
        else if (score.Result?.Outcome == TriageOutcome.Skipped)
            await GiveBackAsync(mine, cancel);
        else
            await FailAsync(mine, score, cancel);
        return score.Result?.Outcome is not TriageOutcome.Skipped;
    }

    /// <summary>The pause of a job after a number of attempts: longer than any attempt takes, doubled each time, up to a maximum.</summary>
    internal TimeSpan PauseAfter(int attempts)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempts - 1, 20));
        return provider.Limit + (pause < LongestPause ? pause : LongestPause);
    }

    private IQueryable<ScoringJob> Held(Claim mine) => db.ScoringJobs.Where(j => j.TicketId == mine.TicketId && j.DueAt == mine.Until);

    private async Task StoreAsync(Claim mine, AskedScore score, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            // The job first, in the same order as a change of the ticket, so that two transactions cannot deadlock.
            if (await Held(mine).ExecuteDeleteAsync(cancel) == 0)
                return; // the text was changed meanwhile, and scored or given a new job
            var ticket = await db.Tickets.SingleAsync(t => t.Id == mine.TicketId, cancel);
            ticket.Apply(TicketChange.None, score, clock.Now(), Origin.Triage);
            triage.Keep(db, ticket, score);
            try
            {
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return;
            }
            catch (DbUpdateConcurrencyException) when (attempt < MaxTries)
            {
                // The ticket was changed between the read and the write. The transaction is rolled back, so the job exists again.
            }
        }
    }

    private Task<int> GiveBackAsync(Claim mine, CancellationToken cancel)
    {
        var again = clock.Now() + provider.Pause;
        return Held(mine).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.DueAt, again).SetProperty(j => j.Attempts, mine.Attempts - 1), cancel);
    }

    private async Task FailAsync(Claim mine, AskedScore score, CancellationToken cancel)
    {
        score.Result!.TicketId = mine.TicketId;
        db.TriageResults.Add(score.Result);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (DatabaseConflict.Is(error))
        {
            return; // the ticket was deleted meanwhile, and its job went with it
        }
        if (mine.Attempts < MaxAttempts)
            return;
        if (await Held(mine).ExecuteDeleteAsync(cancel) > 0)
            log.LogWarning("Ticket {Id} keeps the scores it has: no usable answer in {Attempts} attempts.", mine.TicketId, mine.Attempts);
    }

    private sealed record Claim(int TicketId, DateTime Until, int Attempts);
}
