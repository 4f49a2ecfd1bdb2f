using SupportTickets.Tickets;
using SupportTickets.Triage;

namespace SupportTickets.OData;

/// <summary>POST, PATCH and DELETE of tickets: reads the payload, calls the core, translates its answer.</summary>
internal sealed class TicketWrites(CreateTicket create, UpdateTicket update, DeleteTicket delete, TicketReads reads, ILogger<TicketWrites> log)
{
    private static readonly Origin Caller = new("anonymous", Channel.odata);

    /// <summary>POST to the set: 201 with the ticket as stored, its address and its ETag (OData 4.01, 11.4.2).</summary>
    public async Task CreateAsync(FeedRequest request)
    {
        _ = Negotiation.Json(request.Http.Request); // refused before anything is written
        var input = await ReadAsync(request);
        if (!(await create.HandleAsync(input, Caller, SeenSuggestions.None, request.Cancel)).Succeeded(out var ticket, out var problem))
            throw new FeedException(FeedError.Of(problem));
        request.Http.Response.StatusCode = StatusCodes.Status201Created;
        request.Http.Response.Headers.Location = AddressOf(request, ticket);
        await AnswerAsync(request, ticket);
    }

    /// <summary>PATCH of one: 200 with the ticket as stored; 412 when If-Match names no version that it has (OData 4.01, 11.4.3).</summary>
    public async Task UpdateAsync(FeedRequest request, int id)
    {
        _ = Negotiation.Json(request.Http.Request);
        if (!ETags.TryRead(request.Http.Request.Headers.IfMatch, out var condition))
            throw new FeedException(FeedError.BadHeader("If-Match", "If-Match takes * or entity tags as given in ETag, separated by commas."));
        if (!await reads.ExistsAsync(id, request.Cancel))
            throw new FeedException(FeedError.Of(new TicketNotFound()));
        var input = await ReadAsync(request);
        var expected = await ExpectedAsync(id, condition, request.Cancel);
        if (!(await update.HandleAsync(id, input, expected, Caller, request.Cancel)).Succeeded(out var ticket, out var problem))
            throw new FeedException(FeedError.Of(problem));
        await AnswerAsync(request, ticket);
    }

    /// <summary>DELETE of one: 204; 412 when If-Match names no version that it has (OData 4.01, 11.4.5).</summary>
    public async Task DeleteAsync(FeedRequest request, int id)
    {
        if (!ETags.TryRead(request.Http.Request.Headers.IfMatch, out var condition))
            throw new FeedException(FeedError.BadHeader("If-Match", "If-Match takes * or entity tags as given in ETag, separated by commas."));
        var expected = await ExpectedAsync(id, condition, request.Cancel);
        if (!(await delete.HandleAsync(id, expected, Caller, request.Cancel)).Succeeded(out _, out var problem))
            throw new FeedException(FeedError.Of(problem));
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        request.Http.Response.Headers["OData-Version"] = Negotiation.VersionText(request.Http.Request);
    }

    // With the ticket unless the caller prefers to do without (OData 4.01, 8.2.8.7 and 8.3.4).
    private Task AnswerAsync(FeedRequest request, Ticket ticket)
    {
        if (request.Preferences.Minimal != true)
            return FeedWriter.WriteEntityAsync(request, ticket, null, [], log);
        var response = request.Http.Response;
        response.StatusCode = StatusCodes.Status204NoContent;
        response.GetTypedHeaders().ETag = ETags.Of(ticket.Version);
        response.Headers["OData-EntityId"] = AddressOf(request, ticket);
        response.Headers["OData-Version"] = Negotiation.VersionText(request.Http.Request);
        request.Preferences.AppliedToWrite(response);
        return Task.CompletedTask;
    }

    private static string AddressOf(FeedRequest request, Ticket ticket) => new Uri(request.Root, $"{Model.Tickets}({ticket.Id})").AbsoluteUri;

    // The core takes one version: of several that the caller would accept, the one that is there now.
    private async Task<int?> ExpectedAsync(int id, IfMatch? condition, CancellationToken cancel)
    {
        if (condition is null or { Any: true })
            return null;
        if (condition.Versions is [var only])
            return only;
        var current = await reads.FindAsync(id, cancel) ?? throw new FeedException(FeedError.Of(new TicketNotFound()));
        return condition.Versions.Contains(current.Version) ? current.Version : throw new FeedException(FeedError.Of(new StaleTicket(current)));
    }

    private static Task<TicketInput> ReadAsync(FeedRequest request) =>
        TicketPayload.ReadAsync(request.Http.Request, request.Set.EntityType);
}
