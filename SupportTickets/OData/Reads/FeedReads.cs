using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Query.Known;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Reads;

/// <summary>
/// Reads rows with query options. A query starts before anything is written, so that a failing one gives an error and not a broken answer.
/// </summary>
internal sealed class FeedReads(
    FeedRows rows, FeedSearch search, KnownQueries known, TicketChanges changes, TicketDb db, ILogger<FeedReads> log)
{
    /// <summary>Answers with a page of a collection.</summary>
    public async Task GetSetAsync(FeedRequest request)
    {
        var tracks = Tracking.IsPossible(request);
        if (tracks) request = Tracking.WithKey(request);
        var query = Bind(request);
        // Taken before anything is read: a change during the reading is reported twice rather than missed.
        if (tracks && query.IsFirst) query.Mark = await QueryFailures.WatchAsync(() => changes.MarkAsync(request.Cancel), log);
        await using var snapshot = await SnapshotAsync(query, request.Cancel);
        var count = query.CountsRows ? await CountAsync(request, query) : query.KnownCount;
        await RestoreAsync(query, request.Cancel);
        await using var page = Run(query, request.Cancel);
        var any = await FirstAsync(page);
        if (!any && request.Path.Count > 1)
        {
            await page.DisposeAsync(); // PostgreSQL runs one statement at a time
            if (!await ParentExistsAsync(request))
                throw new FeedException(FeedError.NotFound());
        }
        await FeedWriter.WriteSetAsync(request, query, any ? page : null, count, log);
    }

    /// <summary>Answers with the number of rows in a collection, as text.</summary>
    public async Task GetCountAsync(FeedRequest request)
    {
        var count = await CountAsync(request, Bind(request));
        if (count == 0 && request.Path.Count > 2 && !await ParentExistsAsync(request))
            throw new FeedException(FeedError.NotFound());
        await PropertyAnswers.WriteTextAsync(request, count);
    }

    /// <summary>Answers with the references of a collection's entities (OData 4.01, 11.2.9), one page at most.</summary>
    public async Task GetReferencesAsync(FeedRequest request)
    {
        var query = BindReferences(request);
        await using var snapshot = await SnapshotAsync(query, request.Cancel);
        var count = query.CountsRows ? await CountAsync(request, query) : query.KnownCount;
        await RestoreAsync(query, request.Cancel);
        await using var page = Run(query, request.Cancel);
        var ids = new List<Uri>();
        PageRow? last = null;
        var more = await FirstAsync(page);
        for (; more && ids.Count < query.Take; more = await page.MoveNextAsync())
            ids.Add(AddressOf(request, (last = page.Current).Item));
        if (last is null && request.Path.Count > 2)
        {
            await page.DisposeAsync();
            if (!await ParentExistsAsync(request))
                throw new FeedException(FeedError.NotFound());
        }
        request.Preferences.Applied(request.Http.Response, request.PageSize);
        var links = new ODataEntityReferenceLinks
        {
            Count = count,
            NextPageLink = more && last is not null ? request.NextLink(room => query.TokenAfter(last, ids.Count, count, room)) : null,
            Links = ids.Select(id => new ODataEntityReferenceLink { Url = id }),
        };
        await FeedWriter.WriteAsync(
            request, null, ODataPayloadKind.EntityReferenceLinks, (messages, _) => messages.WriteEntityReferenceLinksAsync(links), log);
    }

    /// <summary>Answers with the reference of one entity.</summary>
    public async Task GetReferenceAsync(FeedRequest request)
    {
        await using var page = Run(BindReferences(request, single: true), request.Cancel);
        if (!await FirstAsync(page))
            throw new FeedException(FeedError.NotFound());
        var link = new ODataEntityReferenceLink { Url = AddressOf(request, page.Current.Item) };
        await FeedWriter.WriteAsync(
            request, null, ODataPayloadKind.EntityReferenceLink, (messages, _) => messages.WriteEntityReferenceLinkAsync(link), log);
    }

    private FeedQuery BindReferences(FeedRequest request, bool single = false)
    {
        if (request.Options.Keys.FirstOrDefault(name => name is "$select" or "$expand" or "$compute" or "$apply") is { } other)
            throw new FeedException(FeedError.BadQuery($"References do not take {other}.", other));
        return Bind(request, single);
    }

    private static Uri AddressOf(FeedRequest request, object entity)
    {
        var key = request
            .Set.EntityType.Key()
            .Select(part =>
                ODataUriUtils.ConvertToUriLiteral(entity.GetType().GetProperty(part.Name)!.GetValue(entity), ODataVersion.V4)
            );
        return new(request.Root, $"{request.Set.Name}({string.Join(',', key)})");
    }

    /// <summary>
    /// Answers with one entity; with 204 when an existing entity has no related one at the end of the path (OData 4.01, 11.2.7).
    /// </summary>
    public async Task GetEntityAsync(FeedRequest request)
    {
        var query = Bind(request, single: true);
        await using var snapshot = await SnapshotAsync(query, request.Cancel);
        await using var page = Run(query, request.Cancel);
        if (!await FirstAsync(page))
        {
            await page.DisposeAsync();
            await AnswerNoEntityAsync(request);
            return;
        }
        var version = ETags.VersionOf(request.FeedSet, page.Current.Item);
        Preconditions.CheckRead(request.Http.Request, version);
        if (!Tracking.ReadsOutsideVersion(query.SelectExpand) && ETags.VersionTells(request.FeedSet, page.Current.Item)
            && ETags.IsUnchanged(request, version))
            return;
        await FeedWriter.WriteEntityAsync(request, page.Current.Item, query, log);
    }

    /// <summary>Whether a write has options that shape its answer (OData 4.01, 11.4.1.5).</summary>
    public static bool HasShape(FeedRequest request) => request.Options.Keys.Any(name => name is "$select" or "$expand");

    /// <summary>Refuses the options of a write that cannot shape its answer.</summary>
    public void CheckShape(FeedRequest request)
    {
        if (request.Options.Keys.FirstOrDefault(name =>
                OptionNames.System.Contains(name) && name is not ("$select" or "$expand" or "$format")
            ) is
            { } other)
            throw new FeedException(FeedError.BadQuery($"A write takes $select and $expand, which shape its answer, not {other}.", other));
        if (HasShape(request))
            Bind(request, rows.EntityOf(request.FeedSet, key: 0), single: true);
    }

    /// <summary>Answers with the entity after a write, in the requested shape.</summary>
    public async Task GetShapedAsync(FeedRequest request, int key)
    {
        var query = Bind(request, rows.EntityOf(request.FeedSet, key), single: true);
        await using var snapshot = await SnapshotAsync(query, request.Cancel);
        await using var page = Run(query, request.Cancel);
        if (!await FirstAsync(page))
            throw new FeedException(FeedError.NotFound()); // deleted meanwhile
        await FeedWriter.WriteEntityAsync(request, page.Current.Item, query, log);
    }

    private async Task AnswerNoEntityAsync(FeedRequest request)
    {
        if (request.Path.Last() is not NavigationPropertySegment || !await ParentExistsAsync(request))
            throw new FeedException(FeedError.NotFound());
        _ = AnswerFormat.Json(request);
        PropertyAnswers.WriteNothing(request);
    }

    private Task<bool> ParentExistsAsync(FeedRequest request)
    {
        var parent = request.Path.TakeWhile(
            (segment, at) => at == 0 || segment is KeySegment || request.Path.Skip(at + 1).Any(s => s is KeySegment));
        return QueryFailures.WatchAsync(() => ((IQueryable<object>)rows.Of(parent)).AnyAsync(request.Cancel), log);
    }

    private FeedQuery Bind(FeedRequest request, bool single = false)
    {
        if (request.Options.ContainsKey("$deltatoken"))
        {
            var tracked = string.Join(", ", FeedSets.All.Where(set => set.IsTracked).Select(set => set.Name));
            throw new FeedException(FeedError.NotImplemented($"Changes are tracked only for {tracked} as a set.", "$deltatoken"));
        }
        if (QueryShape.Of(request, single, db.Visibility) is not { } shape)
            return Bind(request, rows.Of(request.Path), single);
        if (known.Find(shape, request, PageSize(request, single), db) is { } ready)
            return ready;
        var query = Bind(request, rows.Of(request.Path), single);
        known.Note(shape, query, db);
        return query;
    }

    private static int PageSize(FeedRequest request, bool single) => single ? 1 : request.PageSize;

    /// <summary>Binds the options of a request to rows.</summary>
    public BoundQuery Bind(FeedRequest request, IQueryable source, bool single = false) => QueryFailures.Watch(() =>
    {
        var options = request.Parsed(source.ElementType);
        var ofMany = options.Filter ?? options.OrderBy ?? options.Search ?? options.Top ?? options.Skip ?? options.Apply
            ?? (object?)options.SkipToken;
        if (single && ofMany is not null)
            throw new FeedException(FeedError.BadQuery("A single entity takes $select, $expand and $compute."));
        return BoundQuery.Of(new(
            request, options, source, Searched(options, source), PageSize(request, single), db.Sql.IsPostgres, Searched, db));
    }, log);

    private IQueryable Searched(ODataQueryOptions options, IQueryable source)
    {
        if (options.Search is null)
            return source;
        if (options.Apply is not null)
            throw new FeedException(
                FeedError.NotImplemented("$search is not offered together with $apply: write search(...) into it.", "$search"));
        return Searched(source, options.Search.SearchClause);
    }

    private IQueryable Searched(IQueryable source, SearchClause clause) => FeedSets.Of(source.ElementType) is { IsSearchable: true } set
        ? search.Apply(set, source, clause)
        : throw new FeedException(FeedError.NotImplemented("$search finds tickets; it is not offered on other sets.", "$search"));

    // A long text does not fit into a URL: it is read from the last row of the previous page.
    private async Task RestoreAsync(FeedQuery query, CancellationToken cancel)
    {
        if (query.CutTexts is { } texts && await QueryFailures.WatchAsync(() => texts.SingleOrDefaultAsync(cancel), log) is { } found)
            query.Restore(found);
    }

    /// <summary>Runs a page; the enumerator is before the first row.</summary>
    public IAsyncEnumerator<PageRow> Run(FeedQuery query, CancellationToken cancel) => query.Parts == 1
        ? QueryFailures.Watch(() => query.Read(0).GetAsyncEnumerator(cancel), log)
        : AllParts(query, cancel).GetAsyncEnumerator(cancel);

    // The page is read whole before any of it is written: the statement of a later part may fail, and then the answer must be an error.
    private static async IAsyncEnumerable<PageRow> AllParts(FeedQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        var page = new List<PageRow>();
        var (isWhole, characters) = (false, 0L);
        for (var part = query.First; part < query.Parts && !isWhole; part++)
        {
            var position = query.Skipped(part);
            await foreach (var row in query.Read(part).WithCancellation(cancel))
            {
                (row.Part, row.Position) = (part, ++position);
                page.Add(row);
                // With texts this long the page ends by its bytes, because written texts are even longer. Twice the limit, because
                // the writer buffers some of them when it checks.
                isWhole = page.Count == query.Reads || characters > 2L * query.MaxPageBytes;
                if (isWhole)
                    break;
                characters += TextLength.Of(row.Item);
            }
        }
        foreach (var row in page)
            yield return row;
    }

    /// <summary>Moves to the first row; false when there is none.</summary>
    public Task<bool> FirstAsync(IAsyncEnumerator<PageRow> page) => QueryFailures.WatchAsync(async () => await page.MoveNextAsync(), log);

    // The count and the rows of an answer, and the parts of concat, must come from one snapshot.
    private async Task<IAsyncDisposable?> SnapshotAsync(FeedQuery query, CancellationToken cancel) =>
        query.CountsRows || query.Parts > 1 || query.IsSplit ? await QueryFailures.WatchAsync(() => db.SnapshotAsync(cancel), log) : null;

    private async Task<long> CountAsync(FeedRequest request, FeedQuery query)
    {
        var cancel = request.Cancel;
        if (query.IsWhole && rows.CountsOf(request.Path) is { } counts)
            return await QueryFailures.WatchAsync(() => counts.SumAsync(cancel), log);
        var sum = 0L;
        foreach (var all in query.Filtered)
        {
            var count = Expression.Call(typeof(Queryable), nameof(Queryable.LongCount), [all.ElementType], all.Expression);
            sum += await QueryFailures.WatchAsync(() => ((IAsyncQueryProvider)all.Provider).ExecuteAsync<Task<long>>(count, cancel), log);
        }
        return sum;
    }
}
