using System.Globalization;

namespace SupportTickets.Tickets.Writing;

/// <summary>
/// The events that one change of several tickets wrote. By them it can be undone, however many tickets it were, without a list of what
/// each was before.
/// </summary>
/// <param name="First">The smallest id.</param>
/// <param name="Last">The largest id. Between the two there can be events of others.</param>
/// <param name="Count">How many.</param>
public sealed record EventSpan(long First, long Last, int Count)
{
    /// <summary>The span of stored events; null when there are none.</summary>
    public static EventSpan? Of(IReadOnlyCollection<TicketEvent> events) =>
        events.Count == 0 ? null : new(events.Min(e => e.Id), events.Max(e => e.Id), events.Count);

    /// <summary>The span of two changes; null stands for a change that wrote nothing.</summary>
    public static EventSpan? Join(EventSpan? one, EventSpan? other) => (one, other) is ({ } a, { } b)
        ? new(Math.Min(a.First, b.First), Math.Max(a.Last, b.Last), a.Count + b.Count)
        : one ?? other;

    /// <summary>Parses what <see cref="ToString"/> gives; null for anything else.</summary>
    public static EventSpan? Parse(string? text) => text?.Split('.') is [var first, var last, var count]
        && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(from, to, number)
            : null;

    /// <summary>The span as a field of a form has it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}.{Last}.{Count}");
}
