using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Analytics;

/// <summary>The figures over all visible tickets. Every breakdown has every key.</summary>
/// <param name="Total">Tickets.</param>
/// <param name="Open">Tickets whose status is open.</param>
/// <param name="PerDay">Average number of tickets over the UTC days on which any came in; 0 without tickets.</param>
/// <param name="ByPriority">Tickets by priority.</param>
/// <param name="ByCategory">Tickets by category.</param>
/// <param name="BySentiment">Tickets by sentiment.</param>
/// <param name="ByStatus">Tickets by status.</param>
/// <param name="AverageUrgency">Average urgency score, 0 to 100; 0 without tickets.</param>
public sealed record TicketStats(
    int Total,
    int Open,
    double PerDay,
    IReadOnlyDictionary<Priority, int> ByPriority,
    IReadOnlyDictionary<Category, int> ByCategory,
    IReadOnlyDictionary<Sentiment, int> BySentiment,
    IReadOnlyDictionary<Status, int> ByStatus,
    double AverageUrgency)
{
    /// <summary>Counts tickets in one statement: a row for each combination, answered from an index alone.</summary>
    public static async Task<TicketStats> OfAsync(IQueryable<Ticket> tickets, CancellationToken cancel)
    {
        var rows = await tickets
            .GroupBy(t => new { t.Status, t.Priority, t.Category, t.Sentiment })
            .Select(g => new Row(
                g.Key.Status, g.Key.Priority, g.Key.Category, g.Key.Sentiment,
                g.Count(), g.Sum(t => (long)t.UrgencyScore), tickets.Select(t => t.CreatedDate).Distinct().Count(), 0))
            .ToListAsync(cancel);
        return Of(rows);
    }

    /// <summary>The statistics, and the tickets created on some days, both from one scan of the index.</summary>
    public static async Task<(TicketStats All, TicketBreakdown Created)> OfAsync(
        IQueryable<Ticket> tickets, DayRange days, CancellationToken cancel)
    {
        var (start, end) = (days.Start, days.End);
        // Counts conditionally instead of filtering: with a filter the database would use an index by time and look up each ticket from it.
        var rows = await tickets
            .GroupBy(t => new { t.Status, t.Priority, t.Category, t.Sentiment })
            .Select(g => new Row(
                g.Key.Status, g.Key.Priority, g.Key.Category, g.Key.Sentiment,
                g.Count(), g.Sum(t => (long)t.UrgencyScore), tickets.Select(t => t.CreatedDate).Distinct().Count(),
                g.Sum(t => t.CreatedAt >= start && t.CreatedAt < end ? 1 : 0)))
            .ToListAsync(cancel);
        var created = rows.ConvertAll(r => r with { Count = r.Created });
        return (Of(rows), new(
            Breakdown(created, r => r.Priority),
            Breakdown(created, r => r.Category),
            Breakdown(created, r => r.Sentiment),
            Breakdown(created, r => r.Status)));
    }

    private static TicketStats Of(List<Row> rows)
    {
        var total = rows.Sum(r => r.Count);
        return new(
            total,
            rows.Where(r => r.Status == Status.open).Sum(r => r.Count),
            total == 0 ? 0 : (double)total / rows[0].Days,
            Breakdown(rows, r => r.Priority),
            Breakdown(rows, r => r.Category),
            Breakdown(rows, r => r.Sentiment),
            Breakdown(rows, r => r.Status),
            total == 0 ? 0 : (double)rows.Sum(r => r.Urgency) / total);
    }

    private static Dictionary<TKey, int> Breakdown<TKey>(List<Row> rows, Func<Row, TKey> key) where TKey : struct, Enum =>
        Enum.GetValues<TKey>().ToDictionary(value => value, value => rows.Where(r => key(r).Equals(value)).Sum(r => r.Count));

    private sealed record Row(
        Status Status, Priority Priority, Category Category, Sentiment Sentiment, int Count, long Urgency, int Days, int Created);
}

/// <summary>Breakdowns of a number of tickets. Every breakdown has every key.</summary>
/// <param name="ByPriority">Tickets by priority.</param>
/// <param name="ByCategory">Tickets by category.</param>
/// <param name="BySentiment">Tickets by sentiment.</param>
/// <param name="ByStatus">Tickets by status.</param>
public sealed record TicketBreakdown(
    IReadOnlyDictionary<Priority, int> ByPriority, IReadOnlyDictionary<Category, int> ByCategory,
    IReadOnlyDictionary<Sentiment, int> BySentiment, IReadOnlyDictionary<Status, int> ByStatus);
