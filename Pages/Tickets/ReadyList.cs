using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>A list that the desk itself offers beside the saved views.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Query">The list.</param>
/// <param name="Count">How many tickets it has.</param>
public sealed record ReadyList(string Label, ListQuery Query, TicketCount Count)
{
    /// <summary>The number as the page shows it.</summary>
    public string Number => $"{Words.Number(Count.Number)}{(Count.IsMore ? "+" : "")}";

    /// <summary>The lists to offer, without their numbers: none where there are no agents.</summary>
    public static IEnumerable<ReadyList> For(AgentOptions agents)
    {
        if (agents.Me is not null)
            yield return new("Mine", ListQuery.Mine, default);
        if (!agents.IsEmpty)
            yield return new("Unassigned", new() { Assignee = AgentOptions.NobodyValue, Status = Status.open }, default);
    }
}
