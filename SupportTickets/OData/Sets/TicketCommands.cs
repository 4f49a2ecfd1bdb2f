using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.OData.Sets;

/// <summary>The writes of tickets.</summary>
internal sealed class TicketCommands(CreateTicket create, UpdateTicket update, DeleteTicket delete) : ISetCommands
{
    /// <inheritdoc />
    /// <remarks>A caller who may only send in tickets must not assign them to anybody, nor say who a requester is by a number.</remarks>
    public Right RightToCreate(IReadOnlyDictionary<string, Supplied> values) =>
        new[] { nameof(Ticket.AssigneeId), nameof(Ticket.RequesterId) }
            .Any(name => values.GetValueOrDefault(name) is { IsMissing: false, IsNull: false })
            ? Right.write
            : Right.submit;

    /// <inheritdoc />
    public async Task<Result<Created>> CreateAsync(SetWrite write)
    {
        var (input, origin, key) = (InputOf(write.Values), OriginOf(write), IdempotencyHeader.Of(write.Http.Request));
        if (write.Caller.May(Right.read))
        {
            var created = await create.HandleAsync(input, origin, SeenSuggestions.None, key, write.Cancel);
            return created.Succeeded(out var ticket, out var why) ? new Created(ticket.Id, ticket, []) : why;
        }
        var handedIn = await create.HandInAsync(input, origin, SeenSuggestions.None, key, write.Cancel);
        return handedIn.Succeeded(out var receipt, out var problem) ? new Created(receipt.Id, null, Told(receipt)) : problem;
    }

    /// <inheritdoc />
    public async Task<Result<object>> ChangeAsync(int key, SetWrite write, int? expectedVersion) =>
        (await update.HandleAsync(key, InputOf(write.Values), expectedVersion, OriginOf(write), write.Cancel)).AsObject();

    /// <inheritdoc />
    public async Task<Result<object>> ReplaceAsync(int key, SetWrite write, int? expectedVersion) =>
        (await update.ReplaceAsync(key, InputOf(write.Values), expectedVersion, OriginOf(write), write.Cancel)).AsObject();

    /// <inheritdoc />
    public async Task<Result<object>> DeleteAsync(int key, SetWrite write, int? expectedVersion) =>
        (await delete.HandleAsync(key, expectedVersion, OriginOf(write), write.Cancel)).AsObject();

    private static Origin OriginOf(SetWrite write) => write.Caller.Origin(Channel.odata);

    private static TicketInput InputOf(IReadOnlyDictionary<string, Supplied> values) => new()
    {
        Title = values.GetValueOrDefault(nameof(Ticket.Title)),
        Description = values.GetValueOrDefault(nameof(Ticket.Description)),
        Category = values.GetValueOrDefault(nameof(Ticket.Category)),
        Priority = values.GetValueOrDefault(nameof(Ticket.Priority)),
        Status = values.GetValueOrDefault(nameof(Ticket.Status)),
        Assignee = values.GetValueOrDefault(nameof(Ticket.AssigneeId)),
        Requester = values.GetValueOrDefault(nameof(Ticket.RequesterId)),
    };

    private static List<(string Name, object Value)> Told(TicketReceipt receipt)
    {
        List<(string, object)> told =
        [
            (nameof(Ticket.Id), receipt.Id), (nameof(Ticket.Title), receipt.Title), (nameof(Ticket.Description), receipt.Description),
            (nameof(Ticket.Category), receipt.Category), (nameof(Ticket.Priority), receipt.Priority),
        ];
        if (receipt.Status is { } status) told.Add((nameof(Ticket.Status), status));
        return told;
    }
}
