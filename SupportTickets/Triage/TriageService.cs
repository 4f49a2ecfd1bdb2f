using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Triage;

/// <summary>Suggestions and scores for the core. Never fails: without a usable answer it gives the fallback.</summary>
public sealed class TriageService(TriageProvider provider, IServiceScopeFactory scopes, TimeProvider clock, ILogger<TriageService> log)
    : IScoring
{
    /// <summary>How many seconds a busy database is waited for before a suggestion is given without being stored.</summary>
    private const int StoreTimeout = 2;

    private static readonly Classification FallbackClassification =
        new(Category.general, Priority.low, null) { IsFallback = true };

    /// <summary>Whether a provider is set. Without one each answer is the fallback.</summary>
    public bool HasProvider => provider.IsSet;

    /// <summary>Suggests category and priority for a valid description.</summary>
    public async Task<Classification> ClassifyAsync(string description, CancellationToken cancel)
    {
        if (!provider.IsSet)
            return FallbackClassification;
        var answer = await provider.AskAsync(Questions.Classify, Questions.About(description), cancel);
        var suggested = answer.Value ?? FallbackClassification;
        var result = Record(TriageTask.Classify, answer, $"{suggested.Category}/{suggested.Priority}");
        return suggested with { SuggestionId = await StoreAsync(result, cancel) };
    }

    /// <summary>Suggests a title for a valid description.</summary>
    public async Task<TitleSuggestion> SuggestTitleAsync(string description, CancellationToken cancel)
    {
        if (!provider.IsSet)
            return new(FallbackTitle.From(description), null);
        var answer = await provider.AskAsync(Questions.Title, Questions.About(description), cancel);
        var title = answer.Value ?? FallbackTitle.From(description);
        return new(title, await StoreAsync(Record(TriageTask.SuggestTitle, answer, title), cancel));
    }

    /// <summary>Scores a text.</summary>
    public async Task<AskedScore> ScoreAsync(string title, string description, CancellationToken cancel)
    {
        if (!provider.IsSet)
            return new(Score.Fallback);
        var answer = await provider.AskAsync(Questions.Score, Questions.About(title, description), cancel);
        var score = answer.Value ?? Score.Fallback;
        return new(score)
        {
            Pending = answer.Value is null,
            Result = Record(TriageTask.Score, answer, $"{score.Sentiment}/{score.UrgencyScore}"),
        };
    }

    async Task<Score> IScoring.ScoreAsync(string title, string description, CancellationToken cancel) =>
        await ScoreAsync(title, description, cancel);

    /// <inheritdoc />
    public Score ScoreLater(Score? asked = null) =>
        new AskedScore(provider.IsSet ? Score.Deferred : Score.Fallback) { Result = (asked as AskedScore)?.Result };

    /// <inheritdoc />
    public void Keep(TicketDb db, Ticket ticket, Score score)
    {
        if (score is AskedScore { Result: { } result })
        {
            result.Ticket = ticket;
            result.Kept = $"{ticket.Sentiment}/{ticket.UrgencyScore}";
            db.TriageResults.Add(result);
        }
        if (score.Pending)
            db.ScoringJobs.Add(new ScoringJob { Ticket = ticket, DueAt = clock.Now() });
    }

    /// <inheritdoc />
    public async Task KeepAsync(TicketDb db, Ticket ticket, Score score, CancellationToken cancel)
    {
        var job = await db.ScoringJobs.SingleOrDefaultAsync(j => j.TicketId == ticket.Id, cancel);
        if (job is not null && !score.IsFallback)
            db.ScoringJobs.Remove(job);
        else if (job is not null)
            (job.DueAt, job.Attempts) = (clock.Now(), 0);
        Keep(db, ticket, job is null ? score : score with { Pending = false });
    }

    /// <inheritdoc />
    public async Task ForgetAsync(TicketDb db, int ticketId, CancellationToken cancel)
    {
        if (await db.ScoringJobs.SingleOrDefaultAsync(j => j.TicketId == ticketId, cancel) is { } job)
            db.ScoringJobs.Remove(job);
    }

    /// <inheritdoc />
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

    private TriageResult Record<T>(TriageTask task, Answer<T> answer, string suggested) where T : class => new()
    {
        Id = Guid.CreateVersion7(clock.GetUtcNow()),
        At = clock.Now(),
        Task = task,
        Outcome = answer.Outcome,
        Model = answer.Model,
        Suggested = suggested,
        DurationMs = (int)Math.Min(answer.Duration.TotalMilliseconds, int.MaxValue),
        InputTokens = answer.InputTokens,
        OutputTokens = answer.OutputTokens,
    };

    // In a context of its own, so that the caller's unsaved changes are not saved with it.
    private async Task<Guid?> StoreAsync(TriageResult result, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TicketDb>();
            db.Database.SetCommandTimeout(StoreTimeout);
            db.TriageResults.Add(result);
            await db.SaveChangesAsync(cancel);
            return result.Id;
        }
        catch (Exception error) when (error is DbUpdateException or DbException or InvalidOperationException or TimeoutException)
        {
            log.LogWarning("A suggestion was given but could not be stored: {Reason}", error.GetBaseException().Message);
            return null;
        }
    }
}
