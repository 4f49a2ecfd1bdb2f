using SupportTickets.Data;
using SupportTickets.Triage;

namespace SupportTickets.Tickets;

/// <summary>Takes a ticket in: validates, scores, stores it with its first event in one transaction: the one that is open, else its own.</summary>
public sealed class CreateTicket(TicketDb db, TriageService triage, Assignees assignees, TimeProvider clock)
{
    /// <summary>Creates a ticket.</summary>
    /// <param name="input">As received.</param>
    /// <param name="origin">Who, by which way.</param>
    /// <param name="accepted">The suggestions that the person saw, to keep what became of them.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>The stored ticket, or <see cref="InvalidInput"/>.</returns>
    public async Task<Result<Ticket>> HandleAsync(TicketInput input, Origin origin, SeenSuggestions accepted, CancellationToken cancel)
    {
        if (!TicketValidator.Create(input).Succeeded(out var draft, out var problem))
            return problem;
        if (!(await assignees.CheckAsync(draft.Assignee, former: null, cancel)).Succeeded(out var assignment, out problem))
            return problem;
        var open = db.Database.CurrentTransaction;
        var score = open is null ? await triage.ScoreAsync(draft.Title, draft.Description, cancel) : triage.ScoreLater();

        var ticket = TicketLifeCycle.Create(draft with { Assignee = assignment }, score, clock.Now(), origin);
        db.Tickets.Add(ticket);
        triage.Keep(db, ticket, score);
        await using var transaction = open is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        await db.SaveChangesAsync(cancel);
        await triage.LinkAsync(db, accepted, ticket, cancel);
        if (transaction is not null)
            await transaction.CommitAsync(cancel);
        return ticket;
    }
}
