using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

/// <summary>
/// Reads a page of a list of tickets for people: filtered, sorted, and continued by a cursor. However deep, a page costs an index seek;
/// only sorted by match it costs a look at all tickets that match.
/// </summary>
public sealed class TicketList(TicketReads reads, SearchScope scope, ListLimits limits)
{
    /// <summary>Tickets on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Counting tickets that came in stops here: whoever reads the list need not know more.</summary>
    public const int MaxNewer = 100;

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
        var rows = await ReadAsync(filter, order, cursor, PageSize + 1, cancel);
        // Fewer tickets than a page lie before the cursor, so this is the first page, which is shown full.
        if (cursor is { Forward: false } && rows.Count <= PageSize)
            (cursor, rows) = (null, await ReadAsync(filter, order, null, PageSize + 1, cancel));

        // A list of one page is counted already.
        var count = cursor is null && rows.Count <= PageSize ? TicketCount.Exactly(rows.Count) : await CountAsync(filter, cancel);
        var lost = IsLost(cursor, rows.Count, count);
        if (lost) (cursor, rows) = (null, await ReadAsync(filter, order, null, PageSize + 1, cancel));

        var more = rows.Count > PageSize;
        var shown = rows.Take(PageSize).ToList();
        if (cursor is { Forward: false }) shown.Reverse();
        var first = FirstPosition(cursor, shown.Count, more, count);
        var hasNext = cursor is { Forward: false } || more;
        var hasPrevious = cursor is { Forward: false } || first > 1;
        var last = first + shown.Count - 1;
        return new(
            await TicketPreviews.AddAsync(reads.Visible, shown, search, cancel),
            first,
            Reached(count, last, more || cursor is { Forward: false }),
            hasPrevious && shown.Count > 0 ? TicketCursor.At(shown[0], order.Sort, forward: false, first) : null,
            hasNext && shown.Count > 0 ? TicketCursor.At(shown[^1], order.Sort, forward: true, last) : null)
        {
            Newest = await reads.Visible.MaxAsync(t => (int?)t.Id, cancel) ?? 0,
            Search = search,
            LostPlace = lost && count.Number > 0,
            LookedThrough = await LeavesOutAsync(filter, cancel) ? limits.LookedThrough : null,
        };
    }

    /// <summary>How many tickets match, counted up to a limit.</summary>
    public async Task<TicketCount> CountAsync(TicketFilter filter, CancellationToken cancel)
    {
        var limit = filter.Search.IsEmpty ? limits.Counted : limits.Found;
        return TicketCount.UpTo(limit, await CountAsync(filter, limit + 1, cancel));
    }

    /// <summary>How many tickets match, counted without a limit; null where the database takes too long for it.</summary>
    public async Task<int?> CountAllAsync(TicketFilter filter, CancellationToken cancel)
    {
        try
        {
            return await CountAsync(filter, null, cancel);
        }
        catch (Exception error) when (StatementTimeout.Is(error))
        {
            return null;
        }
    }

    /// <summary>How many of the tickets that came after a page was read match; <see cref="MaxNewer"/> stands for "at least".</summary>
    /// <param name="filter">Which tickets.</param>
    /// <param name="newest">See <see cref="TicketPage.Newest"/>.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public Task<int> CountNewerAsync(TicketFilter filter, int newest, CancellationToken cancel) =>
        scope.Matching(filter).Where(t => t.Id > newest).Take(MaxNewer).CountAsync(cancel);

    /// <summary>The first tickets of a whole list, without those that came after its page was read.</summary>
    /// <param name="filter">Which tickets.</param>
    /// <param name="order">The order.</param>
    /// <param name="newest">See <see cref="TicketPage.Newest"/>.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public Task<List<SeenTicket>> SelectAsync(
        TicketFilter filter, TicketOrder order, int newest, int most, CancellationToken cancel) =>
        TicketOrdering.InOrder(scope.Matching(filter).Where(t => t.Id <= newest), order, filter.Search).Take(most)
            .Select(t => new SeenTicket(t.Id, t.Version)).ToListAsync(cancel);

    /// <summary>The tickets before and after one in a list. It need not be in the list any more, for example once it is resolved.</summary>
    public async Task<(int? Previous, int? Next)> NeighboursAsync(
        TicketFilter filter, TicketOrder order, Ticket ticket, CancellationToken cancel)
    {
        var search = filter.Search;
        order = order.For(search);
        var rank = order.Sort != TicketSort.match ? 0
            : await reads.Visible.Where(t => t.Id == ticket.Id).Select(SearchQueries.Rank(search)).SingleOrDefaultAsync(cancel);
        var previous = await ReadAsync(filter, order, TicketCursor.At(ticket, order.Sort, rank, forward: false), 1, cancel, ticket.Id);
        var next = await ReadAsync(filter, order, TicketCursor.At(ticket, order.Sort, rank, forward: true), 1, cancel, ticket.Id);
        return (previous is [var before, ..] ? before.Id : null, next is [var after, ..] ? after.Id : null);
    }

    private async Task<int> CountAsync(TicketFilter filter, int? most, CancellationToken cancel)
    {
        if (reads.Counted(filter) is { } totals)
            return Math.Min(await totals.SumAsync(cancel), most ?? int.MaxValue);
        if (reads.IdsInIndex(filter, most ?? int.MaxValue) is { } ids)
            return await ids.CountAsync(cancel);
        var matching = scope.Matching(filter);
        return await (most is { } limit ? matching.Take(limit) : matching).CountAsync(cancel);
    }

    // Whether there are tickets that pass the other filters and are too old for the search.
    private async Task<bool> LeavesOutAsync(TicketFilter filter, CancellationToken cancel) => scope.IsBounded(filter)
        && await CountAsync(filter.WithoutSearch, limits.LookedThrough + 1, cancel) > limits.LookedThrough;

    private async Task<List<TicketRow>> ReadAsync(
        TicketFilter filter, TicketOrder order, TicketCursor? cursor, int take, CancellationToken cancel, int? without = null)
    {
        if (order.Sort == TicketSort.created && await IsCommonAsync(filter.Search, cancel))
        {
            var next = TicketOrdering.Next(reads.Matching(filter.WithoutSearch), order, cursor, limits.Tried);
            var found = await FromAsync(reads.SearchTexts(next, filter.Search));
            if (found.Count == take) return found;
        }
        return await FromAsync(scope.Matching(filter));

        Task<List<TicketRow>> FromAsync(IQueryable<Ticket> tickets) => TicketOrdering.ReadAsync(
            reads.Visible, without is { } id ? tickets.Where(t => t.Id != id) : tickets, filter.Search, order, cursor, take, cancel);
    }

    private async Task<bool> IsCommonAsync(SearchTerms search, CancellationToken cancel) =>
        reads.IdsInIndex(search, limits.Rare + 1) is { } ids && await ids.CountAsync(cancel) > limits.Rare;

    // Whether a list became so much shorter that nothing is at the place any more, or that its position cannot be right. Where it
    // can be told only by counting all tickets before it, it is not told.
    private static bool IsLost(TicketCursor? cursor, int read, TicketCount count)
    {
        if (cursor is null || read == 0) return cursor is not null;
        if (count.IsMore) return false;
        // On the last page the position is counted from the end.
        return cursor.Forward ? read > PageSize && cursor.Position + read > count.Number : cursor.Position - 1 > count.Number;
    }

    // A page beyond the limit of counting tells more than the count does.
    private static TicketCount Reached(TicketCount count, int last, bool more) =>
        count.IsMore && last > count.Number ? new(last, more) : count;

    private static int FirstPosition(TicketCursor? cursor, int shown, bool more, TicketCount count) => cursor switch
    {
        null => 1,
        { Forward: true } when !more && !count.IsMore => count.Number - shown + 1,
        { Forward: true } => cursor.Position + 1,
        _ => Math.Max(1, cursor.Position - shown),
    };
}
