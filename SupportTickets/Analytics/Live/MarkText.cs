using System.Globalization;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.Analytics.Live;

/// <summary>
/// A <see cref="ChangeMark"/> as text, for the page and its stream of changes. A forged mark does no harm: it only changes the
/// point from which changes are reported.
/// </summary>
internal static class MarkText
{
    private const int MaxLength = 1200; // the length of a mark with the most transactions that it may name

    /// <summary>Digits and dots: event, deletion, next transaction, running ones.</summary>
    public static string Of(ChangeMark mark)
    {
        long[] numbers = [mark.Event, mark.Deletion, mark.Next, .. mark.Running];
        return string.Join('.', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Parses what <see cref="Of"/> gives; null for anything else.</summary>
    public static ChangeMark? Parse(string? text)
    {
        if (text is null or { Length: > MaxLength }) return null;
        var numbers = new List<long>();
        foreach (var part in text.Split('.'))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            numbers.Add(number);
        }
        return numbers is [var last, var deletion, var next, .. var running] && running.Count <= ChangeMark.MaxRunning
            ? new() { Event = last, Deletion = deletion, Next = next, Running = running }
            : null;
    }
}
