using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets;

/// <summary>Which tickets a list shows; everything left out does not filter.</summary>
public sealed record TicketFilter
{
    /// <summary>Only this category.</summary>
    public Category? Category { get; init; }

    /// <summary>Only this priority.</summary>
    public Priority? Priority { get; init; }

    /// <summary>Only this status.</summary>
    public Status? Status { get; init; }

    /// <summary>Only this sentiment.</summary>
    public Sentiment? Sentiment { get; init; }

    /// <summary>Only tickets that this person works on, or nobody.</summary>
    public AssigneeFilter? Assignee { get; init; }

    /// <summary>Only tickets of these times.</summary>
    public TicketTimes Times { get; init; } = TicketTimes.Any;

    /// <summary>Only tickets that contain all terms.</summary>
    public SearchTerms Search { get; init; } = SearchTerms.None;
}

/// <summary>Who works on the tickets of a list.</summary>
/// <param name="PersonId">The person; null for nobody.</param>
public sealed record AssigneeFilter(int? PersonId);

/// <summary>
/// The one way to read tickets: every face starts from here, so none can show what another hides. A rule on rows is a
/// query filter of the model: unlike a condition here it holds on navigations too, which $expand and paths go by.
/// </summary>
public sealed class TicketReads(TicketDb db, TimeProvider clock)
{
    /// <summary>The tickets that this caller may see, untracked.</summary>
    public IQueryable<Ticket> Visible => db.Tickets.AsNoTracking();

    /// <summary>The history of the tickets that this caller may see, untracked.</summary>
    public IQueryable<TicketEvent> VisibleEvents => db.TicketEvents.AsNoTracking();

    /// <summary>The calendar, untracked; the same for every caller.</summary>
    public IQueryable<CalendarDay> Calendar => db.Calendar.AsNoTracking();

    /// <summary>
    /// The agents, untracked: who can be assigned, and whoever has tickets still. The second is true of everybody whom a visible
    /// ticket leads to, so navigations need no condition.
    /// </summary>
    public IQueryable<Agent> Agents => db.Agents.AsNoTracking().Where(a => a.IsActive || a.Tickets.Any());

    /// <summary>The visible tickets that pass the filter, in no order.</summary>
    public IQueryable<Ticket> Matching(TicketFilter filter)
    {
        var tickets = Visible;
        if (filter.Category is { } category) tickets = tickets.Where(t => t.Category == category);
        if (filter.Priority is { } priority) tickets = tickets.Where(t => t.Priority == priority);
        if (filter.Status is { } status) tickets = tickets.Where(t => t.Status == status);
        if (filter.Sentiment is { } sentiment) tickets = tickets.Where(t => t.Sentiment == sentiment);
        if (filter.Assignee is { PersonId: var assignee }) tickets = tickets.Where(t => t.AssigneeId == assignee);
        return db.Search(filter.Times.Of(tickets, clock.Now()), filter.Search);
    }

    /// <inheritdoc cref="TicketDb.SnapshotAsync" />
    public Task<IAsyncDisposable?> SnapshotAsync(CancellationToken cancel) => db.SnapshotAsync(cancel);

    /// <summary>One visible ticket, or null.</summary>
    public Task<Ticket?> FindAsync(int id, CancellationToken cancel) => Visible.SingleOrDefaultAsync(t => t.Id == id, cancel);

    /// <summary>Whether there is such a visible ticket.</summary>
    public Task<bool> ExistsAsync(int id, CancellationToken cancel) => Visible.AnyAsync(t => t.Id == id, cancel);
}
