using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Tags;

/// <summary>There is no such tag.</summary>
public sealed record TagNotFound : Problem;

/// <summary>The tag changed since the caller read it; nothing was written.</summary>
public sealed record StaleTag : Problem;

/// <summary>
/// Creates, renames, merges and deletes tags themselves. The history of the tickets keeps the names of its time: nothing happened to
/// the tickets.
/// </summary>
public sealed class ManageTags(TicketDb db, AccessLog log, TimeProvider clock)
{
    /// <summary>Creates a tag that no ticket has yet.</summary>
    /// <returns>The tag, or <see cref="InvalidInput"/>, also when the name is taken.</returns>
    public async Task<Result<Tag>> CreateAsync(Supplied name, CancellationToken cancel)
    {
        if (!TagValidator.Name(name).Succeeded(out var valid, out var problem))
            return problem;
        var tag = new Tag { Name = valid, NormalizedName = Tag.Normalized(valid), CreatedAt = clock.Now() };
        db.Tags.Add(tag);
        return await StoreAsync(tag, cancel);
    }

    /// <summary>Renames a tag; all tickets that have it keep it.</summary>
    /// <param name="id">The tag.</param>
    /// <param name="name">The new name, as received.</param>
    /// <param name="expectedVersion">The version that the caller read; null changes any version.</param>
    /// <param name="by">Who renames it.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The tag, or <see cref="InvalidInput"/>, <see cref="TagNotFound"/>, <see cref="StaleTag"/>.</returns>
    public async Task<Result<Tag>> RenameAsync(int id, Supplied name, int? expectedVersion, Caller by, CancellationToken cancel)
    {
        if (!TagValidator.Name(name).Succeeded(out var valid, out var problem))
            return problem;
        if (!(await FindAsync(id, expectedVersion, cancel)).Succeeded(out var tag, out problem))
            return problem;
        if (tag.Name == valid)
            return tag;
        log.Add(by, AccessAction.tag_changed, about: $"{tag.Name} to {valid}");
        (tag.Name, tag.NormalizedName, tag.Version) = (valid, Tag.Normalized(valid), tag.Version + 1);
        return await StoreAsync(tag, cancel);
    }

    /// <summary>Gives all tickets of one tag another one instead, and deletes the first, in one transaction.</summary>
    /// <param name="id">The tag that goes.</param>
    /// <param name="intoId">The tag that stays.</param>
    /// <param name="by">Who merges them.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The tag that stays, or <see cref="TagNotFound"/>, <see cref="InvalidInput"/> for a merge with itself.</returns>
    public async Task<Result<Tag>> MergeAsync(int id, int intoId, Caller by, CancellationToken cancel)
    {
        if (id == intoId)
            return new InvalidInput([new("tag", FieldErrorCode.NotAChoice, "A tag cannot be merged with itself.")]);
        return await OwnTransaction.RunAsync(db, () => MergeLockedAsync(id, intoId, by, cancel), cancel);
    }

    private async Task<Result<Tag>> MergeLockedAsync(int id, int intoId, Caller by, CancellationToken cancel)
    {
        // A tag that is locked goes to no further ticket.
        await db.LockTagsAsync([id, intoId], cancel);
        var both = await db.Tags.Where(t => t.Id == id || t.Id == intoId).ToDictionaryAsync(t => t.Id, cancel);
        if (both.Count < 2)
            return new TagNotFound();
        var kept = db.TicketTags.Where(t => t.TagId == intoId).Select(t => t.TicketId);
        await db.TicketTags.Where(t => t.TagId == id && !kept.Contains(t.TicketId))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.TagId, intoId), cancel);
        log.Add(by, AccessAction.tag_changed, about: $"{both[id].Name} into {both[intoId].Name}");
        db.Tags.Remove(both[id]);
        await db.SaveChangesAsync(cancel);
        return both[intoId];
    }

    /// <summary>Deletes a tag; no ticket has it any more.</summary>
    /// <inheritdoc cref="RenameAsync" path="/param" />
    /// <returns>The tag as it was, or <see cref="TagNotFound"/>, <see cref="StaleTag"/>.</returns>
    public async Task<Result<Tag>> DeleteAsync(int id, int? expectedVersion, Caller by, CancellationToken cancel)
    {
        if (!(await FindAsync(id, expectedVersion, cancel)).Succeeded(out var tag, out var problem))
            return problem;
        db.Tags.Remove(tag);
        log.Add(by, AccessAction.tag_deleted, about: tag.Name);
        return await StoreAsync(tag, cancel);
    }

    private async Task<Result<Tag>> FindAsync(int id, int? expectedVersion, CancellationToken cancel)
    {
        if (await db.Tags.SingleOrDefaultAsync(t => t.Id == id, cancel) is not { } tag)
            return new TagNotFound();
        return expectedVersion is { } version && version != tag.Version ? new StaleTag() : tag;
    }

    // The database decides whether the name is taken, and whether the row is still the one that was read.
    private async Task<Result<Tag>> StoreAsync(Tag tag, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return tag;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return new StaleTag();
        }
        catch (DbUpdateException error) when (DatabaseConflict.Is(error))
        {
            db.ChangeTracker.Clear();
            return new InvalidInput([new("name", FieldErrorCode.Taken, "A tag with this name exists.")]);
        }
    }
}
