using Microsoft.Extensions.Primitives;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Request;

/// <summary>What a request demands of the version that is there (RFC 9110, 13.1.1 and 13.1.2; OData 4.01, 8.2.4 and 11.4.1.1).</summary>
internal sealed class Preconditions
{
    private static readonly FeedError NotMatched = new(
        StatusCodes.Status412PreconditionFailed, "precondition_failed",
        "This is not at a version that If-Match names: read it without the header.");

    private readonly List<IfMatch> _match = [];
    private IfMatch? _noneMatch;

    /// <summary>Reads If-Match and If-None-Match; fails on what is no list of entity tags.</summary>
    public static Preconditions Of(HttpRequest request)
    {
        var conditions = new Preconditions();
        conditions.Demand(Read("If-Match", request.Headers.IfMatch));
        conditions._noneMatch = Read("If-None-Match", request.Headers.IfNoneMatch);
        return conditions;
    }

    /// <summary>
    /// Fails when a read is for versions only that are not the one there; what has no version is at none that could be named.
    /// </summary>
    public static void CheckRead(HttpRequest request, int? version)
    {
        if (Read("If-Match", request.Headers.IfMatch) is { Any: false } match
            && !(version is { } current && match.Versions.Contains(current)))
            throw new FeedException(NotMatched);
    }

    /// <summary>Adds the ETag that a body has, which must match as one in If-Match does.</summary>
    public void DemandOfBody(string? etag)
    {
        if (etag is not null)
            Demand(
                ETags.TryRead(etag, out var match)
                    ? match
                    : throw new FeedException(FeedError.BadBody("The etag in the body is none that this feed gave.")));
    }

    /// <summary>The version that the core is to expect: null when any will do. Fails when a condition is not met.</summary>
    /// <param name="set">The set of the entity.</param>
    /// <param name="version">Reads the version that is there; null when the entity has gone.</param>
    public async Task<int?> ExpectedAsync(FeedSet set, Func<Task<int?>> version)
    {
        if (_noneMatch is null && _match is [])
            return null;
        if (_noneMatch is null && _match is [{ Versions: [var only] }])
            return only;
        // The core takes one version: of several that the caller would accept, the one that is there now.
        var current = await version() ?? throw new FeedException(FeedError.NoSuch(set));
        if (_match.Any(match => !match.Versions.Contains(current)))
            throw new FeedException(FeedError.Stale(set));
        if (_noneMatch is { } none && (none.Any || none.Versions.Contains(current)))
            throw new FeedException(RuledOut(set));
        return current;
    }

    private static FeedError RuledOut(FeedSet set) => new(StatusCodes.Status412PreconditionFailed, "precondition_failed",
        $"The {set.Noun} is there, at a version that If-None-Match rules out.");

    private void Demand(IfMatch? match)
    {
        if (match is { Any: false })
            _match.Add(match);
    }

    private static IfMatch? Read(string name, StringValues header) => ETags.TryRead(header, out var condition)
        ? condition
        : throw new FeedException(FeedError.BadHeader(name, $"{name} takes * or entity tags as given in ETag, separated by commas."));
}
