using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Tickets.Reading;

/// <summary>Reads tags for people: the list, and suggestions while typing.</summary>
public sealed class TagReads(TicketReads reads)
{
    /// <summary>Tags on a page.</summary>
    public const int PageSize = 100;

    /// <summary>The most suggestions.</summary>
    public const int MaxSuggested = 10;

    /// <summary>A page of tags, by name.</summary>
    /// <param name="after">The last tag of the page before; null for the first page.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<TagPage> ListAsync(int? after, CancellationToken cancel)
    {
        var tags = reads.Tags;
        if (after is { } id)
        {
            tags = tags.Where(t => string.Compare(
                t.NormalizedName, reads.Tags.Where(edge => edge.Id == id).Select(edge => edge.NormalizedName).Single()) > 0);
        }
        var rows = await tags.OrderBy(t => t.NormalizedName).Take(PageSize + 1)
            .Select(t => new TagRow(t.Id, t.Name, t.Tickets.Count, t.Version)).ToListAsync(cancel);
        return new([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    /// <summary>The names of tags for a text that somebody types; none while it is too short.</summary>
    public async Task<IReadOnlyList<SuggestedTag>> SuggestAsync(string text, CancellationToken cancel)
    {
        var part = Tag.Normalized(text.Trim());
        if (part.Length < RequesterReads.MinSuggestLength || part.Contains('\0'))
            return [];
        return await reads.Tags.Where(t => t.NormalizedName.Contains(part)).OrderBy(t => t.NormalizedName).Take(MaxSuggested)
            .Select(t => new SuggestedTag(t.Id, t.Name)).ToListAsync(cancel);
    }

    /// <summary>The tag with a name, as entered; null when there is none.</summary>
    public Task<Tag?> FindAsync(string name, CancellationToken cancel)
    {
        var normalized = Tag.Normalized(name);
        return reads.Tags.SingleOrDefaultAsync(t => t.NormalizedName == normalized, cancel);
    }
}

/// <summary>A tag as a list shows it.</summary>
/// <param name="Id">See <see cref="Tag.Id"/>.</param>
/// <param name="Name">See <see cref="Tag.Name"/>.</param>
/// <param name="Tickets">How many tickets have it.</param>
/// <param name="Version">See <see cref="Tag.Version"/>.</param>
public sealed record TagRow(int Id, string Name, int Tickets, int Version);

/// <summary>A page of tags.</summary>
/// <param name="Rows">At most <see cref="TagReads.PageSize"/>.</param>
/// <param name="Next">The tag after which the next page starts; null on the last page.</param>
public sealed record TagPage(IReadOnlyList<TagRow> Rows, int? Next);

/// <summary>A tag that is offered while somebody types.</summary>
public sealed record SuggestedTag(int Id, string Name);
