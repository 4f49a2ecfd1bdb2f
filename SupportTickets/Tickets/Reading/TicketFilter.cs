using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

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
