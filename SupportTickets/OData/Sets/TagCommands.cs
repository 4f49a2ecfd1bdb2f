using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Tags;

namespace SupportTickets.OData.Sets;

/// <summary>
/// The writes of tags. They are renamed and deleted on their page: that takes the right to administer, which no token has.
/// </summary>
internal sealed class TagCommands(ManageTags tags) : ISetCommands
{
    /// <inheritdoc />
    public Right RightToCreate(IReadOnlyDictionary<string, Supplied> values) => Right.write;

    /// <inheritdoc />
    public async Task<Result<Created>> CreateAsync(SetWrite write) =>
        (await tags.CreateAsync(write.Values.GetValueOrDefault(nameof(Tag.Name)), write.Cancel)).Succeeded(out var tag, out var problem)
            ? new Created(tag.Id, tag, [])
            : problem;
}
