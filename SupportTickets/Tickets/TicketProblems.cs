using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>There is no such ticket that the caller may see.</summary>
public sealed record TicketNotFound : Problem;

/// <summary>The ticket changed since the caller read it; nothing was written.</summary>
/// <param name="Current">The ticket as it is now.</param>
public sealed record StaleTicket(Ticket Current) : Problem;

/// <summary>The ticket was deleted.</summary>
public sealed record TicketDeleted : Problem;
