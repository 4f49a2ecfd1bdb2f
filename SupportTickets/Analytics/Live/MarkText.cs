using System.Globalization;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.Analytics.Live;

/// <summary>
/// A <see cref="ChangeMark"/> as a page and the stream of changes carry it. Somebody who makes one up can only choose from where
/// on they are told of changes.
/// </summary>
internal static class MarkText
{
    private const int MaxLength = 1200; // that of a mark with as many transactions as one may name

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
