using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Requesters;

/// <summary>How much is known of a requester.</summary>
/// <param name="Tickets">Their tickets.</param>
/// <param name="Comments">The comments on them, internal notes included.</param>
/// <param name="Attachments">The files of both.</param>
public sealed record KnownOfRequester(int Tickets, int Comments, int Attachments);

/// <summary>
/// Deletes a requester with all that is known of them: their tickets with history, comments and files. Nothing can bring it back. The
/// access log keeps the number of the requester and the counts, and no personal data.
/// </summary>
public sealed class ForgetRequester(TicketDb db, DeleteTicket delete, AccessLog log)
{
    /// <summary>Counts what would be deleted.</summary>
    public async Task<KnownOfRequester> CountAsync(int id, CancellationToken cancel) => new(
        await db.Tickets.CountAsync(t => t.RequesterId == id, cancel),
        await db.Comments.CountAsync(c => c.Ticket!.RequesterId == id, cancel),
        await db.Attachments.CountAsync(a => a.Ticket!.RequesterId == id, cancel));

    /// <summary>Deletes everything, in one transaction.</summary>
    /// <param name="id">The requester.</param>
    /// <param name="expectedVersion">The version that the caller read; null for any.</param>
    /// <param name="by">Who deletes.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>What was deleted, or <see cref="RequesterNotFound"/>, <see cref="StaleRequester"/>.</returns>
    public Task<Result<KnownOfRequester>> HandleAsync(int id, int? expectedVersion, Caller by, CancellationToken cancel) =>
        OwnTransaction.RunAsync(db, () => DeleteAsync(id, expectedVersion, by, cancel), cancel);

    private async Task<Result<KnownOfRequester>> DeleteAsync(int id, int? expectedVersion, Caller by, CancellationToken cancel)
    {
        // From here on they get no further ticket.
        await db.LockRequestersAsync([id], cancel);
        if (await db.Requesters.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } requester)
            return new RequesterNotFound();
        if (expectedVersion is { } version && version != requester.Version)
            return new StaleRequester(requester);
        var known = await CountAsync(id, cancel);
        var origin = by.Origin(Channel.web);
        if (await db.TakeAllAsync(
            id, async ticket => (await delete.HandleAsync(ticket, expectedVersion: null, origin, cancel)).Problem, cancel) is { } problem)
            return problem;
        db.ChangeTracker.Clear();
        db.Requesters.Remove(await db.Requesters.SingleAsync(r => r.Id == id, cancel));
        log.Add(by, AccessAction.requester_deleted,
            about: $"{Requester.Text(id)}: {known.Tickets} tickets, {known.Comments} comments, {known.Attachments} files");
        await db.SaveChangesAsync(cancel);
        return known;
    }
}
