namespace SupportTickets.Tickets.Reading;

/// <summary>
/// Which tickets a search in a list for people looks at. Where an index helps, all. Else, for terms of one or two letters, only the newest
/// that pass the other filters: to read all texts takes seconds. Programs (REST, the feed) do not start here, their searches are exact.
/// </summary>
public sealed class SearchScope(TicketReads reads, ListLimits limits)
{
    /// <summary>The visible tickets that pass the filter, in no order.</summary>
    public IQueryable<Ticket> Matching(TicketFilter filter) =>
        IsBounded(filter) ? reads.SearchTexts(Newest(filter), filter.Search) : reads.Matching(filter);

    /// <summary>Whether the search of a filter looks only at the newest tickets.</summary>
    public bool IsBounded(TicketFilter filter) => !filter.Search.IsEmpty && !reads.HasIndexFor(filter.Search);

    // A part of the statement that searches: the limit is inside the database.
    private IQueryable<Ticket> Newest(TicketFilter filter) =>
        TicketOrdering.ByTime(reads.Matching(filter.WithoutSearch), descending: true).Take(limits.LookedThrough);
}
