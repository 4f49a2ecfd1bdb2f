using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

/// <summary>Sorts tickets in the orders of lists, and reads on in them from a cursor.</summary>
internal static class TicketOrdering
{
    /// <summary>How much of a description a list shows, in characters of the database.</summary>
    private const int PreviewLength = 200;

    private static readonly Expression<Func<Ticket, int, TicketRow>> Row = (t, rank) => new TicketRow(
        t.Id, t.Title, t.Description.Substring(0, PreviewLength), t.Category, t.Priority, t.Status, t.UrgencyScore, t.CreatedAt, t.Version)
    {
        Assignee = t.Assignee!.Name,
        Rank = rank,
    };

    private static readonly Expression<Func<Ticket, TicketRow>> RowWithoutRank = SearchQueries.With(t => 0, Row);

    /// <summary>Sorts tickets that a search found in an order of the lists.</summary>
    public static IQueryable<Ticket> InOrder(IQueryable<Ticket> tickets, TicketOrder order, SearchTerms search) =>
        order.For(search).Sort switch
        {
            TicketSort.created => ByTime(tickets, order.Descending),
            TicketSort.urgency => Then(tickets, t => t.UrgencyScore, order.Descending, idOnly: true),
            TicketSort.priority => Then(tickets, t => t.Priority, order.Descending, idOnly: false),
            TicketSort.status => Then(tickets, t => t.Status, order.Descending, idOnly: false),
            TicketSort.category => Then(tickets, t => t.Category, order.Descending, idOnly: false),
            TicketSort.match => Then(tickets, SearchQueries.Rank(search), order.Descending, idOnly: false),
        };

