using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Tickets.Writing;

/// <summary>
/// Creates tickets: validates the input, scores the text, and stores the ticket with its first event in one transaction: the open
/// one, if there is one.
/// </summary>
public sealed class CreateTicket(
    TicketDb db, IScoring scoring, Assignees assignees, RequesterRows requesters, SubmissionStore submissions, TimeProvider clock)
{
    private const int MaxTries = 5;

    /// <summary>Creates a ticket each time it is called.</summary>
    /// <returns>The stored ticket, or <see cref="InvalidInput"/>.</returns>
    public Task<Result<Ticket>> HandleAsync(TicketInput input, Origin origin, SeenSuggestions accepted, CancellationToken cancel) =>
        HandleAsync(input, origin, accepted, key: null, cancel);

    /// <summary>Creates a ticket, once for each key.</summary>
    /// <param name="input">As received.</param>
    /// <param name="origin">Who creates it, and through which channel.</param>
    /// <param name="accepted">The suggestions that the person saw, to record what they chose.</param>
    /// <param name="key">The idempotency key that was sent with the ticket; null when there was none.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <param name="enclosed">What comes with the ticket; null for nothing.</param>
    /// <returns>The stored ticket, or the one that was stored before with the same key; or <see cref="InvalidInput"/>,
    /// <see cref="SubmissionRefused"/>, or the reason that <paramref name="enclosed"/> gave.</returns>
    public async Task<Result<Ticket>> HandleAsync(
        TicketInput input, Origin origin, SeenSuggestions accepted, IdempotencyKey? key, CancellationToken cancel,
        Enclosed? enclosed = null)
    {
        if (key is { IsValid: false })
            return new SubmissionRefused(SubmissionRefusal.BadKey);
        if (!TicketValidator.Create(input).Succeeded(out var draft, out var problem))
            return problem;
        draft = draft with { Enclosed = enclosed?.Marks };
        if (key is not null && await submissions.FindAsync(key, draft, cancel) is { } earlier)
            return earlier;
        if (!(await assignees.CheckAsync(draft.Assignee, former: null, cancel)).Succeeded(out var assignment, out problem))
            return problem;
        // After a deadlock, the code that opened a transaction starts it again.
        var isOwn = db.Database.CurrentTransaction is null;
        var score = isOwn
            ? await scoring.ScoreAsync(draft.Title, draft.Description, cancel)
            : scoring.ScoreLater(draft.Title, draft.Description);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StoreAsync(draft, assignment, score, origin, accepted, key, enclosed, cancel);
            }
            catch (Exception error) when (attempt < MaxTries
                && ((error is DbUpdateException update && DatabaseConflict.Is(update)) || (isOwn && DatabaseConflict.IsDeadlock(error))))
            {
                // Another request with the same key was faster, or the requester is being changed, or was merged or deleted meanwhile.
                db.ChangeTracker.Clear();
                if (key is not null && await submissions.FindAsync(key, draft, cancel) is { } other)
                    return other;
            }
        }
    }

    /// <summary>Creates a ticket for a caller who may not read it, once for each key.</summary>
    /// <inheritdoc cref="HandleAsync(TicketInput, Origin, SeenSuggestions, IdempotencyKey?, CancellationToken, Enclosed?)" path="/param" />
    /// <returns>What was sent and its number; or <see cref="InvalidInput"/>, <see cref="SubmissionRefused"/>, or the reason that
    /// <paramref name="enclosed"/> gave.</returns>
    public async Task<Result<TicketReceipt>> HandInAsync(
        TicketInput input, Origin origin, SeenSuggestions accepted, IdempotencyKey? key, CancellationToken cancel,
        Enclosed? enclosed = null)
    {
        if (RequesterValidator.Unnamed(input) is { } unnamed)
            return new InvalidInput([.. TicketValidator.Create(input).Problem is InvalidInput invalid ? invalid.Errors : [], unnamed]);
        var result = await HandleAsync(input, origin, accepted, key, cancel, enclosed);
        return result.Problem switch
        {
            null => TicketReceipt.Of(result.Value.Id, input),
            SubmissionRefused { Why: SubmissionRefusal.TicketDeleted, TicketId: { } id } => TicketReceipt.Of(id, input),
            SubmissionRefused refused => refused with { TicketId = null },
            var problem => problem,
        };
    }

    private async Task<Result<Ticket>> StoreAsync(
        NewTicket draft, Assignment assignment, Score score, Origin origin, SeenSuggestions accepted, IdempotencyKey? key,
        Enclosed? enclosed, CancellationToken cancel)
    {
        await using var transaction = await WholeTransaction.BeginAsync(db, cancel);
        var requester = draft.Requester;
        if (requester is not null && !(await requesters.ResolveAsync(requester, cancel)).Succeeded(out requester, out var problem))
            return problem;
        var ticket = TicketLifeCycle.Create(draft with { Assignee = assignment, Requester = requester }, score, clock.Now(), origin);
        db.Tickets.Add(ticket);
        scoring.Keep(db, ticket, score);
        if (key is not null)
            submissions.Keep(key, draft, ticket);
        await db.SaveChangesAsync(cancel);
        if (enclosed is not null)
        {
            if (await enclosed.AddAsync(ticket) is { } refused)
            {
                db.ChangeTracker.Clear();
                return refused;
            }
            await db.SaveChangesAsync(cancel);
        }
        await scoring.LinkAsync(db, accepted, ticket, cancel);
        if (transaction is not null)
            await transaction.CommitAsync(cancel);
        return ticket;
    }
}
