namespace SupportTickets.Tickets;

/// <summary>
/// The record of a deleted ticket. Append-only, and written in the same transaction as the deletion. It keeps nothing that a person
/// wrote, only that the ticket existed, so that copies elsewhere can be deleted too.
/// </summary>
public sealed class TicketDeletion
{
    /// <summary>The key, ascending in the order of writing.</summary>
    public long Id { get; set; }

    /// <summary>The id of the deleted ticket, which is never used again.</summary>
    public int TicketId { get; set; }

    /// <summary>When it was deleted, UTC, to the microsecond.</summary>
    public DateTime At { get; set; }

    /// <summary>Who deleted it: a person's name, or "anonymous".</summary>
    public required string Actor { get; set; }

    /// <summary>The way the request came in; null when the desk itself deleted it.</summary>
    public Channel? Channel { get; set; }
}
