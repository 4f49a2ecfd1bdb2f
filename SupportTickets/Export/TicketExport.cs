using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Export;

/// <summary>
/// All tickets of a list, not only those of a page, and their comments. Each table is one statement and streams: memory does not grow
/// with its rows. Choices are spelled as in the feed and in REST, so that files and reports can be compared. Times are UTC.
/// </summary>
/// <param name="reads">What the caller may see.</param>
/// <param name="scope">Which tickets a search of the list looks at.</param>
/// <param name="filter">The filter of the list.</param>
/// <param name="order">The order of the list.</param>
internal sealed class TicketExport(TicketReads reads, SearchScope scope, TicketFilter filter, TicketOrder order)
{
    // One for both tables, because a filter by age takes the time when it is made.
    private readonly IQueryable<Ticket> _matching = scope.Matching(filter);

    /// <summary>The tickets, in the order of the list.</summary>
    public IExportTable Tickets() => Table("Tickets", ExportedTicket.Columns, TicketOrdering
        .InOrder(_matching, order, filter.Search)
        .Select(t => new ExportedTicket(
            t.Id, t.Title, t.Description, t.Category, t.Priority, t.Status, t.Sentiment, t.UrgencyScore, t.Channel,
            t.CreatedAt, t.UpdatedAt, t.ResolvedAt, t.ResolutionMinutes, t.ReopenCount, t.Version, t.Assignee!.Name)));

    /// <summary>
    /// Those of their comments that the caller may see, by ticket and then as they were written, which is the order of an index. For the
    /// order of the list, the database would have to sort all their texts.
    /// </summary>
    public IExportTable Comments() => Table("Comments", ExportedComment.Columns, reads.Comments
        .Where(c => _matching.Select(t => t.Id).Contains(c.TicketId))
        .OrderBy(c => c.TicketId).ThenBy(c => c.Id)
        .Select(c => new ExportedComment(
            c.TicketId, c.Id, c.IsInternal, c.IsFromRequester, c.Author, c.CreatedAt, c.EditedAt, c.Body)));

    private static ExportTable<TRow> Table<TRow>(string name, IReadOnlyList<ExportColumn<TRow>> columns, IQueryable<TRow> rows) =>
        new(name, columns, rows.AsAsyncEnumerable());
}
