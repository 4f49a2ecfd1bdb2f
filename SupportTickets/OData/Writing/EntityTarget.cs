using Microsoft.EntityFrameworkCore;
using Microsoft.OData.UriParser;
using SupportTickets.Core;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Writing;

/// <summary>
/// The entity that a request changes. It must exist before the body is read. No request creates it under a key of its own choice,
/// because the desk assigns the keys (OData 4.01, 11.4.4).
/// </summary>
internal sealed class EntityTarget
{
    private readonly FeedRequest _request;
    private readonly FeedRows _rows;
    private readonly Preconditions _conditions;

    private EntityTarget(int key, FeedRequest request, FeedRows rows, Preconditions conditions) =>
        (Key, _request, _rows, _conditions) = (key, request, rows, conditions);

    /// <summary>Its key.</summary>
    public int Key { get; }

    /// <summary>Finds the entity that the path names before a property or operation.</summary>
    public static async Task<EntityTarget> FindAsync(FeedRequest request, FeedRows rows) =>
        await TryFindAsync(request, rows) ?? throw new FeedException(FeedError.NoSuch(request.FeedSet));

    /// <summary>Finds the entity that the path names before a property or operation; null when there is none.</summary>
    public static async Task<EntityTarget?> TryFindAsync(FeedRequest request, FeedRows rows)
    {
        var conditions = Preconditions.Of(request.Http.Request);
        var named = rows.Of(request.Path.TakeWhile(segment => segment is not (PropertySegment or OperationSegment)));
        var key = await FeedRows.KeysOf(request.FeedSet, named).Select(id => (int?)id).SingleOrDefaultAsync(request.Cancel);
        return key is { } found ? new(found, request, rows, conditions) : null;
    }

    /// <summary>Changes the entity if it has a version that the request allows.</summary>
    /// <param name="change">Calls the core with the version to expect.</param>
    /// <param name="etag">The ETag in the body, if any.</param>
    /// <returns>The entity as stored.</returns>
    public async Task<T> ChangeAsync<T>(Func<int?, Task<Result<T>>> change, string? etag = null) where T : class
    {
        _conditions.DemandOfBody(etag);
        var result = await change(await _conditions.ExpectedAsync(_request.FeedSet, VersionAsync));
        return result.Succeeded(out var entity, out var problem)
            ? entity
            : throw new FeedException(FeedError.Of(problem, _request.FeedSet));
    }

    /// <summary>
    /// Throws when the entity has a version that the request does not allow: for additions to it, which leave its version and are
    /// done whatever it is by then.
    /// </summary>
    public async Task CheckAsync()
    {
        if (await _conditions.ExpectedAsync(_request.FeedSet, VersionAsync) is { } expected && expected != await VersionAsync())
            throw new FeedException(FeedError.Stale(_request.FeedSet));
    }

    private Task<int?> VersionAsync() =>
        _rows.VersionsOf(_request.FeedSet, Key).Select(version => (int?)version).SingleOrDefaultAsync(_request.Cancel);
}
