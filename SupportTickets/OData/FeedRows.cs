using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.Tickets;

namespace SupportTickets.OData;

/// <summary>From a path to its rows.</summary>
internal sealed class FeedRows(TicketReads reads)
{
    /// <summary>The rows that a path names, of what the caller may see: every step starts from <see cref="TicketReads"/>.</summary>
    public IQueryable Of(IEnumerable<ODataPathSegment> path)
    {
        IQueryable? rows = null;
        foreach (var segment in path)
        {
            rows = segment switch
            {
                EntitySetSegment { EntitySet.Name: Model.Tickets } => reads.Visible,
                EntitySetSegment { EntitySet.Name: Model.Events } => reads.VisibleEvents,
                KeySegment key => WithKey(rows!, key),
                NavigationPropertySegment { NavigationProperty.Name: nameof(Ticket.Events) } or NavigationPropertyLinkSegment { NavigationProperty.Name: nameof(Ticket.Events) } => Events((IQueryable<Ticket>)rows!),
                NavigationPropertySegment { NavigationProperty.Name: nameof(TicketEvent.Ticket) } or NavigationPropertyLinkSegment { NavigationProperty.Name: nameof(TicketEvent.Ticket) } => Tickets((IQueryable<TicketEvent>)rows!),
                TypeSegment or PropertySegment or ValueSegment or CountSegment or ReferenceSegment => rows, // no other rows
                _ => throw new FeedException(FeedError.NotImplemented("This part of OData is not offered here.")),
            };
        }
        return rows!;
    }

    /// <summary>One ticket, if the caller may see it.</summary>
    public IQueryable<Ticket> TicketOf(int id) => reads.Visible.Where(t => t.Id == id);

    private IQueryable<TicketEvent> Events(IQueryable<Ticket> tickets) => reads.VisibleEvents.Where(e => tickets.Any(t => t.Id == e.TicketId));

    // By a list of keys: SQLite scans the tickets for an EXISTS here.
    private IQueryable<Ticket> Tickets(IQueryable<TicketEvent> events) => reads.Visible.Where(t => events.Select(e => e.TicketId).Contains(t.Id));

    private static IQueryable WithKey(IQueryable rows, KeySegment segment)
    {
        var (name, value) = segment.Keys.Single();
        var row = Expression.Parameter(rows.ElementType, "row");
        var key = Expression.Property(row, name);
        var same = Expression.Lambda(Expression.Equal(key, Parameter.Of(value, key.Type)), row);
        return rows.Provider.CreateQuery(Expression.Call(typeof(Queryable), nameof(Queryable.Where), [rows.ElementType], rows.Expression, Expression.Quote(same)));
    }
}
