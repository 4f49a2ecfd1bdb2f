using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>Why a ticket was not changed together with others.</summary>
public enum RefusalReason
{
    /// <summary>Somebody else changed it meanwhile.</summary>
    Changed,

    /// <summary>It does not exist any more.</summary>
    Gone,

    /// <summary>It would have more tags than a ticket can have.</summary>
    TooManyTags,

    /// <summary>It was changed again, so that the change before cannot be undone.</summary>
    ChangedSince,

    /// <summary>The person it was assigned to before cannot be assigned any more.</summary>
    NotAssignable,
}

/// <summary>A ticket that was not changed.</summary>
/// <param name="Id">See <see cref="Ticket.Id"/>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Status">Its status now; null where that was not to be changed.</param>
/// <param name="Priority">Its priority now; null where that was not to be changed.</param>
/// <param name="Assignee">The id of its assignee now, 0 for nobody; null where that was not to be changed.</param>
public sealed record Refusal(int Id, RefusalReason Reason, Status? Status, Priority? Priority, int? Assignee)
{
    /// <summary>How many numbers it is in a cookie.</summary>
    internal const int Length = 5;

    private const int None = -1;

    /// <summary>Whether the ticket still exists, so that a link leads somewhere.</summary>
    public bool Found => Reason != RefusalReason.Gone;

    /// <summary>The numbers for the cookie: -1 stands for null.</summary>
    internal long[] Numbers => [Id, (int)Reason, (int?)Status ?? None, (int?)Priority ?? None, Assignee ?? None];

    /// <summary>The text that says what happened to it and what to do, to follow its number.</summary>
    /// <param name="agents">Those whose names are known.</param>
    public string Text(AgentOptions agents) => Reason switch
    {
        RefusalReason.Changed => $"was changed by somebody else meanwhile{Now(agents)}. Look at it and select it again.",
        RefusalReason.Gone => "is not there any more.",
        RefusalReason.TooManyTags => $"would have more than {TagValidator.MaxTags} tags. Remove some of it first.",
        RefusalReason.ChangedSince => "was changed again since. Look at it and change it there.",
        RefusalReason.NotAssignable => "was assigned to somebody who cannot be assigned any more. Choose somebody else.",
    };

    /// <summary>The refused ticket for its <see cref="Numbers"/>.</summary>
    internal static Refusal Of(long[] numbers) => new(
        (int)numbers[0], (RefusalReason)numbers[1], numbers[2] < 0 ? null : (Status)numbers[2],
        numbers[3] < 0 ? null : (Priority)numbers[3], numbers[4] < 0 ? null : (int)numbers[4]);

    /// <summary>The refused ticket for an answer of the core.</summary>
    /// <param name="refused">The answer.</param>
    /// <param name="change">What was to be changed; <see cref="TicketForm.None"/> when a change was to be undone.</param>
    internal static Refusal Of(RefusedTicket refused, TicketForm change) => refused.Problem switch
    {
        StaleTicket when change == TicketForm.None => new(refused.Id, RefusalReason.ChangedSince, null, null, null),
        StaleTicket { Current: var now } => new(
            refused.Id, RefusalReason.Changed, change.Status is null ? null : now.Status,
            change.Priority is null ? null : now.Priority, change.Assignee is null ? null : now.AssigneeId ?? 0),
        InvalidInput { Errors: [{ Field: "assignee" }, ..] } => new(refused.Id, RefusalReason.NotAssignable, null, null, null),
        InvalidInput => new(refused.Id, RefusalReason.TooManyTags, null, null, null),
        _ => new(refused.Id, RefusalReason.Gone, null, null, null),
    };

    // The values now of the fields that were to be changed.
    private string Now(AgentOptions agents)
    {
        var facts = new List<string>();
        if (Status is { } status) facts.Add($"its status is {Words.Plain(status)}");
        if (Priority is { } priority) facts.Add($"its priority is {Words.Plain(priority)}");
        if (Assignee is { } assignee) facts.Add(assignee == 0 ? "nobody is assigned" : $"{NameOf(assignee)} is assigned");
        return facts.Count switch
        {
            0 => "",
            1 => $": {facts[0]} now",
            _ => $": {string.Join(", ", facts[..^1])} and {facts[^1]} now",
        };

        string NameOf(int id) => agents.NameOf($"{id}") ?? "somebody else";
    }
}
