using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.OData;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.OData;

/// <summary>Reads by query options. A query runs before anything is written, so that one that fails is an error and no torn answer.</summary>
internal sealed class FeedReads(TicketReads reads, TicketDb db, ILogger<FeedReads> log)
{
    /// <summary>A page of a collection.</summary>
    public async Task GetSetAsync(FeedRequest request)
    {
        var query = Bind(request, request.PageSize);
        var count = query.CountsRows ? await CountAsync(query.Filtered, request.Cancel) : query.KnownCount;
        await using var rows = Run(query, request.Cancel);
        var any = await FirstAsync(rows);
        if (!any && request.Path.Count > 1)
        {
            await rows.DisposeAsync(); // PostgreSQL runs one statement at a time
            if (!await ParentExistsAsync(request))
                throw new FeedException(FeedError.NotFound());
        }
        await FeedWriter.WriteSetAsync(request, query, any ? rows : null, count, log);
    }

    /// <summary>How many rows a collection has, as text.</summary>
    public async Task GetCountAsync(FeedRequest request)
    {
        var count = await CountAsync(Bind(request, request.PageSize).Filtered, request.Cancel);
        if (count == 0 && request.Path.Count > 2 && !await ParentExistsAsync(request))
            throw new FeedException(FeedError.NotFound());
        request.Http.Response.ContentType = "text/plain; charset=utf-8";
        request.Http.Response.Headers["OData-Version"] = ODataUtils.ODataVersionToString(request.Version);
        await request.Http.Response.WriteAsync(count.ToString(), request.Cancel);
    }

    /// <summary>One entity.</summary>
    public async Task GetEntityAsync(FeedRequest request)
    {
        var query = Bind(request, pageSize: 1);
        await using var rows = Run(query, request.Cancel);
        if (!await FirstAsync(rows))
            throw new FeedException(FeedError.NotFound());
        await FeedWriter.WriteEntityAsync(request, rows.Current.Item, query.SelectExpand, query.Computed, log);
    }

    /// <summary>The rows that a path names, of what the caller may see: every step starts from <see cref="TicketReads"/>.</summary>
    private IQueryable Source(IEnumerable<ODataPathSegment> path)
    {
        IQueryable? rows = null;
        foreach (var segment in path)
        {
            rows = segment switch
            {
                EntitySetSegment { EntitySet.Name: Model.Tickets } => reads.Visible,
                EntitySetSegment { EntitySet.Name: Model.Events } => reads.VisibleEvents,
                KeySegment key => WithKey(rows!, key),
                NavigationPropertySegment { NavigationProperty.Name: nameof(Ticket.Events) } => Events((IQueryable<Ticket>)rows!),
                NavigationPropertySegment { NavigationProperty.Name: nameof(TicketEvent.Ticket) } => Tickets((IQueryable<TicketEvent>)rows!),
                _ => rows,
            };
        }
        return rows!;
    }

    private IQueryable<TicketEvent> Events(IQueryable<Ticket> tickets) => reads.VisibleEvents.Where(e => tickets.Any(t => t.Id == e.TicketId));

    private IQueryable<Ticket> Tickets(IQueryable<TicketEvent> events) => reads.Visible.Where(t => events.Any(e => e.TicketId == t.Id));

    private static IQueryable WithKey(IQueryable rows, KeySegment segment)
    {
        var (name, value) = segment.Keys.Single();
        var row = Expression.Parameter(rows.ElementType, "row");
        var key = Expression.Property(row, name);
        var same = Expression.Lambda(Expression.Equal(key, Parameter.Of(value, key.Type)), row);
        return rows.Provider.CreateQuery(Expression.Call(typeof(Queryable), nameof(Queryable.Where), [rows.ElementType], rows.Expression, Expression.Quote(same)));
    }

    private Task<bool> ParentExistsAsync(FeedRequest request)
    {
        var parent = request.Path.TakeWhile((segment, at) => at == 0 || segment is KeySegment || request.Path.Skip(at + 1).Any(s => s is KeySegment));
        return QueryFailures.WatchAsync(() => ((IQueryable<object>)Source(parent)).AnyAsync(request.Cancel), log);
    }

    private FeedQuery Bind(FeedRequest request, int pageSize) => QueryFailures.Watch(() =>
    {
        var source = Source(request.Path);
        var options = request.Options(source.ElementType);
        if (pageSize == 1 && (options.Filter ?? options.OrderBy ?? options.Top ?? options.Skip ?? options.Apply ?? (object?)options.SkipToken) is not null)
            throw new FeedException(FeedError.BadQuery("A single entity takes $select, $expand and $compute."));
        return new FeedQuery(options, source, request.Parts, pageSize);
    }, log);

    private IAsyncEnumerator<PageRow> Run(FeedQuery query, CancellationToken cancel) =>
        QueryFailures.Watch(() => query.Page(nullsSortHigh: db is PostgresTicketDb).AsAsyncEnumerable().GetAsyncEnumerator(cancel), log);

    private Task<bool> FirstAsync(IAsyncEnumerator<PageRow> rows) => QueryFailures.WatchAsync(async () => await rows.MoveNextAsync(), log);

    private Task<long> CountAsync(IQueryable rows, CancellationToken cancel)
    {
        var count = Expression.Call(typeof(Queryable), nameof(Queryable.LongCount), [rows.ElementType], rows.Expression);
        return QueryFailures.WatchAsync(() => ((IAsyncQueryProvider)rows.Provider).ExecuteAsync<Task<long>>(count, cancel), log);
    }
}
