using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Tags;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// The result of a change of several tickets, kept in a cookie during the redirect to the list. It contains only numbers, because
/// texts for a hundred tickets would not fit into a request.
/// </summary>
/// <param name="Changed">See <see cref="TicketsChanged.Changed"/>.</param>
/// <param name="Already">See <see cref="TicketsChanged.Already"/>.</param>
/// <param name="Refused">The tickets that were not changed, and why.</param>
public sealed record Outcome(int Changed, int Already, IReadOnlyList<Refusal> Refused)
{
    private const string Key = "tickets.changed";

    /// <summary>The result as text: "20 tickets changed."</summary>
    public string Text
    {
        get
        {
            var parts = new List<string>();
            if (Changed > 0 || Already + Refused.Count == 0) parts.Add($"{Count(Changed)} changed.");
            if (Already > 0) parts.Add($"{Count(Already)} {(Already == 1 ? "was" : "were")} that way already.");
            if (Refused.Count > 0) parts.Add($"{Count(Refused.Count)} {(Refused.Count == 1 ? "was" : "were")} not changed:");
            return string.Join(' ', parts);
        }
    }

    /// <summary>The outcome for a result of the core.</summary>
    public static Outcome Of(TicketsChanged answer) => new(answer.Changed, answer.Already, [.. answer.Refused.Select(Refusal.Of)]);

    /// <summary>
    /// The outcome of a change of fields and of tags together; null stands for what was not changed. A ticket whose fields were refused
    /// gets no tags either, so each ticket counts once.
    /// </summary>
    public static Outcome Of(TicketsChanged? fields, TicketsTagged? tags)
    {
        if (tags is null)
            return Of(fields!);
        var changed = (fields?.ChangedIds ?? []).Union(tags.Changed).ToList();
        var refused = (fields?.Refused ?? []).Concat(tags.Refused).Select(Refusal.Of).ToList();
        return new(changed.Count, tags.Already.Except(changed).Count(), refused);
    }

    /// <summary>The outcome stored by the previous request; null when there is none. It is read only once.</summary>
    public static Outcome? Take(ITempDataDictionary data) =>
        data[Key] is string text && Array.ConvertAll(text.Split(' '), int.Parse) is [var changed, var already, .. var refused]
            ? new(changed, already, [.. refused.Chunk(3).Select(Refusal.Of)])
            : null;

    /// <summary>Stores it for the next request.</summary>
    public void Leave(ITempDataDictionary data) =>
        data[Key] = string.Join(' ', [Changed, Already, .. Refused.SelectMany(refusal => refusal.Numbers)]);

    private static string Count(int tickets) => tickets == 1 ? "1 ticket" : $"{Words.Number(tickets)} tickets";
}

/// <summary>A ticket that was not changed.</summary>
/// <param name="Id">See <see cref="Ticket.Id"/>.</param>
/// <param name="Status">Its current status, as somebody else set it; null when the ticket no longer exists, or has too many tags.</param>
/// <param name="Priority">Its current priority; null when the ticket no longer exists.</param>
public sealed record Refusal(int Id, Status? Status, Priority? Priority)
{
    private const int None = -1, TagsFull = -2;

    /// <summary>Whether it would have more tags than a ticket can have.</summary>
    public bool HasTooManyTags { get; private init; }

    /// <summary>Whether the ticket still exists, so that a link leads somewhere.</summary>
    public bool Found => Status is not null || HasTooManyTags;

    /// <summary>The text that says what happened to it and what to do, to follow its number.</summary>
    public string Reason => (Status, Priority) is ({ } status, { } priority)
        ? $"was changed by somebody else meanwhile: its status is {Words.Plain(status)} and its priority {Words.Plain(priority)} now. "
            + "Look at it and select it again."
        : HasTooManyTags ? $"would have more than {TagValidator.MaxTags} tags. Remove some of it first."
        : "is not there any more.";

    /// <summary>The numbers for the cookie: -1 stands for null, -2 for too many tags.</summary>
    internal int[] Numbers => [Id, HasTooManyTags ? TagsFull : (int?)Status ?? None, (int?)Priority ?? None];

    /// <summary>The refused ticket for its <see cref="Numbers"/>.</summary>
    internal static Refusal Of(int[] numbers) =>
        new(numbers[0], numbers[1] < 0 ? null : (Status)numbers[1], numbers[2] < 0 ? null : (Priority)numbers[2])
        {
            HasTooManyTags = numbers[1] == TagsFull,
        };

    internal static Refusal Of(RefusedTicket refused) => refused.Problem is StaleTicket { Current: var now }
        ? new(refused.Id, now.Status, now.Priority)
        : new(refused.Id, null, null) { HasTooManyTags = refused.Problem is InvalidInput };
}
