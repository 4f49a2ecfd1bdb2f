using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

/// <summary>
/// Reads a page of a list of tickets for people: filtered, sorted, and continued by a cursor. However deep, a page costs an index seek;
/// only sorted by match it costs a look at all tickets that match.
/// </summary>
public sealed class TicketList(TicketReads reads)
{
    /// <summary>Tickets on a page.</summary>
    public const int PageSize = 50;

    /// <summary>
    /// Counting stops here: beyond it a person needs a filter, not a number, and the database need not scan a million entries.
    /// </summary>
    public const int MaxCount = 10_000;

    /// <summary>Counting tickets that came in stops here: whoever reads the list need not know more.</summary>
    public const int MaxNewer = 100;

    /// <summary>How much of a description a list shows, in characters of the database.</summary>
    private const int PreviewLength = 200;

    private static readonly Expression<Func<Ticket, int, TicketRow>> Row = (t, rank) => new TicketRow(
        t.Id, t.Title, t.Description.Substring(0, PreviewLength), t.Category, t.Priority, t.Status, t.UrgencyScore, t.CreatedAt, t.Version)
    {
        Assignee = t.Assignee!.Name,
        Rank = rank,
    };

    private static readonly Expression<Func<Ticket, TicketRow>> RowWithoutRank = SearchQueries.With(t => 0, Row);

    /// <summary>Reads a page.</summary>
    /// <param name="filter">Which tickets.</param>
    /// <param name="order">The order.</param>
    /// <param name="cursor">The edge to start from; null for the first page.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<TicketPage> HandleAsync(TicketFilter filter, TicketOrder order, TicketCursor? cursor, CancellationToken cancel)
    {
        await using var snapshot = await reads.SnapshotAsync(cancel);
        var search = filter.Search;
        order = order.For(search);
        var tickets = reads.Matching(filter);
        var count = await CountAsync(filter, cancel);
        var rows = await ReadAsync(tickets, search, order, cursor, PageSize + 1, cancel);
        // Fewer tickets than a page lie before the cursor, so this is the first page, which is shown full.
        if (cursor is { Forward: false } && rows.Count <= PageSize)
            (cursor, rows) = (null, await ReadAsync(tickets, search, order, null, PageSize + 1, cancel));

        var lost = IsLost(cursor, rows.Count, count);
        if (lost) (cursor, rows) = (null, await ReadAsync(tickets, search, order, null, PageSize + 1, cancel));

        var more = rows.Count > PageSize;
        var shown = rows.Take(PageSize).ToList();
        if (cursor is { Forward: false }) shown.Reverse();
        var first = FirstPosition(cursor, shown.Count, more, count);
        var hasNext = cursor is { Forward: false } || more;
        var hasPrevious = cursor is { Forward: false } || first > 1;
        return new(
            await TicketPreviews.AddAsync(reads.Visible, shown, search, cancel),
            first,
            count,
            hasPrevious && shown.Count > 0 ? TicketCursor.At(shown[0], order.Sort, forward: false, first) : null,
            hasNext && shown.Count > 0 ? TicketCursor.At(shown[^1], order.Sort, forward: true, first + shown.Count - 1) : null)
        {
            Newest = await reads.Visible.MaxAsync(t => (int?)t.Id, cancel) ?? 0,
            Search = search,
            LostPlace = lost && count > 0,
        };
    }

    /// <summary>How many tickets match; one more than <see cref="MaxCount"/> stands for "more".</summary>
    public async Task<int> CountAsync(TicketFilter filter, CancellationToken cancel) => reads.Counted(filter) is { } totals
        ? Math.Min(await totals.SumAsync(cancel), MaxCount + 1)
        : await CountAsync(reads.Matching(filter), MaxCount + 1, cancel);

    /// <summary>How many of the tickets that came after a page was read match; <see cref="MaxNewer"/> stands for "at least".</summary>
    /// <param name="filter">Which tickets.</param>
    /// <param name="newest">See <see cref="TicketPage.Newest"/>.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public Task<int> CountNewerAsync(TicketFilter filter, int newest, CancellationToken cancel) =>
        CountAsync(reads.Matching(filter).Where(t => t.Id > newest), MaxNewer, cancel);

