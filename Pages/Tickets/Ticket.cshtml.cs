using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>A ticket with its history. Every change on it is a small form that posts to <see cref="EditModel"/>.</summary>
[RequiresRight(Right.read)]
public sealed class TicketModel(TicketReads reads, TicketHistory history, Assignees assignees, TimeProvider clock) : PageModel
{
    /// <summary>The ticket.</summary>
    public Ticket Ticket { get; private set; } = null!;

    /// <summary>Its history.</summary>
    public HistoryPage History { get; private set; } = null!;

    /// <summary>The people who can be chosen as the assignee; for readers who may not choose, only the assignee.</summary>
    public AgentOptions Agents { get; private set; } = AgentOptions.None;

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    /// <summary>The actions that make sense now, the most likely first.</summary>
    public IReadOnlyList<(string Verb, Status Status)> Moves => Ticket.Status switch
    {
        Status.open => [("Resolve", Status.resolved), ("Start", Status.in_progress), ("Close", Status.closed)],
        Status.in_progress => [("Resolve", Status.resolved), ("Close", Status.closed)],
        Status.resolved => [("Close", Status.closed), ("Reopen", Status.open)],
        Status.closed => [("Reopen", Status.open)],
    };

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(int id, long? before, CancellationToken cancel)
    {
        if (await reads.FindAsync(id, cancel) is not { } ticket)
            return NotFound();
        Ticket = ticket;
        var caller = HttpContext.Caller();
        if (caller.May(Right.write) || ticket.AssigneeId is not null)
            Agents = new(await assignees.OfferedAsync([ticket.AssigneeId, AgentOptions.MeOf(caller)], cancel), AgentOptions.MeOf(caller));
        History = await history.HandleAsync(id, before, cancel);
        return Page();
    }
}
