using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Requesters;

/// <summary>Goes through the tickets of a requester while they are taken away from them.</summary>
internal static class RequesterTickets
{
    private const int BatchSize = 200;

    /// <summary>Takes the tickets of a requester away, one after the other; reads a batch of numbers at a time.</summary>
    /// <param name="db">The context, in a transaction that has the requester locked.</param>
    /// <param name="id">The requester.</param>
    /// <param name="take">Deletes a ticket or gives it to somebody else. A ticket that is gone already is no problem.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>Why one could not be taken; null when all were.</returns>
    public static async Task<Problem?> TakeAllAsync(this TicketDb db, int id, Func<int, Task<Problem?>> take, CancellationToken cancel)
    {
        for (List<int> batch = await NextAsync(); batch.Count > 0; batch = await NextAsync())
        {
            foreach (var ticket in batch)
            {
                if (await take(ticket) is { } problem and not TicketNotFound)
                    return problem;
            }
        }
        return null;

        Task<List<int>> NextAsync() => db.Tickets.AsNoTracking()
            .Where(t => t.RequesterId == id).OrderBy(t => t.Id).Select(t => t.Id).Take(BatchSize).ToListAsync(cancel);
    }
}
