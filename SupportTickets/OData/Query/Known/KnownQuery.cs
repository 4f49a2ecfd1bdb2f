using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Binding;

namespace SupportTickets.OData.Query.Known;

/// <summary>What the requests for a query have in common once it is bound. It holds nothing of the request that it came from.</summary>
/// <param name="Paging">What the options say about pages.</param>
/// <param name="Context">$select and $expand for the context URL.</param>
/// <param name="SelectExpand">$select and $expand as they are answered.</param>
/// <param name="Order">The order of the rows; null where there is at most one.</param>
/// <param name="Pages">The compiled statements, by <see cref="FeedQuery.Variant"/>.</param>
internal sealed record QueryFacts(
    Paging Paging, SelectExpandClause? Context, SelectExpandClause? SelectExpand, SortOrder? Order,
    ConcurrentDictionary<string, CompiledPage> Pages);

/// <summary>A query that was asked before.</summary>
internal sealed class KnownQuery
{
    /// <summary>How often a statement is made the usual way before it is compiled, which takes about 7 ms.</summary>
    private const int Before = 2;

    /// <summary>The most variants of a statement. Usual queries have two: the first page, and the pages after it.</summary>
    private const int MostVariants = 8;

    private readonly ConcurrentDictionary<string, int> _seen = new();
    private QueryFacts? _facts;

    /// <summary>What its requests have in common; null as long as none of its statements is compiled.</summary>
    public QueryFacts? Facts => Volatile.Read(ref _facts);

    /// <summary>Notes that a statement was made, and compiles it when it was made often enough.</summary>
    public void Note(string variant, EntityQuery query, TicketDb db, ILogger log)
    {
        if (!_seen.ContainsKey(variant) && _seen.Count >= MostVariants)
            return;
        // Exactly one request compiles it, and none tries it again.
        if (_seen.AddOrUpdate(variant, 1, (_, seen) => Math.Min(seen, Before + 1) + 1) != Before + 1)
            return;
        if (Compiled(query, db, log) is not { } page)
            return;
        // Two requests may be the first, each for another page.
        var first = new QueryFacts(query.Paging, query.Context.Select, query.SelectExpand, query.Order(0), new());
        var facts = Interlocked.CompareExchange(ref _facts, first, null) ?? first;
        facts.Pages[variant] = page;
    }

    // The request is answered by the statement that was bound, so a statement that cannot be compiled is no error of the request.
    private static CompiledPage? Compiled(EntityQuery query, TicketDb db, ILogger log)
    {
        try
        {
            var page = query.Page(0);
            return CompiledPage.Of((query.HasOnePlan ? page.TagWith(PreparedStatements.OnePlanOfFeed) : page).Expression, db);
        }
        catch (Exception error)
        {
            log.LogWarning("A query that is asked again could not be compiled, and is bound each time: {Kind}", error.GetType().Name);
            return null;
        }
    }
}
