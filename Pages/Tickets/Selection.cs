using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;

namespace SupportTickets.Pages.Tickets;

/// <summary>The tickets that are checked in a list, and what to do with them.</summary>
/// <param name="Tickets">With the versions that the list showed.</param>
/// <param name="Form">Status and priority as chosen; null for the one that is left as it is.</param>
public sealed record Selection(IReadOnlyList<SeenTicket> Tickets, TicketForm Form)
{
    /// <summary>Nothing checked.</summary>
    public static readonly Selection None = new([], TicketForm.Empty);

    /// <summary>Reads a post. A box whose value is none of ours is as good as one that is not checked.</summary>
    public static Selection Read(IFormCollection form) => new(
        [.. form["ticket"].Select(Parse).OfType<SeenTicket>()],
        new(null, null, null, Chosen(form, "priority"), Chosen(form, "status")));

    /// <summary>The value of a ticket's box.</summary>
    public static string Value(TicketRow ticket) => string.Create(CultureInfo.InvariantCulture, $"{ticket.Id}.{ticket.Version}");

    /// <summary>Whether a ticket is checked.</summary>
    public bool Holds(TicketRow ticket) => Tickets.Any(t => t.Id == ticket.Id);

    private static string? Chosen(IFormCollection form, string name) => TicketForm.Text(form, name) is { Length: > 0 } text ? text : null;

    private static SeenTicket? Parse(string? text) => text?.Split('.') is [var id, var version]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            ? new(number, seen)
            : null;
}

/// <summary>What became of a change of several tickets, in words; carried over the redirect to the list.</summary>
/// <param name="Text">What was done: "20 tickets changed."</param>
/// <param name="Refused">The tickets that were not changed, and why.</param>
public sealed record Outcome(string Text, IReadOnlyList<Refusal> Refused)
{
    private const string Key = "tickets.changed";

    /// <summary>Words for an answer of the core.</summary>
    public static Outcome Of(TicketsChanged answer)
    {
        var parts = new List<string>();
        if (answer.Changed > 0 || answer.Already + answer.Refused.Count == 0) parts.Add($"{Count(answer.Changed)} changed.");
        if (answer.Already > 0) parts.Add($"{Count(answer.Already)} {(answer.Already == 1 ? "was" : "were")} that way already.");
        if (answer.Refused.Count > 0) parts.Add($"{Count(answer.Refused.Count)} {(answer.Refused.Count == 1 ? "was" : "were")} not changed:");
        return new(string.Join(' ', parts), [.. answer.Refused.Select(Refusal.Of)]);
    }

    /// <summary>The one that the request before left; null when it left none. It is told once.</summary>
    public static Outcome? Take(ITempDataDictionary data) => data[Key] is string json ? JsonSerializer.Deserialize<Outcome>(json) : null;

    /// <summary>Leaves it for the next request.</summary>
    public void Leave(ITempDataDictionary data) => data[Key] = JsonSerializer.Serialize(this);

    private static string Count(int tickets) => tickets == 1 ? "1 ticket" : $"{Words.Number(tickets)} tickets";
}

/// <summary>A ticket that was not changed.</summary>
/// <param name="Id">See <see cref="Ticket.Id"/>.</param>
/// <param name="Found">Whether it is still there, so that a link leads somewhere.</param>
/// <param name="Reason">What happened to it and what to do, to stand after its number.</param>
public sealed record Refusal(int Id, bool Found, string Reason)
{
    internal static Refusal Of(RefusedTicket refused) => refused.Problem switch
    {
        StaleTicket { Current: var now } => new(refused.Id, true,
            $"was changed by somebody else meanwhile: its status is {Words.Plain(now.Status)} and its priority {Words.Plain(now.Priority)} now. Look at it and select it again."),
        _ => new(refused.Id, false, "is not there any more."),
    };
}
