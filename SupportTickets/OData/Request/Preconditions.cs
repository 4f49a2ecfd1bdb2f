using Microsoft.Extensions.Primitives;
using SupportTickets.OData.Errors;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Request;

/// <summary>What a request demands of the version that is there (RFC 9110, 13.1.1 and 13.1.2; OData 4.01, 8.2.4 and 11.4.1.1).</summary>
internal sealed class Preconditions
{
    private static readonly FeedError RuledOut = new(
        StatusCodes.Status412PreconditionFailed, "precondition_failed", "The ticket is there, at a version that If-None-Match rules out.");

    private static readonly FeedError NotMatched = new(
        StatusCodes.Status412PreconditionFailed, "precondition_failed", "This is not at a version that If-Match names: read it without the header.");

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
        if (Read("If-Match", request.Headers.IfMatch) is { Any: false } match && !(version is { } current && match.Versions.Contains(current)))
            throw new FeedException(NotMatched);
    }

    /// <summary>Adds the ETag that a body has, which must match as one in If-Match does.</summary>
    public void DemandOfBody(string? etag)
    {
        if (etag is not null)
            Demand(ETags.TryRead(etag, out var match) ? match : throw new FeedException(FeedError.BadBody("The etag in the body is none that this feed gave.")));
    }

    /// <summary>The version that the core is to expect: null when any will do. Fails when a condition is not met.</summary>
    public async Task<int?> ExpectedAsync(int id, TicketReads reads, CancellationToken cancel)
    {
        if (_noneMatch is null && _match is [])
            return null;
        if (_noneMatch is null && _match is [{ Versions: [var only] }])
            return only;
        // The core takes one version: of several that the caller would accept, the one that is there now.
        var current = await reads.FindAsync(id, cancel) ?? throw new FeedException(FeedError.Of(new TicketNotFound()));
        if (_match.Any(match => !match.Versions.Contains(current.Version)))
            throw new FeedException(FeedError.Of(new StaleTicket(current)));
        if (_noneMatch is { } none && (none.Any || none.Versions.Contains(current.Version)))
            throw new FeedException(RuledOut);
        return current.Version;
    }

    private void Demand(IfMatch? match)
    {
        if (match is { Any: false })
            _match.Add(match);
    }

    private static IfMatch? Read(string name, StringValues header) => ETags.TryRead(header, out var condition)
        ? condition
        : throw new FeedException(FeedError.BadHeader(name, $"{name} takes * or entity tags as given in ETag, separated by commas."));
}
