namespace SupportTickets.Tickets.Submissions;

/// <summary>
/// What somebody who sent in a ticket is told of it when they may not read it: what they sent, as it was taken, and its number.
/// It is the same whenever the ticket is sent again under its key, whatever has become of the ticket.
/// </summary>
/// <param name="Id">The number.</param>
/// <param name="Title">As sent, trimmed.</param>
/// <param name="Description">As sent, trimmed.</param>
/// <param name="Category">As sent.</param>
/// <param name="Priority">As sent.</param>
/// <param name="Status">As sent; null when none was.</param>
public sealed record TicketReceipt(int Id, string Title, string Description, Category Category, Priority Priority, Status? Status)
{
    /// <summary>Of a ticket that was taken.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="sent">As received; valid, else it would not have been taken.</param>
    public static TicketReceipt Of(int id, TicketInput sent)
    {
        var taken = TicketValidator.Create(sent).Value;
        return new(id, taken.Title, taken.Description, taken.Category, taken.Priority, sent.Status.IsText ? taken.Status : null);
    }
}
