using SupportTickets.Tickets.Calendar;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Views;

/// <summary>
/// The time filters in a list's address: <c>open=true</c>, <c>created</c> and <c>resolved</c> with days, <c>backlog</c> with a day,
/// <c>age</c> in days.
/// </summary>
internal static class ListTimes
{
    /// <summary>Reads the filters. Invalid ones are left out and reported in <paramref name="errors"/>.</summary>
    public static TicketTimes Read(IQueryCollection query, ICollection<string> errors)
    {
        return new()
        {
            Unresolved = One("open", text => text == "true" ? (bool?)true : null, "true") ?? false,
            Created = One("created", DayRange.Parse, "a day like 2026-11-01, or days like 2026-11-01..2026-11-23"),
            Resolved = One("resolved", DayRange.Parse, "a day like 2026-11-01, or days like 2026-11-01..2026-11-23"),
            UnresolvedAt = One("backlog", DayRange.ParseDay, "a day like 2026-11-01"),
            Age = One("age", AgeRange.Parse, "days like 3-7, or 30- for 30 days and more"),
        };

        T? One<T>(string name, Func<string, T?> parse, string form)
        {
            if (query[name] is not [.., { Length: > 0 } text]) return default;
            var value = parse(text);
            if (value is null) errors.Add($"The filter “{name}” takes {form}.");
            return value;
        }
    }

    /// <summary>The active filters: a label for each, and the filters without it.</summary>
    public static IEnumerable<(string Label, TicketTimes Without)> Filters(this TicketTimes times)
    {
        if (times.Unresolved) yield return ("Unresolved", times with { Unresolved = false });
        if (times.UnresolvedAt is { } day)
            yield return ($"Unresolved at the end of {Words.Days(DayRange.Of(day))}, UTC", times with { UnresolvedAt = null });
        if (times.Age is { } age) yield return ($"Age: {Words.Of(age).ToLowerInvariant()}", times with { Age = null });
        if (times.Created is { } created) yield return ($"Created {Words.Days(created)}, UTC", times with { Created = null });
        if (times.Resolved is { } resolved) yield return ($"Resolved {Words.Days(resolved)}, UTC", times with { Resolved = null });
    }

    /// <summary>The parameters that <see cref="Read"/> reads.</summary>
    public static IEnumerable<(string Name, string Value)> Parameters(this TicketTimes times)
    {
        if (times.Unresolved) yield return ("open", "true");
        if (times.UnresolvedAt is { } day) yield return ("backlog", DayRange.Text(day));
        if (times.Age is { } age) yield return ("age", age.ToString());
        if (times.Created is { } created) yield return ("created", created.ToString());
        if (times.Resolved is { } resolved) yield return ("resolved", resolved.ToString());
    }
}
