using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Tickets.Totals;

/// <summary>
/// Totals of some of the tickets, counted when they are read: for callers who may not see all of them. Each row stands for one ticket or
/// event, and readers add them up as they add up the slots.
/// </summary>
internal static class CountedTotals
{
    /// <summary>The days of some tickets.</summary>
    /// <param name="tickets">The tickets.</param>
    /// <param name="events">Their events.</param>
    public static IQueryable<DayTotal> Days(IQueryable<Ticket> tickets, IQueryable<TicketEvent> events)
    {
        var created = tickets.Select(t => new DayTotal
        {
            Day = t.CreatedDate,
            Created = 1,
            Resolved = 0,
            ResolutionMinutes = 0,
            DoneChange = 0,
            StatusOpen = t.Status == Status.open ? 1 : 0,
            StatusInProgress = t.Status == Status.in_progress ? 1 : 0,
            StatusResolved = t.Status == Status.resolved ? 1 : 0,
            StatusClosed = t.Status == Status.closed ? 1 : 0,
            PriorityLow = t.Priority == Priority.low ? 1 : 0,
            PriorityMedium = t.Priority == Priority.medium ? 1 : 0,
            PriorityHigh = t.Priority == Priority.high ? 1 : 0,
            PriorityCritical = t.Priority == Priority.critical ? 1 : 0,
            CategoryBilling = t.Category == Category.billing ? 1 : 0,
            CategoryTechnical = t.Category == Category.technical ? 1 : 0,
            CategoryAccount = t.Category == Category.account ? 1 : 0,
            CategoryGeneral = t.Category == Category.general ? 1 : 0,
            SentimentCalm = t.Sentiment == Sentiment.calm ? 1 : 0,
            SentimentNeutral = t.Sentiment == Sentiment.neutral ? 1 : 0,
            SentimentFrustrated = t.Sentiment == Sentiment.frustrated ? 1 : 0,
            SentimentAngry = t.Sentiment == Sentiment.angry ? 1 : 0,
        });
        var others = tickets.Where(t => t.ResolvedDate != null)
            .Select(t => new { Day = t.ResolvedDate!.Value, Resolved = 1, Minutes = (long)t.ResolutionMinutes!.Value, Done = 0 })
            .Concat(events.Select(e => new { e.Date, Done = EF.Property<int?>(e, TicketTables.DoneChange) }).Where(e => e.Done != null)
                .Select(e => new { Day = e.Date, Resolved = 0, Minutes = 0L, Done = e.Done!.Value }));
        return created.Concat(others.Select(o => new DayTotal
        {
            Day = o.Day,
            Created = 0,
            Resolved = o.Resolved,
            ResolutionMinutes = o.Minutes,
            DoneChange = o.Done,
            StatusOpen = 0,
            StatusInProgress = 0,
            StatusResolved = 0,
            StatusClosed = 0,
            PriorityLow = 0,
            PriorityMedium = 0,
            PriorityHigh = 0,
            PriorityCritical = 0,
            CategoryBilling = 0,
            CategoryTechnical = 0,
            CategoryAccount = 0,
            CategoryGeneral = 0,
            SentimentCalm = 0,
            SentimentNeutral = 0,
            SentimentFrustrated = 0,
            SentimentAngry = 0,
        }));
    }
}
