using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Writing;

/// <summary>
/// Changes a ticket: validates, re-scores when its text was supplied, stores the change with its events in one transaction: the one
/// that is open, else its own.
/// </summary>
public sealed class UpdateTicket(TicketDb db, IScoring scoring, Assignees assignees, TimeProvider clock)
{
    /// <summary>Changes what was supplied.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="input">As received; missing fields stay as they are.</param>
    /// <param name="expectedVersion">The version the caller read; null when it did not say, then its fields go on top of whatever
    /// is there.</param>
    /// <param name="origin">Who, by which way.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>The ticket as stored, or <see cref="InvalidInput"/>, <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public async Task<Result<Ticket>> HandleAsync(
        int id, TicketInput input, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        TicketValidator.Change(input).Succeeded(out var change, out var problem)
            ? await ApplyAsync(id, _ => change, expectedVersion, origin, cancel)
            : problem;

    /// <summary>Makes a change that was checked.</summary>
    /// <returns>As <see cref="HandleAsync(int, TicketInput, int?, Origin, CancellationToken)"/>.</returns>
    internal Task<Result<Ticket>> HandleAsync(int id, TicketChange change, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        ApplyAsync(id, _ => change, expectedVersion, origin, cancel);

    /// <summary>Replaces a ticket: a change of all that can be written, so the same fields are needed as for a new one.</summary>
    /// <returns>As <see cref="HandleAsync(int, TicketInput, int?, Origin, CancellationToken)"/>.</returns>
    public async Task<Result<Ticket>> ReplaceAsync(
        int id, TicketInput input, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        TicketValidator.Replacement(input).Succeeded(out var change, out var problem)
            ? await ApplyAsync(id, _ => change, expectedVersion, origin, cancel)
            : problem;

    /// <summary>Resolves a ticket: afterwards it is resolved, whatever it was.</summary>
    /// <returns>The ticket as stored, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public Task<Result<Ticket>> ResolveAsync(int id, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        ApplyAsync(id, _ => TicketChange.None with { Status = Status.resolved }, expectedVersion, origin, cancel);

    /// <summary>Reopens a ticket: afterwards it needs work. One that is not done stays as it is.</summary>
    /// <returns>The ticket as stored, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public Task<Result<Ticket>> ReopenAsync(int id, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        ApplyAsync(id, ticket => ticket.Status.IsDone() ? TicketChange.None with { Status = Status.open } : TicketChange.None,
            expectedVersion, origin, cancel);

    /// <summary>Makes the change that fits the ticket as it is.</summary>
    private Task<Result<Ticket>> ApplyAsync(
        int id, Func<Ticket, TicketChange> decide, int? expectedVersion, Origin origin, CancellationToken cancel)
    {
        (string Title, string Description)? scored = null;
        Score? answer = null;
        return OptimisticWrite.WriteAsync(db, id, expectedVersion, async ticket =>
        {
            var change = decide(ticket);
            if (change.Assignee is { } wanted)
            {
                if (!(await assignees.CheckAsync(wanted, ticket.AssigneeId, cancel)).Succeeded(out var assignment, out var problem))
                    return problem;
                change = change with { Assignee = assignment };
            }
            Score? score = null;
            if (change.NeedsScore)
            {
                var text = (change.Title ?? ticket.Title, change.Description ?? ticket.Description);
                scored ??= text;
                answer ??= await AskAsync(text, cancel);
                // Somebody changed the other part of the text while the provider was asked: the answer is about a text that never was.
                score = scored == text ? answer : scoring.ScoreLater(answer);
            }
            ticket.Apply(change, score is { IsFallback: false } ? score : null, clock.Now(), origin);
            if (score is not null)
                await scoring.KeepAsync(db, ticket, score, cancel);
            return null;
        }, cancel);
    }

    // Never while a transaction is open: it must not hold its locks for as long as a provider takes to answer.
    private async Task<Score> AskAsync((string Title, string Description) text, CancellationToken cancel) =>
        db.Database.CurrentTransaction is null ? await scoring.ScoreAsync(text.Title, text.Description, cancel) : scoring.ScoreLater();
}
