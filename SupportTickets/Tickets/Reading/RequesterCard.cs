using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Tickets.Reading;

/// <summary>Reads what stands about the requester beside a ticket.</summary>
public sealed class RequesterCard(TicketReads reads)
{
    /// <summary>The most other tickets that are shown.</summary>
    public const int MaxOthers = 5;

    /// <summary>The requester of a ticket with their other tickets, open ones first, then the newest; null where there is none.</summary>
    public async Task<RequesterBeside?> FindAsync(Ticket ticket, CancellationToken cancel)
    {
        if (ticket.RequesterId is not { } id || await reads.Requesters.SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } requester)
            return null;
        var others = await reads.Visible.Where(t => t.RequesterId == id && t.Id != ticket.Id)
            .OrderBy(t => t.Status).ThenByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id).Take(MaxOthers + 1)
            .Select(t => new OtherTicket(t.Id, t.Title, t.Status)).ToListAsync(cancel);
        return new(requester, others.Take(MaxOthers).ToList(), others.Count > MaxOthers);
    }
}

/// <summary>A requester beside a ticket.</summary>
/// <param name="Requester">The requester.</param>
/// <param name="Others">Some of their other tickets.</param>
/// <param name="HasMore">Whether there are more.</param>
public sealed record RequesterBeside(Requester Requester, IReadOnlyList<OtherTicket> Others, bool HasMore);

/// <summary>Another ticket of a requester.</summary>
public sealed record OtherTicket(int Id, string Title, Status Status);
