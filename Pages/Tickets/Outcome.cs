using System.Globalization;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>What was done to several tickets.</summary>
public enum OutcomeKind
{
    /// <summary>Some of their values were changed.</summary>
    Changed,

    /// <summary>They were resolved, and nothing else.</summary>
    Resolved,

    /// <summary>They were closed, and nothing else.</summary>
    Closed,

    /// <summary>A change of them was undone.</summary>
    Undone,
}

/// <summary>
/// The result of a change of several tickets, kept in a cookie during the redirect to the list. It contains only numbers, and only the
/// first refused tickets, because texts for a thousand tickets would not fit into a request.
/// </summary>
/// <param name="Kind">What was done.</param>
/// <param name="Changed">See <see cref="TicketsChanged.Changed"/>.</param>
/// <param name="Already">See <see cref="TicketsChanged.Already"/>.</param>
/// <param name="RefusedCount">How many tickets were not changed.</param>
/// <param name="Refused">The first of them, and why; at most <see cref="MaxRefused"/>.</param>
/// <param name="Written">What was written to the history, by which it can be undone; null where that is not possible.</param>
public sealed record Outcome(
    OutcomeKind Kind, int Changed, int Already, int RefusedCount, IReadOnlyList<Refusal> Refused, EventSpan? Written)
{
    /// <summary>The most refused tickets that are listed.</summary>
    public const int MaxRefused = 50;

    private const string Key = "tickets.outcome";

    /// <summary>The result as text: "20 tickets changed."</summary>
    public string Text
    {
        get
        {
            var parts = new List<string>();
            if (Changed > 0 || Already + RefusedCount == 0) parts.Add($"{Count(Changed)} {Participle}.");
            if (Already > 0) parts.Add($"{Count(Already)} {(Already == 1 ? "was" : "were")} that way already.");
            if (RefusedCount > 0) parts.Add($"{Count(RefusedCount)} {(RefusedCount == 1 ? "was" : "were")} not changed:");
            return string.Join(' ', parts);
        }
    }

    private string Participle => Kind switch
    {
        OutcomeKind.Changed => "changed",
        OutcomeKind.Resolved => "resolved",
        OutcomeKind.Closed => "closed",
        OutcomeKind.Undone => Changed == 1 ? "is as it was before" : "are as they were before",
    };

    /// <summary>
    /// The outcome of a change of fields and of tags; null stands for what was not changed. A ticket whose fields were refused gets no
    /// tags either, so each ticket counts once.
    /// </summary>
    /// <param name="change">What was to be changed.</param>
    /// <param name="fields">What became of the fields.</param>
    /// <param name="tags">What became of the tags.</param>
    public static Outcome Of(Selection change, TicketsChanged? fields, TicketsChanged? tags)
    {
        var changed = (fields?.Changed ?? []).Union(tags?.Changed ?? []).ToList();
        var already = (tags ?? fields)?.Already.Except(changed).Count() ?? 0;
        var written = EventSpan.Join(fields?.Written, tags?.Written);
        return Of(KindOf(change), changed.Count, already, [.. fields?.Refused ?? [], .. tags?.Refused ?? []], change.Form, written);
    }

    /// <summary>The outcome of undoing a change.</summary>
    public static Outcome OfUndo(TicketsChanged undone) =>
        Of(OutcomeKind.Undone, undone.Changed.Count, undone.Already.Count, undone.Refused, TicketForm.None, written: null);

    /// <summary>The outcome stored by the previous request; null when there is none. It is read only once.</summary>
    public static Outcome? Take(ITempDataDictionary data)
    {
        if (data[Key] is not string text
            || Array.ConvertAll(text.Split(' '), number => long.Parse(number, CultureInfo.InvariantCulture))
                is not [var kind, var changed, var already, var refusedCount, var first, var last, var count, .. var refused])
            return null;
        return new(
            (OutcomeKind)kind, (int)changed, (int)already, (int)refusedCount, [.. refused.Chunk(Refusal.Length).Select(Refusal.Of)],
            count == 0 ? null : new(first, last, (int)count));
    }

    /// <summary>Stores it for the next request.</summary>
    public void Leave(ITempDataDictionary data)
    {
        long[] numbers =
        [
            (int)Kind, Changed, Already, RefusedCount, Written?.First ?? 0, Written?.Last ?? 0, Written?.Count ?? 0,
            .. Refused.SelectMany(refusal => refusal.Numbers),
        ];
        data[Key] = string.Join(' ', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
    }

    private static Outcome Of(
        OutcomeKind kind, int changed, int already, IReadOnlyCollection<RefusedTicket> refused, TicketForm change, EventSpan? written) =>
        new(kind, changed, already, refused.Count, [.. refused.Take(MaxRefused).Select(one => Refusal.Of(one, change))], written);

    private static OutcomeKind KindOf(Selection change) => (change.ChangesTags, change.Form) switch
    {
        (false, { Status: nameof(Status.closed), Priority: null, Assignee: null }) => OutcomeKind.Closed,
        (false, { Status: nameof(Status.resolved), Priority: null, Assignee: null }) => OutcomeKind.Resolved,
        _ => OutcomeKind.Changed,
    };

    private static string Count(int tickets) => tickets == 1 ? "1 ticket" : $"{Words.Number(tickets)} tickets";
}
