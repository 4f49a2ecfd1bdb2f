using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Tickets.Totals;

/// <summary>
/// What happened on one UTC day, and how the tickets created on it are now. The database keeps it as it keeps <see cref="TicketTotal"/>:
/// the numbers of a day are the sums over its slots.
/// </summary>
public sealed class DayTotal
{
    /// <summary>The day.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>The calendar's row of <see cref="Day"/>; null outside the calendar.</summary>
    public CalendarDay? On { get; private set; }

    /// <summary>The number of the slot, 0 to 15.</summary>
    public int Slot { get; private set; }

    /// <summary>Tickets created on the day.</summary>
    public int Created { get; private set; }

    /// <summary>Tickets that were done on it for the last time and were not reopened since.</summary>
    public int Resolved { get; private set; }

    /// <summary>The whole minutes from creation to resolution of those in <see cref="Resolved"/>, added up.</summary>
    public long ResolutionMinutes { get; private set; }

    /// <summary>By how much the number of done tickets grew on it, as the events tell.</summary>
    public int DoneChange { get; private set; }

    /// <summary>Of those created on it: open now.</summary>
    public int StatusOpen { get; private set; }

    /// <summary>Of those created on it: in progress now.</summary>
    public int StatusInProgress { get; private set; }

    /// <summary>Of those created on it: resolved now.</summary>
    public int StatusResolved { get; private set; }

    /// <summary>Of those created on it: closed now.</summary>
    public int StatusClosed { get; private set; }

    /// <summary>Of those created on it: of low priority now.</summary>
    public int PriorityLow { get; private set; }

    /// <summary>Of those created on it: of medium priority now.</summary>
    public int PriorityMedium { get; private set; }

    /// <summary>Of those created on it: of high priority now.</summary>
    public int PriorityHigh { get; private set; }

    /// <summary>Of those created on it: of critical priority now.</summary>
    public int PriorityCritical { get; private set; }

    /// <summary>Of those created on it: about billing.</summary>
    public int CategoryBilling { get; private set; }

    /// <summary>Of those created on it: about something technical.</summary>
    public int CategoryTechnical { get; private set; }

    /// <summary>Of those created on it: about an account.</summary>
    public int CategoryAccount { get; private set; }

    /// <summary>Of those created on it: about anything else.</summary>
    public int CategoryGeneral { get; private set; }

    /// <summary>Of those created on it: calm.</summary>
    public int SentimentCalm { get; private set; }

    /// <summary>Of those created on it: neutral.</summary>
    public int SentimentNeutral { get; private set; }

    /// <summary>Of those created on it: frustrated.</summary>
    public int SentimentFrustrated { get; private set; }

    /// <summary>Of those created on it: angry.</summary>
    public int SentimentAngry { get; private set; }
}
