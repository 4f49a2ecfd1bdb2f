using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>A list that the desk itself offers beside the saved views.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Query">The list.</param>
/// <param name="Count">How many tickets it has; one more than <see cref="TicketList.MaxCount"/> stands for "more".</param>
public sealed record ReadyList(string Label, ListQuery Query, int Count)
{
    /// <summary>The number as the page shows it.</summary>
    public string Number => Count > TicketList.MaxCount ? $"{Words.Number(TicketList.MaxCount)}+" : Words.Number(Count);

    /// <summary>The lists to offer, without their numbers: none where there are no agents.</summary>
    public static IEnumerable<ReadyList> For(AgentOptions agents)
    {
        if (agents.Me is not null)
            yield return new("Mine", ListQuery.Mine, 0);
        if (!agents.IsEmpty)
            yield return new("Unassigned", new() { Assignee = AgentOptions.NobodyValue, Status = Status.open }, 0);
    }
}
