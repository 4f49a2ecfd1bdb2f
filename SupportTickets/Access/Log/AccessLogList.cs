using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.Log;

/// <summary>Which lines of the access log to show.</summary>
/// <param name="PersonId">Only what this person did, or what was done to them; null for everybody.</param>
/// <param name="Act">Only this; null for everything.</param>
public sealed record AccessLogFilter(int? PersonId, AccessAction? Act);

/// <summary>A page of the access log.</summary>
/// <param name="Rows">At most <see cref="AccessLogList.PageSize"/>, newest first.</param>
/// <param name="Next">The line after which the next page starts; null on the last page.</param>
public sealed record AccessLogPage(IReadOnlyList<AccessEntry> Rows, long? Next);

/// <summary>
/// Reads the access log, newest first. A page is one statement; each filter has an index in the same order, so deep pages cost no
/// more.
/// </summary>
public sealed class AccessLogList(TicketDb db)
{
    /// <summary>Lines on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Reads a page.</summary>
    /// <param name="filter">Which lines.</param>
    /// <param name="before">The last line of the page before; null for the first page.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<AccessLogPage> HandleAsync(AccessLogFilter filter, long? before, CancellationToken cancel)
    {
        var lines = db.AccessLog.AsNoTracking();
        if (before is { } edge)
            lines = lines.Where(e => e.Id < edge);
        if (filter.Act is { } act)
            lines = lines.Where(e => e.Act == act);
        // Two index seeks. With a single OR the database would read everything that the person ever did, or the whole log.
        var rows = filter.PersonId is { } person
            ? Newest(Newest(lines.Where(e => e.ActorId == person)).Union(Newest(lines.Where(e => e.PersonId == person))))
            : Newest(lines);
        var found = await rows.ToListAsync(cancel);
        return new([.. found.Take(PageSize)], found.Count > PageSize ? found[PageSize - 1].Id : null);
    }

    private static IQueryable<AccessEntry> Newest(IQueryable<AccessEntry> lines) => lines.OrderByDescending(e => e.Id).Take(PageSize + 1);
}
