using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Writing;

/// <summary>
/// Changes tickets: validates the input, scores the text again if it was supplied, and stores the change with its events in one
/// transaction: the open one, if there is one.
/// </summary>
public sealed class UpdateTicket(
    TicketDb db, IScoring scoring, Assignees assignees, RequesterRows requesters, TimeProvider clock)
{
    /// <summary>Changes the supplied fields.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="input">As received; missing fields stay as they are.</param>
    /// <param name="expectedVersion">The version that the caller read; null changes any version.</param>
    /// <param name="origin">Who makes the change, and through which channel.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The ticket as stored, or <see cref="InvalidInput"/>, <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public async Task<Result<Ticket>> HandleAsync(
        int id, TicketInput input, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        TicketValidator.Change(input).Succeeded(out var change, out var problem)
            ? await HandleAsync(id, change, expectedVersion, origin, cancel)
            : problem;

    /// <summary>Changes the supplied fields of a ticket that the caller has just read, so that it is not read twice.</summary>
    /// <param name="read">The ticket, untracked. It is read again only when somebody else changed it meanwhile.</param>
    /// <param name="input">As received; missing fields stay as they are.</param>
    /// <param name="expectedVersion">The version that is to be changed; null changes any version.</param>
    /// <param name="origin">Who makes the change, and through which channel.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>As <see cref="HandleAsync(int, TicketInput, int?, Origin, CancellationToken)"/>.</returns>
    public async Task<Result<Ticket>> HandleAsync(
        Ticket read, TicketInput input, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        TicketValidator.Change(input).Succeeded(out var change, out var problem)
            ? await ApplyAsync(read.Id, _ => change, expectedVersion, origin, cancel, AddsRequester(change), read)
            : problem;

    /// <summary>Makes a valid change.</summary>
    /// <returns>As <see cref="HandleAsync(int, TicketInput, int?, Origin, CancellationToken)"/>.</returns>
    internal Task<Result<Ticket>> HandleAsync(int id, TicketChange change, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        ApplyAsync(id, _ => change, expectedVersion, origin, cancel, AddsRequester(change));

    /// <summary>Replaces a ticket: changes all writable fields, so the same fields are required as for a new ticket.</summary>
    /// <returns>As <see cref="HandleAsync(int, TicketInput, int?, Origin, CancellationToken)"/>.</returns>
    public async Task<Result<Ticket>> ReplaceAsync(
        int id, TicketInput input, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        TicketValidator.Replacement(input).Succeeded(out var change, out var problem)
            ? await HandleAsync(id, change, expectedVersion, origin, cancel)
            : problem;

    /// <summary>Sets the status to resolved, whatever it was.</summary>
    /// <returns>The ticket as stored, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public Task<Result<Ticket>> ResolveAsync(int id, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        ApplyAsync(id, _ => TicketChange.None with { Status = Status.resolved }, expectedVersion, origin, cancel);

    /// <summary>Reopens a ticket that is done. Any other ticket stays as it is.</summary>
    /// <returns>The ticket as stored, or <see cref="TicketNotFound"/>, <see cref="StaleTicket"/>.</returns>
    public Task<Result<Ticket>> ReopenAsync(int id, int? expectedVersion, Origin origin, CancellationToken cancel) =>
        ApplyAsync(id, ticket => ticket.Status.IsDone() ? TicketChange.None with { Status = Status.open } : TicketChange.None,
            expectedVersion, origin, cancel);

    /// <summary>Makes a change that depends on the current ticket.</summary>
    private Task<Result<Ticket>> ApplyAsync(
        int id, Func<Ticket, TicketChange> decide, int? expectedVersion, Origin origin, CancellationToken cancel,
        bool addsRequester = false, Ticket? read = null)
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
            if (change.Requester is { } asking)
            {
                if (!(await requesters.ResolveAsync(asking, cancel)).Succeeded(out var requester, out var problem))
                    return problem;
                change = change with { Requester = requester };
            }
            Score? score = null;
            if (change.NeedsScore)
            {
                (string Title, string Description) text = (change.Title ?? ticket.Title, change.Description ?? ticket.Description);
                scored ??= text;
                answer ??= await AskAsync(text, cancel);
                // If somebody changed the other part of the text while the provider was asked, the answer is about a text that
                // never existed.
                score = scored == text ? answer : scoring.ScoreLater(text.Title, text.Description, answer);
            }
            ticket.Apply(change, score is { IsFallback: false } ? score : null, clock.Now(), origin);
            if (score is not null)
                await scoring.KeepAsync(db, ticket, score, cancel);
            return null;
        }, cancel, locked: addsRequester, read);
    }

    private static bool AddsRequester(TicketChange change) => change.Requester is { Email: not null };

    // Never in an open transaction, which must not hold its locks while a provider answers.
    private async Task<Score> AskAsync((string Title, string Description) text, CancellationToken cancel) =>
        db.Database.CurrentTransaction is null
            ? await scoring.ScoreAsync(text.Title, text.Description, cancel)
            : scoring.ScoreLater(text.Title, text.Description);
}
