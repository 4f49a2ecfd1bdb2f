using SupportTickets.Analytics;
using SupportTickets.Tickets;

namespace SupportTickets.OData.Sets;

/// <summary>What Stats answers: the figures of <see cref="TicketStats"/> as rows, which a table can take.</summary>
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
    /// <summary>The figures of the core as rows.</summary>
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

/// <summary>Tickets of one status.</summary>
public sealed record StatusCount(Status Status, int Count);

/// <summary>Tickets of one priority.</summary>
public sealed record PriorityCount(Priority Priority, int Count);

/// <summary>Tickets of one category.</summary>
public sealed record CategoryCount(Category Category, int Count);

/// <summary>Tickets of one sentiment.</summary>
public sealed record SentimentCount(Sentiment Sentiment, int Count);

/// <summary>What Classify answers.</summary>
public sealed record SuggestedClassification(Category Category, Priority Priority);

/// <summary>What SuggestTitle answers.</summary>
public sealed record SuggestedTitle(string Title);
