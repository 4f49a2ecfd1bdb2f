using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Calendar;
using SupportTickets.Tickets.Search;
using SupportTickets.Tickets.Totals;

namespace SupportTickets.Tickets.Reading;

/// <summary>
/// The only way to read tickets: every face starts from here, so that none shows what another hides. A rule on rows belongs into a
/// query filter of the model: unlike a condition here, it also holds for navigations, which $expand and paths use.
/// </summary>
public sealed class TicketReads(TicketDb db, TimeProvider clock, CompiledReads compiled)
{
    private static readonly TicketFilter Unfiltered = new();

    /// <summary>The tickets that this caller may see, untracked.</summary>
    public IQueryable<Ticket> Visible => db.Tickets.AsNoTracking();

    /// <summary>The history of the tickets that this caller may see, untracked.</summary>
    public IQueryable<TicketEvent> VisibleEvents => db.TicketEvents.AsNoTracking();

    /// <summary>
    /// Whether every reader sees all tickets. While that is so, figures come from the totals that the database keeps; with a rule on
    /// tickets (a query filter) they are counted for each caller.
    /// </summary>
    public bool EveryoneSeesAll => db.Model.FindEntityType(typeof(Ticket))!.GetDeclaredQueryFilters().Count == 0;

    /// <summary>How many tickets there are of each combination; only while <see cref="EveryoneSeesAll"/>.</summary>
    public IQueryable<TicketTotal> Totals => EveryoneSeesAll
        ? db.TicketTotals.AsNoTracking() : throw new InvalidOperationException("The totals count tickets that not every caller may see.");

    /// <summary>The days of <see cref="Visible"/>.</summary>
    public IQueryable<DayTotal> Days => EveryoneSeesAll ? db.DayTotals.AsNoTracking() : CountedTotals.Days(Visible, VisibleEvents);

    /// <summary>The replies, and for callers who may see them the notes, untracked.</summary>
    public IQueryable<Comment> Comments => db.Comments.AsNoTracking();

    /// <summary>Those who ask for help, untracked.</summary>
    public IQueryable<Requester> Requesters => db.Requesters.AsNoTracking();

    /// <summary>The tags, untracked.</summary>
    public IQueryable<Tag> Tags => db.Tags.AsNoTracking();

    /// <summary>Which ticket has which tag, untracked.</summary>
    public IQueryable<TicketTag> TicketTags => db.TicketTags.AsNoTracking();

    /// <summary>The files of tickets and of visible comments, untracked, without their content.</summary>
    public IQueryable<Attachment> Attachments => db.Attachments.AsNoTracking();

    /// <summary>The calendar, untracked; the same for every caller.</summary>
    public IQueryable<CalendarDay> Calendar => db.Calendar.AsNoTracking();

    /// <summary>
    /// The agents, untracked: people who can be assigned, and people who still have tickets. Every agent that a visible ticket
    /// leads to has a ticket, so navigations need no condition.
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
        if (filter.Requester is { } requester) tickets = tickets.Where(t => t.RequesterId == requester);
        foreach (var name in filter.Tags.Select(Tag.Normalized))
        {
            // A list of keys: with a condition on each ticket, a rare tag would cost a look at all of them.
            var tagged = TicketTags.Where(tag => tag.Tag!.NormalizedName == name).Select(tag => tag.TicketId);
            tickets = tickets.Where(t => tagged.Contains(t.Id));
        }
        return db.Search(filter.Times.Of(tickets, clock.Now()), filter.Search);
    }

    /// <inheritdoc cref="TextSearch.SearchTexts" />
    public IQueryable<Ticket> SearchTexts(IQueryable<Ticket> tickets, SearchTerms search) => db.SearchTexts(tickets, search);

    /// <inheritdoc cref="TextSearch.HasIndexFor" />
    public bool HasIndexFor(SearchTerms search) => db.HasIndexFor(search);

    /// <inheritdoc cref="TextSearch.IdsInIndex" />
    public IQueryable<int>? IdsInIndex(SearchTerms search, int most) => db.IdsInIndex(search, most);

    /// <inheritdoc cref="TextSearch.MayContain" />
    public IQueryable<Ticket> MayContain(IQueryable<Ticket> tickets, string text) => db.MayContain(tickets, text);

    /// <summary>
    /// How many visible tickets pass the filter, from the totals; null where the filter asks for more than they have.
    /// </summary>
    public IQueryable<int>? Counted(TicketFilter filter)
    {
        if (!IsUnfiltered(filter with { Category = null, Priority = null, Status = null, Sentiment = null }) || !EveryoneSeesAll)
            return null;
        var totals = Totals;
        if (filter.Category is { } category) totals = totals.Where(t => t.Category == category);
        if (filter.Priority is { } priority) totals = totals.Where(t => t.Priority == priority);
        if (filter.Status is { } status) totals = totals.Where(t => t.Status == status);
        if (filter.Sentiment is { } sentiment) totals = totals.Where(t => t.Sentiment == sentiment);
        return totals.Select(t => t.Tickets);
    }

    /// <summary>
    /// The ids of visible tickets that pass the filter, not more than a number, from the index of the search alone; null where the filter
    /// asks for more than a search, or the index cannot tell.
    /// </summary>
    public IQueryable<int>? IdsInIndex(TicketFilter filter, int most) =>
        EveryoneSeesAll && IsUnfiltered(filter.WithoutSearch) ? IdsInIndex(filter.Search, most) : null;

    /// <inheritdoc cref="TicketDb.SnapshotAsync" />
    public Task<IAsyncDisposable?> SnapshotAsync(CancellationToken cancel) => db.SnapshotAsync(cancel);

    /// <summary>One visible ticket, or null.</summary>
    public Task<Ticket?> FindAsync(int id, CancellationToken cancel) => compiled.TicketWithId(db, id, cancel);

    /// <summary>One visible ticket with its requester, or null.</summary>
    public Task<Ticket?> FindWithRequesterAsync(int id, CancellationToken cancel) =>
        Visible.Include(t => t.Requester).SingleOrDefaultAsync(t => t.Id == id, cancel);

    /// <summary>The id of the newest event of a ticket that this caller may see; 0 where there is none, as for a deleted ticket.</summary>
    public Task<long> NewestEventAsync(int id, CancellationToken cancel) =>
        VisibleEvents.Where(e => e.TicketId == id).OrderByDescending(e => e.Id).Select(e => e.Id).FirstOrDefaultAsync(cancel);

    /// <summary>Whether there was such a ticket, which has been deleted.</summary>
    public Task<bool> WasDeletedAsync(int id, CancellationToken cancel) => db.TicketDeletions.AnyAsync(d => d.TicketId == id, cancel);

    /// <summary>Whether there is such a visible ticket.</summary>
    public Task<bool> ExistsAsync(int id, CancellationToken cancel) => Visible.AnyAsync(t => t.Id == id, cancel);

    private static bool IsUnfiltered(TicketFilter filter)
    {
        if (filter.Tags.Count == 0) filter = filter with { Tags = Unfiltered.Tags };
        if (filter.Search.IsEmpty) filter = filter with { Search = Unfiltered.Search };
        return filter == Unfiltered;
    }
}
