using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

/// <summary>A ticket as a list shows it.</summary>
/// <param name="Id">See <see cref="Ticket.Id"/>.</param>
/// <param name="Title">See <see cref="Ticket.Title"/>.</param>
/// <param name="Preview">The first words of the description, or the place where the search found something, on one line.</param>
/// <param name="Category">See <see cref="Ticket.Category"/>.</param>
/// <param name="Priority">See <see cref="Ticket.Priority"/>.</param>
/// <param name="Status">See <see cref="Ticket.Status"/>.</param>
/// <param name="UrgencyScore">See <see cref="Ticket.UrgencyScore"/>.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Version">See <see cref="Ticket.Version"/>.</param>
public sealed record TicketRow(
    int Id, string Title, string Preview, Category Category, Priority Priority, Status Status, int UrgencyScore, DateTime CreatedAt,
    int Version)
{
    /// <summary>The name of the assignee; null for nobody.</summary>
    public string? Assignee { get; init; }

    /// <summary>How well it matches the search, where the list is sorted by that; else 0.</summary>
    public int Rank { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Rows">At most <see cref="TicketList.PageSize"/>.</param>
/// <param name="First">
/// The position of the first row, from 1. Between the first and the last page it does not consider tickets added or removed since the
/// first page was read, but it is never beyond what matches.
/// </param>
/// <param name="Count">How many match.</param>
/// <param name="Previous">The page before; null on the first.</param>
/// <param name="Next">The page after; null on the last.</param>
public sealed record TicketPage(IReadOnlyList<TicketRow> Rows, int First, TicketCount Count, TicketCursor? Previous, TicketCursor? Next)
{
    /// <summary>The id of the newest ticket when the page was read, whether it matches or not; 0 where there is none.</summary>
    public int Newest { get; init; }

    /// <summary>Whether this is the first page because nothing is at the place of the cursor any more.</summary>
    public bool LostPlace { get; init; }

    /// <summary>
    /// How many tickets the search looked through, the newest that pass the other filters, where there are more of them; else null.
    /// </summary>
    public int? LookedThrough { get; init; }

    /// <summary>The search that found them.</summary>
    public SearchTerms Search { get; init; } = SearchTerms.None;
}

/// <summary>A ticket of a list as its reader saw it, to be changed together with others.</summary>
/// <param name="Id">See <see cref="Ticket.Id"/>.</param>
/// <param name="Version">The version that the reader saw.</param>
public readonly record struct SeenTicket(int Id, int Version);