    /// <summary>Sorts tickets by the time of creation.</summary>
    public static IQueryable<Ticket> ByTime(IQueryable<Ticket> tickets, bool descending) => descending
        ? tickets.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id)
        : tickets.OrderBy(t => t.CreatedAt).ThenBy(t => t.Id);

    /// <summary>
    /// The tickets that come next after a cursor in a list that is sorted by time: not many more than a number, and in no order. The bound
    /// is a time, so that the list can still be read in the order of its index and end early.
    /// </summary>
    public static IQueryable<Ticket> Next(IQueryable<Ticket> tickets, TicketOrder order, TicketCursor? cursor, int number)
    {
        var descending = IsDescending(order, cursor);
        var beyond = ByTime(After(tickets, cursor, descending), descending).Skip(number).Select(t => (DateTime?)t.CreatedAt);
        return descending
            ? tickets.Where(t => t.CreatedAt >= (beyond.FirstOrDefault() ?? DateTime.MinValue))
            : tickets.Where(t => t.CreatedAt <= (beyond.FirstOrDefault() ?? DateTime.MaxValue));
    }

    /// <summary>Reads the first tickets after a cursor.</summary>
    /// <param name="visible">The tickets that the reader sees.</param>
    /// <param name="tickets">Those of the list.</param>
    /// <param name="search">The search that found them.</param>
    /// <param name="order">The order of the list, for this search.</param>
    /// <param name="cursor">The edge to start from; null for the beginning.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public static Task<List<TicketRow>> ReadAsync(
        IQueryable<Ticket> visible, IQueryable<Ticket> tickets, SearchTerms search, TicketOrder order, TicketCursor? cursor, int take,
        CancellationToken cancel)
    {
        var descending = IsDescending(order, cursor);
        return order.Sort switch
        {
            TicketSort.created => TakeAsync(ByTime(After(tickets, cursor, descending), descending), take, cancel),
            TicketSort.urgency => GroupsAsync(tickets, t => t.UrgencyScore, ById),
            TicketSort.priority => GroupsAsync(tickets, t => t.Priority, ByTime),
            TicketSort.status => GroupsAsync(tickets, t => t.Status, ByTime),
            TicketSort.category => GroupsAsync(tickets, t => t.Category, ByTime),
            TicketSort.match => BestAsync(SearchQueries.Rank(search)),
        };

        // Only the keys are sorted: with the previews, the database would read the description of each ticket that matches.
        Task<List<TicketRow>> BestAsync(Expression<Func<Ticket, int>> rank)
        {
            var ids = Then(AfterRank(tickets, rank, cursor, descending), rank, descending, idOnly: false).Take(take).Select(t => t.Id);
            return Then(visible.Where(t => ids.Contains(t.Id)), rank, descending, idOnly: false)
                .Select(SearchQueries.With(rank, Row)).ToListAsync(cancel);
        }

        // Reads the tickets with the cursor's value first, then those beyond it. Each statement is one index seek; a single
        // condition "beyond, or equal and later" would scan all tickets with that value.
        async Task<List<TicketRow>> GroupsAsync<TKey>(
            IQueryable<Ticket> all, Expression<Func<Ticket, TKey>> key, Func<IQueryable<Ticket>, bool, IQueryable<Ticket>> within)
        {
            var rows = new List<TicketRow>();
            if (cursor is not null)
            {
                var same = all.Where(Compare(key, ExpressionType.Equal, cursor.Key));
                same = order.Sort == TicketSort.urgency ? AfterId(same, cursor, descending) : After(same, cursor, descending);
                rows = await TakeAsync(within(same, descending), take, cancel);
                if (rows.Count == take) return rows;
                all = all.Where(Compare(key, descending ? ExpressionType.LessThan : ExpressionType.GreaterThan, cursor.Key));
            }
            rows.AddRange(await TakeAsync(Then(all, key, descending, order.Sort == TicketSort.urgency), take - rows.Count, cancel));
            return rows;
        }
    }

    private static IQueryable<Ticket> ById(IQueryable<Ticket> tickets, bool descending) =>
        descending ? tickets.OrderByDescending(t => t.Id) : tickets.OrderBy(t => t.Id);

    private static IQueryable<Ticket> Then<TKey>(
        IQueryable<Ticket> tickets, Expression<Func<Ticket, TKey>> key, bool descending, bool idOnly)
    {
        var ordered = descending ? tickets.OrderByDescending(key) : tickets.OrderBy(key);
        if (!idOnly) ordered = descending ? ordered.ThenByDescending(t => t.CreatedAt) : ordered.ThenBy(t => t.CreatedAt);
        return descending ? ordered.ThenByDescending(t => t.Id) : ordered.ThenBy(t => t.Id);
    }

    private static IQueryable<Ticket> AfterId(IQueryable<Ticket> tickets, TicketCursor cursor, bool descending) =>
        descending ? tickets.Where(t => t.Id < cursor.Id) : tickets.Where(t => t.Id > cursor.Id);

    // The bound on the time alone looks redundant, but the database needs it for the index seek.
    private static IQueryable<Ticket> After(IQueryable<Ticket> tickets, TicketCursor? cursor, bool descending)
    {
        if (cursor is not { Id: var id, CreatedAt: var at }) return tickets;
        return descending
            ? tickets.Where(t => t.CreatedAt <= at && (t.CreatedAt < at || t.Id < id))
            : tickets.Where(t => t.CreatedAt >= at && (t.CreatedAt > at || t.Id > id));
    }

    private static IQueryable<Ticket> AfterRank(
        IQueryable<Ticket> tickets, Expression<Func<Ticket, int>> rank, TicketCursor? cursor, bool descending)
    {
        if (cursor is not { Key: var key, CreatedAt: var at, Id: var id }) return tickets;
        return tickets.Where(SearchQueries.With<int, bool>(rank, descending
            ? (t, r) => r < key || (r == key && (t.CreatedAt < at || (t.CreatedAt == at && t.Id < id)))
            : (t, r) => r > key || (r == key && (t.CreatedAt > at || (t.CreatedAt == at && t.Id > id)))));
    }

    private static Expression<Func<Ticket, bool>> Compare<TKey>(Expression<Func<Ticket, TKey>> key, ExpressionType comparison, int value)
    {
        // Compared as numbers, which is how enums are stored and how C# compares them.
        Expression<Func<int>> parameter = () => value;
        var comparing = Expression.MakeBinary(comparison, Expression.Convert(key.Body, typeof(int)), parameter.Body);
        return Expression.Lambda<Func<Ticket, bool>>(comparing, key.Parameters);
    }

    private static Task<List<TicketRow>> TakeAsync(IQueryable<Ticket> tickets, int count, CancellationToken cancel) =>
        tickets.Take(count).Select(RowWithoutRank).ToListAsync(cancel);

    private static bool IsDescending(TicketOrder order, TicketCursor? cursor) => order.Descending == (cursor?.Forward ?? true);
}
