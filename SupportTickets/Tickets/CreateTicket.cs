using SupportTickets.Data;
using SupportTickets.Triage;

namespace SupportTickets.Tickets;

/// <summary>Takes a ticket in: validates, scores, stores it with its first event in one transaction.</summary>
public sealed class CreateTicket(TicketDb db, TriageService triage, TimeProvider clock)
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
        var score = await triage.ScoreAsync(draft.Title, draft.Description, cancel);

        var ticket = TicketLifeCycle.Create(draft, score, clock.Now(), origin);
        db.Tickets.Add(ticket);
        triage.Keep(db, ticket, score);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.SaveChangesAsync(cancel);
        await triage.LinkAsync(db, accepted, ticket, cancel);
        await transaction.CommitAsync(cancel);
        return ticket;
    }
}