    /// <summary>The first tickets of a whole list, without those that came after its page was read.</summary>
    /// <param name="filter">Which tickets.</param>
    /// <param name="order">The order.</param>
    /// <param name="newest">See <see cref="TicketPage.Newest"/>.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public Task<List<SeenTicket>> SelectAsync(
        TicketFilter filter, TicketOrder order, int newest, int most, CancellationToken cancel) =>
        InOrder(reads.Matching(filter).Where(t => t.Id <= newest), order, filter.Search).Take(most)
            .Select(t => new SeenTicket(t.Id, t.Version)).ToListAsync(cancel);

    /// <summary>The tickets before and after one in a list. It need not be in the list any more, for example once it is resolved.</summary>
    public async Task<(int? Previous, int? Next)> NeighboursAsync(
        TicketFilter filter, TicketOrder order, Ticket ticket, CancellationToken cancel)
    {
        var search = filter.Search;
        order = order.For(search);
        var rank = order.Sort != TicketSort.match ? 0
            : await reads.Visible.Where(t => t.Id == ticket.Id).Select(SearchQueries.Rank(search)).SingleOrDefaultAsync(cancel);
        var tickets = reads.Matching(filter).Where(t => t.Id != ticket.Id);
        var previous = await ReadAsync(tickets, search, order, TicketCursor.At(ticket, order.Sort, rank, forward: false), 1, cancel);
        var next = await ReadAsync(tickets, search, order, TicketCursor.At(ticket, order.Sort, rank, forward: true), 1, cancel);
        return (previous is [var before, ..] ? before.Id : null, next is [var after, ..] ? after.Id : null);
    }

    /// <summary>Sorts tickets that a search found in an order of the lists.</summary>
    internal static IQueryable<Ticket> InOrder(IQueryable<Ticket> tickets, TicketOrder order, SearchTerms search) =>
        order.For(search).Sort switch
        {
            TicketSort.created => ByTime(tickets, order.Descending),
            TicketSort.urgency => Then(tickets, t => t.UrgencyScore, order.Descending, idOnly: true),
            TicketSort.priority => Then(tickets, t => t.Priority, order.Descending, idOnly: false),
            TicketSort.status => Then(tickets, t => t.Status, order.Descending, idOnly: false),
            TicketSort.category => Then(tickets, t => t.Category, order.Descending, idOnly: false),
            TicketSort.match => Then(tickets, SearchQueries.Rank(search), order.Descending, idOnly: false),
        };

    // It does not matter which tickets are counted. The order is only there because EF warns of a limit without one.
    private static Task<int> CountAsync(IQueryable<Ticket> tickets, int most, CancellationToken cancel) =>
        tickets.OrderBy(_ => 1).Take(most).CountAsync(cancel);

    // Whether a list became so much shorter that nothing is at the place any more, or that its position cannot be right. Where it
    // can be told only by counting all tickets before it, it is not told.
    private static bool IsLost(TicketCursor? cursor, int read, int count)
    {
        if (cursor is null || read == 0) return cursor is not null;
        if (count > MaxCount) return false;
        // On the last page the position is counted from the end.
        return cursor.Forward ? read > PageSize && cursor.Position + read > count : cursor.Position - 1 > count;
    }

    private static int FirstPosition(TicketCursor? cursor, int shown, bool more, int count) => cursor switch
    {
        null => 1,
        { Forward: true } when !more && count <= MaxCount => count - shown + 1,
        { Forward: true } => cursor.Position + 1,
        _ => Math.Max(1, cursor.Position - shown),
    };

    private Task<List<TicketRow>> ReadAsync(
        IQueryable<Ticket> tickets, SearchTerms search, TicketOrder order, TicketCursor? cursor, int take, CancellationToken cancel)
    {
        var descending = order.Descending == (cursor?.Forward ?? true);
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
            return Then(reads.Visible.Where(t => ids.Contains(t.Id)), rank, descending, idOnly: false)
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

    private static IQueryable<Ticket> ByTime(IQueryable<Ticket> tickets, bool descending) => descending
        ? tickets.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id)
        : tickets.OrderBy(t => t.CreatedAt).ThenBy(t => t.Id);

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
}
