using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

/// <summary>The filters of a list; a filter that is left out has no effect.</summary>
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

    /// <summary>Only tickets that are assigned to this person, or to nobody.</summary>
    public AssigneeFilter? Assignee { get; init; }

    /// <summary>Only tickets of this requester.</summary>
    public int? Requester { get; init; }

    /// <summary>Only tickets that have all tags with these names.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only tickets of these times.</summary>
    public TicketTimes Times { get; init; } = TicketTimes.Any;

    /// <summary>Only tickets that contain all terms.</summary>
    public SearchTerms Search { get; init; } = SearchTerms.None;

    /// <summary>All of it but the search.</summary>
    internal TicketFilter WithoutSearch => this with { Search = SearchTerms.None };
}

/// <summary>A filter by assignee.</summary>
/// <param name="PersonId">The person; null for nobody.</param>
public sealed record AssigneeFilter(int? PersonId);
