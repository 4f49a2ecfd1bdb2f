using Microsoft.Extensions.Caching.Memory;
using SupportTickets.Data;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Query.Known;

/// <summary>
/// The queries that are asked again and again, as by a report that refreshes or a client that follows pages. They need not be parsed,
/// bound and translated anew: each has a compiled statement, and a request only gives the values.
/// </summary>
internal sealed class KnownQueries(ILogger<KnownQueries> log) : IDisposable
{
    /// <summary>The most queries that are kept; beyond that the longest unused ones go. A compiled one takes about 60 KB.</summary>
    public const int Most = 200;

    private readonly MemoryCache _queries = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>How many are kept.</summary>
    public int Count => _queries.Count;

    /// <summary>The query of a request, ready to run; null where it has to be bound. Throws on a $skiptoken of another query.</summary>
    public FeedQuery? Find(QueryShape shape, FeedRequest request, int pageSize, TicketDb db)
    {
        if (_queries.Get<KnownQuery>(shape.Text)?.Facts is not { } facts)
            return null;
        var query = new RepeatedQuery(request, shape, facts, pageSize, db);
        return query.IsReady ? query : null;
    }

    /// <summary>Notes that a query was bound. When it has been bound often enough, it is compiled.</summary>
    public void Note(QueryShape shape, BoundQuery bound, TicketDb db)
    {
        if (bound is not EntityQuery { IsRepeatable: true } query || query.Variant is not { } variant)
            return;
        var known = _queries.GetOrCreate(shape.Text, entry =>
        {
            entry.Size = 1;
            return new KnownQuery();
        })!;
        known.Note(variant, query, db, log);
    }

    /// <inheritdoc />
    public void Dispose() => _queries.Dispose();
}
