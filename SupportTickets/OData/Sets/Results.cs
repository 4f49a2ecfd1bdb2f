using SupportTickets.Analytics;
using SupportTickets.Tickets;

namespace SupportTickets.OData.Sets;

/// <summary>The result of Stats: the figures of <see cref="TicketStats"/>, with breakdowns as rows for a table.</summary>
public sealed record Statistics(
    int Total,
    int Open,
    double AveragePerDay,
    double AverageUrgencyScore,
    IReadOnlyList<StatusCount> ByStatus,
    IReadOnlyList<PriorityCount> ByPriority,
    IReadOnlyList<CategoryCount> ByCategory,
    IReadOnlyList<SentimentCount> BySentiment)
{
    /// <summary>Converts the figures of the core.</summary>
    public static Statistics Of(TicketStats stats) => new(
        stats.Total,
        stats.Open,
        stats.PerDay,
        stats.AverageUrgency,
        [.. stats.ByStatus.OrderBy(row => row.Key).Select(row => new StatusCount(row.Key, row.Value))],
        [.. stats.ByPriority.OrderBy(row => row.Key).Select(row => new PriorityCount(row.Key, row.Value))],
        [.. stats.ByCategory.OrderBy(row => row.Key).Select(row => new CategoryCount(row.Key, row.Value))],
        [.. stats.BySentiment.OrderBy(row => row.Key).Select(row => new SentimentCount(row.Key, row.Value))]);
}

/// <summary>The number of tickets with a status.</summary>
public sealed record StatusCount(Status Status, int Count);

/// <summary>The number of tickets with a priority.</summary>
public sealed record PriorityCount(Priority Priority, int Count);

/// <summary>The number of tickets with a category.</summary>
public sealed record CategoryCount(Category Category, int Count);

/// <summary>The number of tickets with a sentiment.</summary>
public sealed record SentimentCount(Sentiment Sentiment, int Count);

/// <summary>The result of Classify.</summary>
public sealed record SuggestedClassification(Category Category, Priority Priority);

/// <summary>The result of SuggestTitle.</summary>
public sealed record SuggestedTitle(string Title);
