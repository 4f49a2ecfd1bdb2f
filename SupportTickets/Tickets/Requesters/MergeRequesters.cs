using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Requesters;

/// <summary>
/// Joins two requesters who are one person: all tickets of one go to the other, each with its event, and the first one is deleted,
/// in one transaction.
/// </summary>
public sealed class MergeRequesters(TicketDb db, UpdateTicket update, AccessLog log)
{
    /// <summary>Merges one requester into another.</summary>
    /// <param name="id">The one who goes.</param>
    /// <param name="intoId">The one who stays, with their name and address.</param>
    /// <param name="by">Who merges.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The one who stays, or <see cref="RequesterNotFound"/>, <see cref="InvalidInput"/> for a merge with oneself,
    /// and when the notes of both are together too long.</returns>
    public async Task<Result<Requester>> HandleAsync(int id, int intoId, Caller by, CancellationToken cancel)
    {
        if (id == intoId)
            return new InvalidInput([new("requester", FieldErrorCode.NotAChoice, "A requester cannot be merged with themselves.")]);
        return await OwnTransaction.RunAsync(db, () => MergeAsync(id, intoId, by, cancel), cancel);
    }

    private async Task<Result<Requester>> MergeAsync(int id, int intoId, Caller by, CancellationToken cancel)
    {
        // From here on neither gets a further ticket.
        await db.LockRequestersAsync([id, intoId], cancel);
        var both = await db.Requesters.Where(r => r.Id == id || r.Id == intoId).OrderBy(r => r.Id).ToListAsync(cancel);
        if (both.Count < 2)
            return new RequesterNotFound();
        // What was noted about either is worth keeping.
        var notes = string.Join("\n\n", both.OrderBy(r => r.Id != intoId).Select(r => r.Notes).OfType<string>());
        if (TextRules.CodePoints(notes) > Requester.MaxNotesLength)
        {
            return new InvalidInput([new("notes", FieldErrorCode.TooLong,
                $"The notes of both together have more than {Requester.MaxNotesLength:N0} characters. Shorten them, then merge.")]);
        }
        var change = TicketChange.None with { Requester = new RequesterChoice(intoId) };
        var origin = by.Origin(Channel.web);
        if (await db.TakeAllAsync(
            id, async ticket => (await update.HandleAsync(ticket, change, expectedVersion: null, origin, cancel)).Problem, cancel)
            is { } problem)
            return problem;
        db.ChangeTracker.Clear();
        var kept = await db.Requesters.SingleAsync(r => r.Id == intoId, cancel);
        var gone = await db.Requesters.SingleAsync(r => r.Id == id, cancel);
        (kept.Organization, kept.Notes, kept.Version) =
            (kept.Organization ?? gone.Organization, notes.Length == 0 ? null : notes, kept.Version + 1);
        db.Requesters.Remove(gone);
        log.Add(by, AccessAction.requester_merged, about: $"{Requester.Text(id)} into {Requester.Text(intoId)}");
        await db.SaveChangesAsync(cancel);
        return kept;
    }
}
