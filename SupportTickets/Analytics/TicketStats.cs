using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Totals;

namespace SupportTickets.Analytics;

/// <summary>The figures over all visible tickets, or over some of them. Every breakdown has every key.</summary>
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
    /// <summary>The figures over all visible tickets, in one statement: from the totals, where these are all tickets.</summary>
    public static async Task<TicketStats> OfAsync(TicketReads reads, CancellationToken cancel)
    {
        if (!reads.EveryoneSeesAll) return await OfAsync(reads.Visible, cancel);
        var days = reads.Days;
        var rows = await reads.Totals
            .GroupBy(t => new { t.Status, t.Priority, t.Category, t.Sentiment })
            .Select(g => new Row(
                g.Key.Status, g.Key.Priority, g.Key.Category, g.Key.Sentiment, g.Sum(t => t.Tickets), g.Sum(t => t.Urgency),
                days.GroupBy(d => d.Day).Count(d => d.Sum(x => x.Created) > 0)))
            .TagWith(PreparedStatements.OnePlan)
            .ToListAsync(cancel);
        return Of(rows);
    }

    /// <summary>Counts some of the tickets in one statement: a row for each combination.</summary>
    public static async Task<TicketStats> OfAsync(IQueryable<Ticket> tickets, CancellationToken cancel)
    {
        var rows = await tickets
            .GroupBy(t => new { t.Status, t.Priority, t.Category, t.Sentiment })
            .Select(g => new Row(
                g.Key.Status, g.Key.Priority, g.Key.Category, g.Key.Sentiment,
                g.Count(), g.Sum(t => (long)t.UrgencyScore), tickets.Select(t => t.CreatedDate).Distinct().Count()))
            .ToListAsync(cancel);
        return Of(rows);
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

    private static Dictionary<TKey, int> Breakdown<TKey>(List<Row> rows, Func<Row, TKey> key) where TKey : struct, Enum
    {
        var counts = Enum.GetValues<TKey>().ToDictionary(value => value, _ => 0);
        foreach (var row in rows) counts[key(row)] += row.Count;
        return counts;
    }

    private sealed record Row(
        Status Status, Priority Priority, Category Category, Sentiment Sentiment, int Count, long Urgency, int Days);
}

/// <summary>Breakdowns of a number of tickets. Every breakdown has every key.</summary>
/// <param name="ByPriority">Tickets by priority.</param>
/// <param name="ByCategory">Tickets by category.</param>
/// <param name="BySentiment">Tickets by sentiment.</param>
/// <param name="ByStatus">Tickets by status.</param>
public sealed record TicketBreakdown(
    IReadOnlyDictionary<Priority, int> ByPriority, IReadOnlyDictionary<Category, int> ByCategory,
    IReadOnlyDictionary<Sentiment, int> BySentiment, IReadOnlyDictionary<Status, int> ByStatus)
{
    /// <summary>The tickets created on some days, in one statement.</summary>
    public static async Task<TicketBreakdown> OfCreatedAsync(IQueryable<DayTotal> days, CancellationToken cancel)
    {
        var sum = await days.GroupBy(_ => 1).Select(g => new
        {
            Status = new[]
            {
                g.Sum(d => d.StatusOpen), g.Sum(d => d.StatusInProgress), g.Sum(d => d.StatusResolved), g.Sum(d => d.StatusClosed),
            },
            Priority = new[]
            {
                g.Sum(d => d.PriorityLow), g.Sum(d => d.PriorityMedium), g.Sum(d => d.PriorityHigh), g.Sum(d => d.PriorityCritical),
            },
            Category = new[]
            {
                g.Sum(d => d.CategoryBilling), g.Sum(d => d.CategoryTechnical), g.Sum(d => d.CategoryAccount),
                g.Sum(d => d.CategoryGeneral),
            },
            Sentiment = new[]
            {
                g.Sum(d => d.SentimentCalm), g.Sum(d => d.SentimentNeutral), g.Sum(d => d.SentimentFrustrated),
                g.Sum(d => d.SentimentAngry),
            },
        }).TagWith(PreparedStatements.OnePlan).SingleOrDefaultAsync(cancel);
        return new(Of<Priority>(sum?.Priority), Of<Category>(sum?.Category), Of<Sentiment>(sum?.Sentiment), Of<Status>(sum?.Status));
    }

    // The numbers are in the order of the members.
    private static Dictionary<TKey, int> Of<TKey>(int[]? counts) where TKey : struct, Enum =>
        Enum.GetValues<TKey>().Select((member, i) => (member, i)).ToDictionary(m => m.member, m => counts?[m.i] ?? 0);
}
