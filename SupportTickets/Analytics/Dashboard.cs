using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Analytics;

/// <summary>What the dashboard shows.</summary>
/// <param name="Period">The days that it is about.</param>
/// <param name="All">The figures over all tickets.</param>
/// <param name="Created">The tickets that came in during the period, as they are now.</param>
/// <param name="Figures">The figures of the period.</param>
/// <param name="PerDay">The days of the period, oldest first, none left out.</param>
/// <param name="Ages">How many tickets are unresolved now, for each range of age in <see cref="AgeRange.Buckets"/>.</param>
/// <param name="Oldest">The unresolved tickets that have waited longest.</param>
/// <param name="MostUrgent">The unresolved tickets with the highest urgency score.</param>
public sealed record Dashboard(
    Period Period, TicketStats All, TicketBreakdown Created, PeriodFigures Figures, IReadOnlyList<DayFigures> PerDay,
    IReadOnlyList<int> Ages, IReadOnlyList<WaitingTicket> Oldest, IReadOnlyList<WaitingTicket> MostUrgent)
{
    /// <summary>How many tickets are unresolved now.</summary>
    public int Unresolved => Ages.Sum();

    /// <summary>
    /// The points of a chart: one for each day, or for each seven days of a long period. The backlog of a point is the one at its
    /// end.
    /// </summary>
    public IEnumerable<Point> Points => Period.Days.Split(Period.ByWeek ? 7 : 1).Select(days =>
    {
        var of = PerDay.Skip(days.First.DayNumber - Period.Days.First.DayNumber).Take(days.Days).ToList();
        return new Point(days, of.Sum(d => d.Created), of.Sum(d => d.Resolved), of[^1].Backlog);
    });
}

/// <summary>The figures of a period, and those of the same number of days right before it.</summary>
/// <param name="Created">Tickets that came in.</param>
/// <param name="CreatedBefore">Those of the days before.</param>
/// <param name="Resolved">Tickets that were done for the last time and were not reopened since.</param>
/// <param name="ResolvedBefore">Those of the days before.</param>
/// <param name="Backlog">Tickets not done at the end of the period.</param>
/// <param name="BacklogBefore">Tickets not done at the end of the days before.</param>
/// <param name="Minutes">Average whole minutes from creation to resolution of those in <paramref name="Resolved"/>; null without
/// any.</param>
/// <param name="MinutesBefore">That of the days before.</param>
public sealed record PeriodFigures(
    int Created, int CreatedBefore, int Resolved, int ResolvedBefore, int Backlog, int BacklogBefore, double? Minutes,
    double? MinutesBefore);

/// <summary>One UTC day.</summary>
/// <param name="Date">The day.</param>
/// <param name="Created">Tickets that came in.</param>
/// <param name="Resolved">Tickets that were done on it for the last time and were not reopened since.</param>
/// <param name="Backlog">Tickets not done at the end of the day; today, so far.</param>
public sealed record DayFigures(DateOnly Date, int Created, int Resolved, int Backlog);

/// <summary>A point of a chart: one or several days, with the figures of <see cref="DayFigures"/>.</summary>
public sealed record Point(DayRange Days, int Created, int Resolved, int Backlog);

/// <summary>A ticket that is not done, in a short list.</summary>
public sealed record WaitingTicket(int Id, string Title, Priority Priority, int UrgencyScore, DateTime CreatedAt);
