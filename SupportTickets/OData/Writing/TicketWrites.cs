using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.OData.Writing;

/// <summary>POST, PATCH, PUT and DELETE of tickets: reads the payload, calls the core, translates its answer.</summary>
internal sealed class TicketWrites(CreateTicket create, UpdateTicket update, DeleteTicket delete, FeedRows rows, TicketReads reads, TicketAnswers answers)
{
    /// <summary>POST to the set: 201 with the ticket as stored, its address and its ETag (OData 4.01, 11.4.2).</summary>
    public async Task CreateAsync(FeedRequest request)
    {
        answers.Check(request);
        var payload = await TicketPayload.ReadAsync(request);
        // Who may only send tickets in gives nobody work.
        if (payload.Input.Assignee is { IsMissing: false, IsNull: false } && !request.Http.Caller().May(Right.write))
            throw new FeedException(FeedError.Refusal(request.Http.Caller()));
        var key = IdempotencyHeader.Of(request.Http.Request);
        if (!request.Http.Caller().May(Right.read))
        {
            var receipt = Taken(await create.HandInAsync(payload.Input, request.Origin, SeenSuggestions.None, key, request.Cancel));
            Created(request, receipt.Id);
            await TicketAnswers.WriteAsync(request, receipt);
            return;
        }
        var ticket = Taken(await create.HandleAsync(payload.Input, request.Origin, SeenSuggestions.None, key, request.Cancel));
        Created(request, ticket.Id);
        await answers.WriteAsync(request, ticket);
    }

    /// <summary>PATCH of one: 200 with the ticket as stored; 412 when a condition does not hold (OData 4.01, 11.4.3).</summary>
    public Task ChangeAsync(FeedRequest request) => WriteAsync(request, update.HandleAsync);

    /// <summary>
    /// PUT of one: as PATCH, but what is left out gets its default, or is missing where there is none (OData 4.01, 11.4.3).
    /// </summary>
    public Task ReplaceAsync(FeedRequest request) => WriteAsync(request, update.ReplaceAsync);

    /// <summary>DELETE of one: 204; 412 when a condition does not hold (OData 4.01, 11.4.5).</summary>
    public async Task DeleteAsync(FeedRequest request)
    {
        var target = await TicketTarget.FindAsync(request, rows, reads);
        _ = await target.ChangeAsync(expected => delete.HandleAsync(target.Id, expected, request.Origin, request.Cancel));
        PropertyAnswers.WriteNothing(request);
    }

    private static T Taken<T>(Result<T> result) =>
        result.Succeeded(out var value, out var problem) ? value : throw new FeedException(FeedError.Of(problem));

    private static void Created(FeedRequest request, int id)
    {
        request.Http.Response.StatusCode = StatusCodes.Status201Created;
        request.Http.Response.Headers.Location = TicketAnswers.AddressOf(request, id);
    }

    private async Task WriteAsync(FeedRequest request, Func<int, TicketInput, int?, Origin, CancellationToken, Task<Result<Ticket>>> write)
    {
        answers.Check(request);
        var target = await TicketTarget.FindAsync(request, rows, reads);
        var payload = await TicketPayload.ReadAsync(request);
        await answers.WriteAsync(request, await target.ChangeAsync(expected => write(target.Id, payload.Input, expected, request.Origin, request.Cancel), payload.ETag));
    }
}
