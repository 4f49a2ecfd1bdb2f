namespace SupportTickets.Tickets.Totals;

/// <summary>
/// How many tickets have one combination of status, priority, category and sentiment. The database keeps it in the transaction of each
/// write. It is spread over slots, so that writers do not wait for each other: the number of a combination is the sum over its slots, of
/// which some may be negative.
/// </summary>
public sealed class TicketTotal
{
    /// <summary>The status of these tickets.</summary>
    public Status Status { get; init; }

    /// <summary>Their priority.</summary>
    public Priority Priority { get; init; }

    /// <summary>Their category.</summary>
    public Category Category { get; init; }

    /// <summary>Their sentiment.</summary>
    public Sentiment Sentiment { get; init; }

    /// <summary>The number of the slot, 0 to 15.</summary>
    public int Slot { get; init; }

    /// <summary>How many there are.</summary>
    public int Tickets { get; init; }

    /// <summary>The sum of their urgency scores.</summary>
    public long Urgency { get; init; }
}
