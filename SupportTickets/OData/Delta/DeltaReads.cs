using System.Linq.Expressions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.EntityFrameworkCore;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Reads;
using SupportTickets.OData.Request;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Delta;

/// <summary>A row that a client has to remove from its copy.</summary>
internal sealed class Removed
{
    /// <summary>Its key.</summary>
    public int Key { get; init; }

    /// <summary>Whether it was deleted; otherwise it changed and no longer matches the query.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>
/// Follows delta links (OData 4.01, 11.3.2): gives the rows that changed and match first, then the removed ones, each ordered by
/// the key. A page takes one statement for the rows and, when the last of them is on it, one for the removed ones.
/// </summary>
internal sealed class DeltaReads(FeedReads reads, TicketChanges changes, IServiceProvider services, ILogger<DeltaReads> log)
{
    private static readonly HashSet<string> Defining = ["$deltatoken", "$filter", "$search", "$compute", "$select", "$expand", "$format"];

    /// <summary>A page of changes.</summary>
    public async Task GetAsync(FeedRequest request)
    {
        if (request.Options.ContainsKey("$expand") && Tracking.CannotExpand(request))
            throw new FeedException(FeedError.BadHeader(
                "OData-MaxVersion",
                "Changes with expanded entities cannot be written in OData 4.0: follow this link with OData-MaxVersion: 4.01."));
        var (token, options) = await OpenAsync(request);
        var query = reads.Bind(request, Changed(request, token, token.After));
        await using var page = token.IsInRemoved ? null : reads.Run(query, request.Cancel);
        var any = page is not null && await reads.FirstAsync(page);
        if (page is not null && !any)
            await page.DisposeAsync(); // PostgreSQL runs one statement at a time
        await DeltaWriter.WriteAsync(
            request, query, any ? page : null, token, Links(request, token, options),
            (after, take) => RemovedAsync(request, token, options, after, take), log);
    }

    /// <summary>Answers <c>$count</c>: the number of changed and of removed rows together, as plain text.</summary>
    public async Task GetCountAsync(FeedRequest request)
    {
        var (token, options) = await OpenAsync(request);
        var rows = FeedRows.KeysOf(request.FeedSet, reads.Bind(request, Changed(request, token, after: 0)).Filtered.Single());
        var count = await QueryFailures.WatchAsync(() => rows.LongCountAsync(request.Cancel), log)
            + await QueryFailures.WatchAsync(() => AllRemoved(request, token, options, after: 0).LongCountAsync(request.Cancel), log);
        await PropertyAnswers.WriteTextAsync(request, count);
    }

    // The token with the mark at which these changes end. The mark is taken before anything is read.
    private async Task<(DeltaToken Token, ODataQueryOptions Options)> OpenAsync(FeedRequest request)
    {
        var query = request.Options;
        if (query.Keys.FirstOrDefault(name => name.StartsWith('$') && !Defining.Contains(name)) is { } other)
            throw new FeedException(FeedError.BadQuery($"A delta link takes no {other}: follow it as it was given.", other));
        var options = request.Parsed(request.FeedSet.Entity);
        var token = DeltaToken.Decode(query["$deltatoken"].ToString(), request);
        if (token.IsForeign)
            throw new FeedException(Gone(request));
        if (token.Until is not null)
            return (token, options);
        var now = await QueryFailures.WatchAsync(() => changes.MarkAfterAsync(token.Since, request.Cancel), log);
        return now is not null ? (token with { Until = now }, options) : throw new FeedException(Gone(request));
    }

    private static FeedError Gone(FeedRequest request) =>
        new(
            StatusCodes.Status410Gone, "delta_link_expired", "The changes since then are not known here: read the whole set again.",
            "$deltatoken")
        {
            Location = request.WholeLink().AbsoluteUri,
        };

    // Those of the rows that changed and the caller may see, after a key.
    private IQueryable Changed(FeedRequest request, DeltaToken token, int after)
    {
        var set = request.FeedSet;
        var (changed, _) = set.Changes(services, token.Since, token.Until!);
        var row = Expression.Parameter(set.Entity, "row");
        var key = FeedRows.KeyOf(set, row);
        var isChanged = Expression.Call(typeof(Queryable), nameof(Queryable.Contains), [typeof(int)], changed.Expression, key);
        return FeedRows.Where(
            set.Rows(services), row, Expression.AndAlso(Expression.GreaterThan(key, Parameter.Of(after)), isChanged));
    }

    private Task<List<Removed>> RemovedAsync(FeedRequest request, DeltaToken token, ODataQueryOptions options, int after, int take) =>
        QueryFailures.WatchAsync(
            () => AllRemoved(request, token, options, after).OrderBy(r => r.Key).Take(take).ToListAsync(request.Cancel), log);

    private IQueryable<Removed> AllRemoved(FeedRequest request, DeltaToken token, ODataQueryOptions options, int after)
    {
        var set = request.FeedSet;
        var deleted = set.Changes(services, token.Since, token.Until!).Deleted
            .Where(id => id > after)
            .Select(id => new Removed { Key = id, IsDeleted = true });
        if (options.Filter is null && options.Search is null)
            return deleted;
        // Whether these matched before is not known. A client ignores the removal of an entity that it does not have.
        var matching = FeedRows.KeysOf(set, reads.Bind(request, set.Rows(services)).Filtered.Single());
        return FeedRows.KeysOf(set, Changed(request, token, after))
            .Where(id => !matching.Contains(id))
            .Select(id => new Removed { Key = id, IsDeleted = false })
            .Concat(deleted);
    }

    private static DeltaLinks Links(FeedRequest request, DeltaToken token, ODataQueryOptions options) => new(
        (after, inRemoved) => Link(request, token with { After = after, IsInRemoved = inRemoved }),
        () => Link(request, DeltaToken.From(token.Until!, request)));

    private static Uri Link(FeedRequest request, DeltaToken token) =>
        request.DeltaLink(room => token.Encode(request.Tokens, room));
}
