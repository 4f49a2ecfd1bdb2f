using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Tags;

/// <summary>
/// Adds tags to a ticket and takes tags away, with an event for each, in one transaction: the open one, if there is one. A tag that
/// does not exist yet is created.
/// </summary>
public sealed class TagTickets(TicketDb db, TimeProvider clock)
{
    /// <summary>Changes the tags of a ticket.</summary>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="add">The names of tags to add; those that it has already stay.</param>
    /// <param name="remove">The names of tags to take away; those that it does not have are ignored.</param>
    /// <param name="origin">Who does it, and through which channel.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The ticket, or <see cref="InvalidInput"/>, <see cref="TicketNotFound"/>.</returns>
    public async Task<Result<Ticket>> HandleAsync(
        int ticketId, IReadOnlyCollection<string?> add, IReadOnlyCollection<string?> remove, Origin origin, CancellationToken cancel)
    {
        if (!TagValidator.Names(add).Succeeded(out var added, out var problem)
            || !TagValidator.Names(remove).Succeeded(out var removed, out problem))
            return problem;
        return await OptimisticWrite.WriteAsync(db, ticketId, expectedVersion: null, async ticket =>
        {
            var now = clock.Now();
            var has = await db.TicketTags.Include(t => t.Tag).Where(t => t.TicketId == ticketId).ToListAsync(cancel);
            foreach (var gone in has.Where(t => removed.Any(name => Tag.Normalized(name) == t.Tag!.NormalizedName)).ToList())
            {
                has.Remove(gone);
                db.TicketTags.Remove(gone);
                ticket.Tagged(gone.Tag!.Name, null, now, origin);
            }
            foreach (var name in added.Where(name => has.TrueForAll(t => t.Tag!.NormalizedName != Tag.Normalized(name))))
            {
                var tag = await FindOrAddAsync(name, now, cancel);
                var link = new TicketTag { TicketId = ticketId, TagId = tag.Id, Tag = tag, AddedAt = now };
                has.Add(link);
                db.TicketTags.Add(link);
                ticket.Tagged(null, tag.Name, now, origin);
            }
            return has.Count > TagValidator.MaxTags ? new InvalidInput([TagValidator.TooMany()]) : null;
        }, cancel, locked: true);
    }

    private Task<Tag> FindOrAddAsync(string name, DateTime now, CancellationToken cancel)
    {
        var normalized = Tag.Normalized(name);
        return FindOrAdd.RunAsync(
            add: () => db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO tags (name, normalized_name, created_at, version)
                VALUES ({name}, {normalized}, {now}, 1) ON CONFLICT (normalized_name) DO NOTHING
                """, cancel),
            find: () => db.Tags.SingleOrDefaultAsync(t => t.NormalizedName == normalized, cancel));
    }
}
