namespace SupportTickets.Tickets;

/// <summary>
/// What is left of a deleted ticket: append-only, written in the transaction of the deletion. Nothing of what a person
/// wrote is kept, only that the ticket was there, so that copies of it elsewhere can be deleted too.
/// </summary>
public sealed class TicketDeletion
{
    /// <summary>The key, ascending in the order of writing.</summary>
    public long Id { get; set; }

    /// <summary>The ticket that was. Its id is never given to another.</summary>
    public int TicketId { get; set; }

    /// <summary>When, UTC, to the microsecond.</summary>
    public DateTime At { get; set; }

    /// <summary>Who: a person's name, or "anonymous".</summary>
    public required string Actor { get; set; }

    /// <summary>The way the request came in; null when the desk itself deleted it.</summary>
    public Channel? Channel { get; set; }
}
