using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>No such ticket for this caller.</summary>
public sealed record TicketNotFound : Problem;

/// <summary>The ticket changed since the caller read it; nothing was written.</summary>
/// <param name="Current">The ticket as it is now.</param>
public sealed record StaleTicket(Ticket Current) : Problem;
