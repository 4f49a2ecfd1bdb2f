using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Tags;

namespace SupportTickets.OData.Sets;

/// <summary>The writes of tags.</summary>
internal sealed class TagCommands(ManageTags tags) : ISetCommands
{
    /// <inheritdoc />
    public Right RightToCreate(IReadOnlyDictionary<string, Supplied> values) => Right.write;

    /// <inheritdoc />
    public async Task<Result<Created>> CreateAsync(SetWrite write) =>
        (await tags.CreateAsync(NameOf(write), write.Cancel)).Succeeded(out var tag, out var problem)
            ? new Created(tag.Id, tag, [])
            : problem;

    /// <inheritdoc />
    /// <remarks>Not offered: it takes the right to administer, which no token has.</remarks>
    public Task<Result<object>> ChangeAsync(int key, SetWrite write, int? expectedVersion) => throw NotOffered();

    /// <inheritdoc />
    public Task<Result<object>> ReplaceAsync(int key, SetWrite write, int? expectedVersion) => throw NotOffered();

    /// <inheritdoc />
    public Task<Result<object>> DeleteAsync(int key, SetWrite write, int? expectedVersion) => throw NotOffered();

    private static NotSupportedException NotOffered() => new("Tags are renamed and deleted on their page.");

    private static string? NameOf(SetWrite write) =>
        write.Values.GetValueOrDefault(nameof(Tag.Name)) is { IsText: true, Text: { } name } ? name : null;
}
