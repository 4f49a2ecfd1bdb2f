using SupportTickets.Tickets;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>Says what a form changed, and what undoes it.</summary>
internal static class ChangeNotice
{
    /// <summary>
    /// The notice for a change; null when nothing changed. A change of a text, which can be long, is not undone but edited again.
    /// </summary>
    /// <param name="changes">The fields that the person changed.</param>
    /// <param name="before">The ticket before, read with its requester.</param>
    /// <param name="after">The ticket as stored.</param>
    public static Notice? Of(TicketForm changes, Ticket before, Ticket after)
    {
        if (before.Version == after.Version)
            return null;
        // A ticket that was written need not have its requester with it; they have the address that was chosen.
        var (was, now) = (TicketForm.Of(before), TicketForm.Of(after) with { RequesterEmail = changes.RequesterEmail });
        if (changes.Title is not null || changes.Description is not null)
            return Notice.Done("Saved.");
        var undo = new Dictionary<string, string>();
        foreach (var name in TicketForm.Merged.Where(name => changes[name] is not null))
        {
            undo[name] = was[name]!;
            undo[TicketForm.BasePrefix + name] = now[name]!;
        }
        return Notice.OfFields(Sentence(changes, after), undo);
    }

    private static string Sentence(TicketForm changes, Ticket ticket) => changes switch
    {
        { Status: not null, Assignee: not null } => "Taken: it is yours and in progress.",
        { Status: not null } => $"Saved: {Words.Plain(ticket.Status)}.",
        { Priority: not null, Category: null } => $"Saved: priority {ticket.Priority}.",
        { Category: not null, Priority: null } => $"Saved: category {ticket.Category}.",
        { Assignee: "" } => "Saved: nobody is assigned.",
        { Assignee: not null } => "Saved: assigned.",
        { RequesterEmail: "" } => "Saved: the requester was removed.",
        { RequesterEmail: not null } => "Saved: another requester.",
        _ => "Saved.",
    };
}
