namespace SupportTickets.Tickets.Calendar;

/// <summary>
/// One day of the calendar, with everything reports group days by. Weeks are those of ISO 8601: they start on Monday
/// and belong to the year that has their Thursday. The rows are made by a migration and never change.
/// </summary>
public sealed class CalendarDay
{
    /// <summary>The first day in the table.</summary>
    public static readonly DateOnly First = new(2000, 1, 1);

    /// <summary>The last day in the table.</summary>
    public static readonly DateOnly Last = new(2099, 12, 31);

    /// <summary>The day as a number, YYYYMMDD.</summary>
    public int Key { get; private set; }

    /// <summary>The day.</summary>
    public DateOnly Date { get; private set; }

    /// <summary>The calendar year.</summary>
    public int Year { get; private set; }

    /// <summary>The quarter, 1 to 4.</summary>
    public int Quarter { get; private set; }

    /// <summary>The month, 1 to 12.</summary>
    public int Month { get; private set; }

    /// <summary>The month's name in English.</summary>
    public string MonthName { get; private set; } = "";

    /// <summary>The year that the ISO week belongs to.</summary>
    public int IsoYear { get; private set; }

    /// <summary>The number of the ISO week, 1 to 53.</summary>
    public int IsoWeek { get; private set; }

    /// <summary>The day of the week, 1 (Monday) to 7 (Sunday).</summary>
    public int Weekday { get; private set; }

    /// <summary>The weekday's name in English.</summary>
    public string WeekdayName { get; private set; } = "";

    /// <summary>The day of the month, 1 to 31.</summary>
    public int DayOfMonth { get; private set; }

    /// <summary>The day of the year, 1 to 366.</summary>
    public int DayOfYear { get; private set; }

    /// <summary>The Monday of the ISO week.</summary>
    public DateOnly WeekStart { get; private set; }

    /// <summary>The first day of the month.</summary>
    public DateOnly MonthStart { get; private set; }

    /// <summary>Whether it is a Saturday or Sunday.</summary>
    public bool IsWeekend { get; private set; }

    /// <summary>Whether it is a Sunday.</summary>
    public bool IsLastDayOfWeek { get; private set; }

    /// <summary>Whether it is the last day of its month.</summary>
    public bool IsLastDayOfMonth { get; private set; }

    /// <summary>Whether it is the last day of its quarter.</summary>
    public bool IsLastDayOfQuarter { get; private set; }

    /// <summary>Whether it is 31 December.</summary>
    public bool IsLastDayOfYear { get; private set; }
}
