using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Triage;

/// <summary>Suggestions and scores for the core. Never fails: without a usable answer it gives the fallback.</summary>
public sealed class TriageService(TimeProvider clock)
{
    /// <summary>Suggests category and priority for a valid description.</summary>
    public Task<Classification> ClassifyAsync(string description, CancellationToken cancel) =>
        Task.FromResult(new Classification(Category.general, Priority.low, null));

    /// <summary>Suggests a title for a valid description.</summary>
    public Task<TitleSuggestion> SuggestTitleAsync(string description, CancellationToken cancel) =>
        Task.FromResult(new TitleSuggestion(FallbackTitle.From(description), null));

    /// <summary>Scores a text.</summary>
    public Task<Score> ScoreAsync(string title, string description, CancellationToken cancel) => Task.FromResult(Score.Fallback);

    /// <summary>Adds the record of a score, and a job if it is pending, to what is saved with a new ticket.</summary>
    public void Keep(TicketDb db, Ticket ticket, Score score)
    {
        if (score.Result is { } result)
        {
            result.Ticket = ticket;
            db.TriageResults.Add(result);
        }
        if (score.Pending)
            db.ScoringJobs.Add(new ScoringJob { Ticket = ticket, DueAt = clock.Now() });
    }

    /// <summary>The same for a ticket that exists: its job, if any, is renewed or done with.</summary>
    public async Task KeepAsync(TicketDb db, Ticket ticket, Score score, CancellationToken cancel)
    {
        var job = await db.ScoringJobs.SingleOrDefaultAsync(j => j.TicketId == ticket.Id, cancel);
        if (job is not null && !score.Pending)
            db.ScoringJobs.Remove(job);
        else if (job is not null)
            job.DueAt = clock.Now();
        Keep(db, ticket, job is null ? score : score with { Pending = false });
    }

    /// <summary>Notes on the suggestions a person saw what the ticket was created with. Unknown or used ids are passed over.</summary>
    public async Task LinkAsync(TicketDb db, SeenSuggestions seen, Ticket ticket, CancellationToken cancel)
    {
        if (seen.Classification is { } classification)
            await LinkAsync(classification, TriageTask.Classify, $"{ticket.Category}/{ticket.Priority}");
        if (seen.Title is { } title)
            await LinkAsync(title, TriageTask.SuggestTitle, ticket.Title);

        Task LinkAsync(Guid id, TriageTask task, string kept) => db.TriageResults
            .Where(r => r.Id == id && r.Task == task && r.TicketId == null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.TicketId, ticket.Id).SetProperty(r => r.Kept, kept), cancel);
    }
}
