using System.Globalization;

namespace SupportTickets.Tickets.Calendar;

/// <summary>UTC days from the first to the last, both included.</summary>
/// <param name="First">The first day, not after <paramref name="Last"/>.</param>
/// <param name="Last">The last day, not after <see cref="CalendarDay.Last"/>.</param>
public sealed record DayRange(DateOnly First, DateOnly Last)
{
    private const string Format = "yyyy-MM-dd";
    private const string Between = "..";

    /// <summary>How many days; at least 1.</summary>
    public int Days => Last.DayNumber - First.DayNumber + 1;

    /// <summary>Its first moment, UTC.</summary>
    public DateTime Start => First.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>The first moment after it, UTC.</summary>
    public DateTime End => Last.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>As many days as these, right before them.</summary>
    public DayRange Before => new(First.AddDays(-Days), First.AddDays(-1));

    /// <summary>A single day.</summary>
    public static DayRange Of(DateOnly day) => new(day, day);

    /// <summary>Whether a day is one of these.</summary>
    public bool Contains(DateOnly day) => First <= day && day <= Last;

    /// <summary>
    /// The days in groups of a size, in order. Groups are counted from the last day, so that the last group, where people look
    /// first, is complete; the first group may be smaller.
    /// </summary>
    public IEnumerable<DayRange> Split(int size)
    {
        for (var last = Last.AddDays(-((Days - 1) / size * size)); last <= Last; last = last.AddDays(size))
            yield return last.AddDays(1 - size) is var first && first > First ? new(first, last) : new(First, last);
    }

    /// <summary>A day of the calendar as <c>2026-11-23</c>; null for anything else.</summary>
    public static DateOnly? ParseDay(string? text) =>
        DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day >= CalendarDay.First && day <= CalendarDay.Last
            ? day
            : null;

    /// <summary>
    /// Parses <c>2026-11-01..2026-11-23</c> or a single day; null for anything else, and when the first is after the last.
    /// </summary>
    public static DayRange? Parse(string text)
    {
        var at = text.IndexOf(Between, StringComparison.Ordinal);
        var days = (First: ParseDay(at < 0 ? text : text[..at]), Last: ParseDay(at < 0 ? text : text[(at + Between.Length)..]));
        return days is ({ } first, { } last) && first <= last ? new(first, last) : null;
    }

    /// <summary>A day in the format that <see cref="ParseDay"/> reads.</summary>
    public static string Text(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => First == Last ? Text(First) : $"{Text(First)}{Between}{Text(Last)}";
}
