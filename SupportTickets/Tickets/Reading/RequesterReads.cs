using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

/// <summary>Reads requesters for people: the list, suggestions while typing, and the tickets of one.</summary>
public sealed class RequesterReads(TicketReads reads, TicketDb db)
{
    /// <summary>Requesters, or tickets of one, on a page.</summary>
    public const int PageSize = 50;

    /// <summary>The most suggestions.</summary>
    public const int MaxSuggested = 10;

    /// <summary>The shortest text that gets suggestions, in UTF-16 units: a shorter one fits nearly everybody.</summary>
    public const int MinSuggestLength = 2;

    /// <summary>A page of requesters, by name.</summary>
    /// <param name="search">Parts of name, e-mail address or organization.</param>
    /// <param name="after">The last requester of the page before; null for the first page.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<RequesterPage> ListAsync(SearchTerms search, int? after, CancellationToken cancel)
    {
        var requesters = db.Search(reads.Requesters, search);
        if (after is { } id)
        {
            var edge = reads.Requesters.Where(r => r.Id == id).Select(r => r.Name);
            // The bound on the name alone looks redundant, but the database needs it for the index seek.
            requesters = requesters.Where(r => string.Compare(r.Name, edge.Single()) >= 0
                && (string.Compare(r.Name, edge.Single()) > 0 || r.Id > id));
        }
        var rows = await requesters.OrderBy(r => r.Name).ThenBy(r => r.Id).Take(PageSize + 1)
            .Select(r => new RequesterRow(
                r.Id, r.Name, r.Email, r.Organization, r.Tickets.Count,
                r.Tickets.Count(t => t.Status == Status.open || t.Status == Status.in_progress)))
            .ToListAsync(cancel);
        return new([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    /// <summary>
    /// Requesters for a text that somebody types; none while it is shorter than <see cref="MinSuggestLength"/> or has no term.
    /// </summary>
    public async Task<IReadOnlyList<SuggestedRequester>> SuggestAsync(string text, CancellationToken cancel)
    {
        if (text.Trim().Length < MinSuggestLength || !SearchTerms.Parse(text).Succeeded(out var search, out _) || search.IsEmpty)
            return [];
        return await db.Search(reads.Requesters, search).OrderBy(r => r.Name).ThenBy(r => r.Id).Take(MaxSuggested)
            .Select(r => new SuggestedRequester(r.Id, r.Name, r.Email, r.Organization)).ToListAsync(cancel);
    }

    /// <summary>The requester with an id; null when there is none.</summary>
    public Task<Requester?> FindAsync(int id, CancellationToken cancel) => reads.Requesters.SingleOrDefaultAsync(r => r.Id == id, cancel);

    /// <summary>The requester with an e-mail address, as entered; null when there is none.</summary>
    public async Task<Requester?> FindAsync(string email, CancellationToken cancel)
    {
        var normalized = Requester.Normalized(email.Trim());
        // PostgreSQL stores no such character, and takes it in no question.
        return normalized.Contains('\0') ? null : await reads.Requesters.SingleOrDefaultAsync(r => r.NormalizedEmail == normalized, cancel);
    }

    /// <summary>A page of the tickets of a requester: open ones first, then the newest.</summary>
    /// <param name="id">The requester.</param>
    /// <param name="cursor">The edge of the page before, whose key is the status; null for the first page.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<RequesterTicketPage> TicketsAsync(int id, TicketCursor? cursor, CancellationToken cancel)
    {
        var tickets = reads.Visible.Where(t => t.RequesterId == id);
        if (cursor is { Key: var status, CreatedAt: var at, Id: var last })
        {
            tickets = tickets.Where(t => (int)t.Status > status
                || ((int)t.Status == status && (t.CreatedAt < at || (t.CreatedAt == at && t.Id < last))));
        }
        var rows = await tickets.OrderBy(t => t.Status).ThenByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id).Take(PageSize + 1)
            .Select(t => new RequesterTicket(t.Id, t.Title, t.Status, t.Priority, t.CreatedAt)).ToListAsync(cancel);
        return new(
            [.. rows.Take(PageSize)],
            rows.Count > PageSize && rows[PageSize - 1] is var edge
                ? new((int)edge.Status, edge.CreatedAt, edge.Id, 1, Forward: true)
                : null);
    }
}

/// <summary>A requester as a list shows them.</summary>
/// <param name="Id">See <see cref="Requester.Id"/>.</param>
/// <param name="Name">See <see cref="Requester.Name"/>.</param>
/// <param name="Email">See <see cref="Requester.Email"/>.</param>
/// <param name="Organization">See <see cref="Requester.Organization"/>.</param>
/// <param name="Tickets">How many tickets they have.</param>
/// <param name="Open">How many of these are not done.</param>
public sealed record RequesterRow(int Id, string Name, string Email, string? Organization, int Tickets, int Open);

/// <summary>A page of requesters.</summary>
/// <param name="Rows">At most <see cref="RequesterReads.PageSize"/>.</param>
/// <param name="Next">The requester after whom the next page starts; null on the last page.</param>
public sealed record RequesterPage(IReadOnlyList<RequesterRow> Rows, int? Next);

/// <summary>A requester who is offered while somebody types.</summary>
public sealed record SuggestedRequester(int Id, string Name, string Email, string? Organization);

/// <summary>A ticket of a requester.</summary>
public sealed record RequesterTicket(int Id, string Title, Status Status, Priority Priority, DateTime CreatedAt);

/// <summary>A page of the tickets of a requester.</summary>
/// <param name="Rows">At most <see cref="RequesterReads.PageSize"/>.</param>
/// <param name="Next">The edge of the next page; null on the last page.</param>
public sealed record RequesterTicketPage(IReadOnlyList<RequesterTicket> Rows, TicketCursor? Next);
