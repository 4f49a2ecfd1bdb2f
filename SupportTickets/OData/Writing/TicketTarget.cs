using Microsoft.EntityFrameworkCore;
using Microsoft.OData.UriParser;
using SupportTickets.Core;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Writing;

/// <summary>
/// The ticket that a request changes. It must be there before the body is read; no request creates it, because the desk gives the
/// keys (OData 4.01, 11.4.4).
/// </summary>
internal sealed class TicketTarget
{
    private readonly Preconditions _conditions;
    private readonly TicketReads _reads;
    private readonly CancellationToken _cancel;

    private TicketTarget(int id, Preconditions conditions, TicketReads reads, CancellationToken cancel) =>
        (Id, _conditions, _reads, _cancel) = (id, conditions, reads, cancel);

    /// <summary>Its key.</summary>
    public int Id { get; }

    /// <summary>Finds what the path names before its property or operation.</summary>
    public static async Task<TicketTarget> FindAsync(FeedRequest request, FeedRows rows, TicketReads reads)
    {
        var conditions = Preconditions.Of(request.Http.Request);
        var tickets = (IQueryable<Ticket>)rows.Of(request.Path.TakeWhile(segment => segment is not (PropertySegment or OperationSegment)));
        var id = await tickets.Select(t => (int?)t.Id).SingleOrDefaultAsync(request.Cancel) ?? throw new FeedException(FeedError.Of(new TicketNotFound()));
        return new(id, conditions, reads, request.Cancel);
    }

    /// <summary>Changes it, if it is at a version that the request allows.</summary>
    /// <param name="change">Calls the core with the version to expect.</param>
    /// <param name="etag">What the body says of the version.</param>
    /// <returns>The ticket as stored.</returns>
    public async Task<Ticket> ChangeAsync(Func<int?, Task<Result<Ticket>>> change, string? etag = null)
    {
        _conditions.DemandOfBody(etag);
        var result = await change(await _conditions.ExpectedAsync(Id, _reads, _cancel));
        return result.Succeeded(out var ticket, out var problem) ? ticket : throw new FeedException(FeedError.Of(problem));
    }
}
