namespace SupportTickets.Tickets.Submissions;

/// <summary>
/// The answer to a caller who sent a ticket but may not read it: the values that they sent, as they were stored, and the number. It
/// stays the same when the ticket is sent again with its key, even if the ticket has changed.
/// </summary>
/// <param name="Id">The number.</param>
/// <param name="Title">As sent, trimmed.</param>
/// <param name="Description">As sent, trimmed.</param>
/// <param name="Category">As sent.</param>
/// <param name="Priority">As sent.</param>
/// <param name="Status">As sent; null when none was.</param>
public sealed record TicketReceipt(int Id, string Title, string Description, Category Category, Priority Priority, Status? Status)
{
    /// <summary>Makes the receipt of a created ticket.</summary>
    /// <param name="id">The number.</param>
    /// <param name="sent">The input, which has been found valid.</param>
    public static TicketReceipt Of(int id, TicketInput sent)
    {
        var taken = TicketValidator.Create(sent).Value;
        return new(id, taken.Title, taken.Description, taken.Category, taken.Priority, sent.Status.IsText ? taken.Status : null);
    }
}
