using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets;
using SupportTickets.Triage.BuiltIn;

namespace SupportTickets.Triage;

/// <summary>
/// Suggestions and scores for the core: from the provider if there is one, else from the built-in model, else the fallback. Never fails.
/// </summary>
public sealed class TriageService(
    TriageProvider provider, BuiltInTriage builtIn, TriageSettings settings, IServiceScopeFactory scopes, TimeProvider clock,
    ILogger<TriageService> log) : IScoring
{
    /// <summary>How many seconds a busy database is waited for before a suggestion is given without being stored.</summary>
    private const int StoreTimeout = 2;

    private static readonly Classification FallbackClassification =
        new(Category.general, Priority.low, null) { IsFallback = true };

    /// <summary>Whether anybody can be asked. Where not, each answer is the fallback.</summary>
    public bool IsOn => provider.IsSet || HasBuiltIn;

    private bool HasBuiltIn => settings.Mode != TriageMode.off && builtIn.IsReady;

    /// <summary>Suggests category and priority for a valid description.</summary>
    public async Task<Classification> ClassifyAsync(string description, CancellationToken cancel)
    {
        if (!IsOn)
            return FallbackClassification;
        var (answer, suggested) = await AskAsync(
            Questions.Classify, Questions.About(description), HasBuiltIn ? () => Likely(description) : null, () => FallbackClassification,
            cancel);
        var result = Record(TriageTask.Classify, answer, $"{suggested.Category}/{suggested.Priority}");
        return suggested with { Source = suggested.IsFallback ? null : answer.Model, SuggestionId = await StoreAsync(result, cancel) };
    }

    /// <summary>Suggests a title for a valid description.</summary>
    public async Task<TitleSuggestion> SuggestTitleAsync(string description, CancellationToken cancel)
    {
        if (!IsOn)
            return new(FallbackTitle.From(description), null);
        var (answer, title) = await AskAsync(
            Questions.Title, Questions.About(description), HasBuiltIn ? () => builtIn.Title(description) : null,
            () => FallbackTitle.From(description), cancel);
        return new(title, await StoreAsync(Record(TriageTask.SuggestTitle, answer, title), cancel));
    }

    /// <summary>Scores a text.</summary>
    public async Task<AskedScore> ScoreAsync(string title, string description, CancellationToken cancel)
    {
        if (!provider.IsSet)
            return new(ScoreHere(title, description));
        var (answer, score) = await AskAsync(
            Questions.Score, Questions.About(title, description),
            HasBuiltIn ? () => builtIn.Score(title, description) with { IsFallback = true } : null, () => Score.Fallback, cancel);
        return new(score)
        {
            Pending = answer.Outcome != TriageOutcome.Answered,
            Result = Record(TriageTask.Score, answer, $"{score.Sentiment}/{score.UrgencyScore}"),
        };
    }

    async Task<Score> IScoring.ScoreAsync(string title, string description, CancellationToken cancel) =>
        await ScoreAsync(title, description, cancel);

    /// <inheritdoc />
    public Score ScoreLater(string title, string description, Score? asked = null)
    {
        var score = ScoreHere(title, description);
        if (provider.IsSet) score = score with { IsFallback = true, Pending = true };
        return new AskedScore(score) { Result = (asked as AskedScore)?.Result };
    }

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

    // The built-in model answers a score again at any time, so its scores have no record. What it suggests has one: it says what the person
    // chose instead.
    private Score ScoreHere(string title, string description) => HasBuiltIn ? builtIn.Score(title, description) : Score.Fallback;

    private Classification Likely(string description)
    {
        var (category, priority) = builtIn.Classify(description);
        return new(category.Value, priority.Value, null)
        {
            CategoryConfidence = category.Confidence,
            PriorityConfidence = priority.Confidence,
        };
    }

    // The provider first; what it does not answer, the built-in model does; and what that cannot, the fallback.
    private async Task<(Answer<T> Answer, T Given)> AskAsync<T>(
        TriageQuestion<T> question, string text, Func<T>? here, Func<T> fallback, CancellationToken cancel) where T : class
    {
        var answer = provider.IsSet ? await provider.AskAsync(question, text, cancel) : null;
        if (answer?.Value is { } value) return (answer, value);
        if (here is null) return (answer!, fallback());
        var started = clock.GetTimestamp();
        var given = here();
        answer ??= new(TriageOutcome.Answered, given, BuiltInTriage.Name, clock.GetElapsedTime(started), 0, 0);
        return (answer with { Model = BuiltInTriage.Name }, given);
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
