using SupportTickets.Core;

namespace SupportTickets.Tickets.Writing;

/// <summary>What comes with a new ticket and is stored in its transaction.</summary>
/// <param name="Marks">Stand for what it is: a ticket that is sent again comes with the same.</param>
/// <param name="AddAsync">Stores it with the ticket, which has its number by then. Gives the reason to store nothing, or null.</param>
public sealed record Enclosed(IReadOnlyList<string> Marks, Func<Ticket, Task<Problem?>> AddAsync);
