using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Analytics;

/// <summary>
/// The period of the dashboard, as its address has it: <c>period=30d</c>, or <c>from</c> and <c>to</c>; UTC days, today included.
/// </summary>
/// <param name="Name">The period's name; null when its days were chosen.</param>
/// <param name="Days">Its days.</param>
public sealed record Period(string? Name, DayRange Days)
{
    /// <summary>The most days: two years, one of them a leap year.</summary>
    public const int MaxDays = 731;

    /// <summary>More days than this are shown by week, so that a chart has about a hundred points at most.</summary>
    public const int MaxPoints = 100;

    /// <summary>The periods that have a name, in days up to today.</summary>
    public static readonly IReadOnlyDictionary<string, int> Named =
        new Dictionary<string, int> { ["7d"] = 7, ["30d"] = 30, ["90d"] = 90, ["365d"] = 365 };

    private const string DefaultName = "30d";

    /// <summary>Whether its points are weeks, not days.</summary>
    public bool ByWeek => Days.Days > MaxPoints;

    /// <summary>The last 30 days.</summary>
    public static Period Default(DateOnly today) => Last(DefaultName, today);

    /// <summary>The last days that a name stands for.</summary>
    public static Period Last(string name, DateOnly today) => new(name, new(today.AddDays(1 - Named[name]), today));

    /// <summary>Reads an address. Invalid values are reported in <paramref name="errors"/> and give the default period.</summary>
    /// <param name="name">The value of <c>period</c>; null or empty when not given.</param>
    /// <param name="from">The value of <c>from</c>.</param>
    /// <param name="to">The value of <c>to</c>; empty is today.</param>
    /// <param name="today">Today's date, UTC.</param>
    /// <param name="errors">Gets sentences that say what is wrong and what to do.</param>
    public static Period Read(string? name, string? from, string? to, DateOnly today, ICollection<string> errors)
    {
        if (string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to))
        {
            if (string.IsNullOrEmpty(name)) return Default(today);
            if (Named.ContainsKey(name)) return Last(name, today);
            errors.Add("There is no such period. Choose one of those above, or enter two dates.");
        }
        else if (DayRange.ParseDay(from) is not { } first)
            errors.Add("Enter the first day of the period as a date from 2000 on, like 2026-11-01.");
        else if ((string.IsNullOrEmpty(to) ? today : DayRange.ParseDay(to)) is not { } last)
            errors.Add("Enter the last day of the period as a date, like 2026-11-23, or leave it empty for today.");
        else if (last > today)
            errors.Add("Choose a last day that is not after today (UTC).");
        else if (first > last)
            errors.Add("Choose a first day that is not after the last.");
        else if (new DayRange(first, last) is { Days: > MaxDays })
            errors.Add($"Choose a period of at most two years ({MaxDays} days).");
        else
            return new(null, new(first, last));
        return Default(today);
    }
}
