using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Tickets.Totals;

/// <summary>
/// What happened on one UTC day, and how the tickets created on it are now. The database keeps it as it keeps <see cref="TicketTotal"/>:
/// the numbers of a day are the sums over its slots.
/// </summary>
public sealed class DayTotal
{
    /// <summary>The day.</summary>
    public DateOnly Day { get; init; }

    /// <summary>The calendar's row of <see cref="Day"/>; null outside the calendar.</summary>
    public CalendarDay? On { get; init; }

    /// <summary>The number of the slot, 0 to 15.</summary>
    public int Slot { get; init; }

    /// <summary>Tickets created on the day.</summary>
    public int Created { get; init; }

    /// <summary>Tickets that were done on it for the last time and were not reopened since.</summary>
    public int Resolved { get; init; }

    /// <summary>The whole minutes from creation to resolution of those in <see cref="Resolved"/>, added up.</summary>
    public long ResolutionMinutes { get; init; }

    /// <summary>By how much the number of done tickets grew on it, as the events tell.</summary>
    public int DoneChange { get; init; }

    /// <summary>Of those created on it: open now.</summary>
    public int StatusOpen { get; init; }

    /// <summary>Of those created on it: in progress now.</summary>
    public int StatusInProgress { get; init; }

    /// <summary>Of those created on it: resolved now.</summary>
    public int StatusResolved { get; init; }

    /// <summary>Of those created on it: closed now.</summary>
    public int StatusClosed { get; init; }

    /// <summary>Of those created on it: of low priority now.</summary>
    public int PriorityLow { get; init; }

    /// <summary>Of those created on it: of medium priority now.</summary>
    public int PriorityMedium { get; init; }

    /// <summary>Of those created on it: of high priority now.</summary>
    public int PriorityHigh { get; init; }

    /// <summary>Of those created on it: of critical priority now.</summary>
    public int PriorityCritical { get; init; }

    /// <summary>Of those created on it: about billing.</summary>
    public int CategoryBilling { get; init; }

    /// <summary>Of those created on it: about something technical.</summary>
    public int CategoryTechnical { get; init; }

    /// <summary>Of those created on it: about an account.</summary>
    public int CategoryAccount { get; init; }

    /// <summary>Of those created on it: about anything else.</summary>
    public int CategoryGeneral { get; init; }

    /// <summary>Of those created on it: calm.</summary>
    public int SentimentCalm { get; init; }

    /// <summary>Of those created on it: neutral.</summary>
    public int SentimentNeutral { get; init; }

    /// <summary>Of those created on it: frustrated.</summary>
    public int SentimentFrustrated { get; init; }

    /// <summary>Of those created on it: angry.</summary>
    public int SentimentAngry { get; init; }
}
