using Microsoft.Extensions.Primitives;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Request;

/// <summary>
/// The conditions of a request on the current version of an entity (RFC 9110, 13.1.1 and 13.1.2; OData 4.01, 8.2.4 and 11.4.1.1).
/// </summary>
internal sealed class Preconditions
{
    private static readonly FeedError NotMatched = new(
        StatusCodes.Status412PreconditionFailed, "precondition_failed",
        "The version of this entity is not one that If-Match names: read it without the header.");

    private readonly List<IfMatch> _match = [];
    private IfMatch? _noneMatch;

    /// <summary>Reads If-Match and If-None-Match; throws when one is not a list of entity tags.</summary>
    public static Preconditions Of(HttpRequest request)
    {
        var conditions = new Preconditions();
        conditions.Demand(Read("If-Match", request.Headers.IfMatch));
        conditions._noneMatch = Read("If-None-Match", request.Headers.IfNoneMatch);
        return conditions;
    }

    /// <summary>
    /// Throws when the If-Match of a read does not match the current version. A resource without a version matches no tag.
    /// </summary>
    public static void CheckRead(HttpRequest request, int? version)
    {
        if (Read("If-Match", request.Headers.IfMatch) is { Any: false } match
            && !(version is { } current && match.Versions.Contains(current)))
            throw new FeedException(NotMatched);
    }

    /// <summary>Adds the ETag of a body, which must match like one in If-Match.</summary>
    public void DemandOfBody(string? etag)
    {
        if (etag is not null)
            Demand(
                ETags.TryRead(etag, out var match)
                    ? match
                    : throw new FeedException(FeedError.BadBody("The etag in the body does not come from this feed.")));
    }

    /// <summary>The version for the core to expect; null when any version will do. Throws when a condition is not met.</summary>
    /// <param name="set">The set of the entity.</param>
    /// <param name="version">Reads the current version; null when the entity no longer exists.</param>
    public async Task<int?> ExpectedAsync(FeedSet set, Func<Task<int?>> version)
    {
        if (_noneMatch is null && _match is [])
            return null;
        if (_noneMatch is null && _match is [{ Versions: [var only] }])
            return only;
        // The core expects a single version: if the caller would accept several, the current one.
        var current = await version() ?? throw new FeedException(FeedError.NoSuch(set));
        if (_match.Any(match => !match.Versions.Contains(current)))
            throw new FeedException(FeedError.Stale(set));
        if (_noneMatch is { } none && (none.Any || none.Versions.Contains(current)))
            throw new FeedException(RuledOut(set));
        return current;
    }

    private static FeedError RuledOut(FeedSet set) => new(StatusCodes.Status412PreconditionFailed, "precondition_failed",
        $"The {set.Noun} exists, and If-None-Match rules out its version.");

    private void Demand(IfMatch? match)
    {
        if (match is { Any: false })
            _match.Add(match);
    }

    private static IfMatch? Read(string name, StringValues header) => ETags.TryRead(header, out var condition)
        ? condition
        : throw new FeedException(FeedError.BadHeader(name, $"{name} takes * or entity tags as given in ETag, separated by commas."));
}
