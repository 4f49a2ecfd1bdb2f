using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Maintenance;

/// <summary>What the seeded tickets refer to, with the keys that it has in the database.</summary>
/// <param name="Requesters">Those who ask.</param>
/// <param name="Tags">The tags, by name.</param>
internal sealed record SeedDesk(IReadOnlyList<Requester> Requesters, IReadOnlyDictionary<string, Tag> Tags)
{
    /// <summary>The lists with the keys that they get in an empty database.</summary>
    public static SeedDesk Unsaved(int tickets, int seed, DateTime now)
    {
        var requesters = SeedPeople.Make(tickets, seed, now);
        foreach (var (index, requester) in requesters.Index()) requester.Id = index + 1;
        var tags = SeedLists.Tags(now);
        foreach (var (index, tag) in tags.Index()) tag.Id = index + 1;
        return new(requesters, tags.ToDictionary(tag => tag.Name));
    }
}

/// <summary>Stores requesters and tags before the tickets. Those that are there already, from an earlier run, are used again.</summary>
internal static class SeedLists
{
    private const int BatchSize = 500;

    /// <summary>The tags that tickets get.</summary>
    public static IReadOnlyList<Tag> Tags(DateTime now) =>
    [
        .. SeedReplies.AllTags.Select(name => new Tag
        {
            Name = name,
            NormalizedName = Tag.Normalized(name),
            CreatedAt = now.AddDays(-365),
        }),
    ];

    /// <summary>Stores requesters.</summary>
    /// <returns>The same people, in their order, as they are stored.</returns>
    public static async Task<IReadOnlyList<Requester>> StoreAsync(TicketDb db, IReadOnlyList<Requester> people, CancellationToken cancel)
    {
        var stored = new List<Requester>(people.Count);
        foreach (var batch in people.Chunk(BatchSize))
        {
            var addresses = batch.Select(r => r.NormalizedEmail).ToList();
            var known = await db.Requesters.AsNoTracking().Where(r => addresses.Contains(r.NormalizedEmail))
                .ToDictionaryAsync(r => r.NormalizedEmail, cancel);
            db.Requesters.AddRange(batch.Where(r => !known.ContainsKey(r.NormalizedEmail)));
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            stored.AddRange(batch.Select(r => known.GetValueOrDefault(r.NormalizedEmail, r)));
        }
        return stored;
    }

    /// <summary>Stores the tags.</summary>
    public static async Task<IReadOnlyDictionary<string, Tag>> StoreTagsAsync(TicketDb db, DateTime now, CancellationToken cancel)
    {
        var tags = Tags(now);
        var names = tags.Select(t => t.NormalizedName).ToList();
        var known = await db.Tags.AsNoTracking().Where(t => names.Contains(t.NormalizedName))
            .ToDictionaryAsync(t => t.NormalizedName, cancel);
        db.Tags.AddRange(tags.Where(t => !known.ContainsKey(t.NormalizedName)));
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return tags.ToDictionary(t => t.Name, t => known.GetValueOrDefault(t.NormalizedName, t));
    }
}
