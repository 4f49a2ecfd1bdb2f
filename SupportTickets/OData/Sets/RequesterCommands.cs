using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Requesters;

namespace SupportTickets.OData.Sets;

/// <summary>The writes of requesters. They are deleted on their page, which shows first what goes with them.</summary>
internal sealed class RequesterCommands(SaveRequester save) : ISetCommands
{
    /// <inheritdoc />
    public Right RightToCreate(IReadOnlyDictionary<string, Supplied> values) => Right.write;

    /// <inheritdoc />
    public async Task<Result<Created>> CreateAsync(SetWrite write) =>
        (await save.CreateAsync(InputOf(write), write.Cancel)).Succeeded(out var requester, out var problem)
            ? new Created(requester.Id, requester, [])
            : problem;

    /// <inheritdoc />
    public async Task<Result<object>> ChangeAsync(int key, SetWrite write, int? expectedVersion) =>
        (await save.ChangeAsync(key, InputOf(write), expectedVersion, write.Cancel)).AsObject();

    private static RequesterInput InputOf(SetWrite write) => new()
    {
        Name = write.Values.GetValueOrDefault(nameof(Requester.Name)),
        Email = write.Values.GetValueOrDefault(nameof(Requester.Email)),
        Organization = write.Values.GetValueOrDefault(nameof(Requester.Organization)),
        Notes = write.Values.GetValueOrDefault(nameof(Requester.Notes)),
    };
}
