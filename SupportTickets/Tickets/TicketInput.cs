using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>Everything a caller may supply for a ticket, as received. It has no fields that a caller may not write.</summary>
public sealed record TicketInput
{
    /// <summary>See <see cref="Ticket.Title"/>.</summary>
    public Supplied Title { get; init; }

    /// <summary>See <see cref="Ticket.Description"/>.</summary>
    public Supplied Description { get; init; }

    /// <summary>See <see cref="Ticket.Category"/>.</summary>
    public Supplied Category { get; init; }

    /// <summary>See <see cref="Ticket.Priority"/>.</summary>
    public Supplied Priority { get; init; }

    /// <summary>See <see cref="Ticket.Status"/>.</summary>
    public Supplied Status { get; init; }

    /// <summary>The id of a person, as a number or as text; null and the empty text are nobody.</summary>
    public Supplied Assignee { get; init; }

    /// <summary>The id of a requester, as a number or as text; null and the empty text are nobody.</summary>
    public Supplied Requester { get; init; }

    /// <summary>The name of the requester, instead of the id: for somebody who may not be known yet.</summary>
    public Supplied RequesterName { get; init; }

    /// <summary>Their e-mail address, by which they are found if they are known.</summary>
    public Supplied RequesterEmail { get; init; }
}

/// <summary>A valid new ticket. Only <see cref="TicketValidator"/> makes one.</summary>
public sealed record NewTicket(string Title, string Description, Category Category, Priority Priority, Status Status)
{
    /// <summary>The assignment.</summary>
    public Assignment Assignee { get; init; } = Assignment.Nobody;

    /// <summary>Who asks; null where that is not known.</summary>
    public RequesterChoice? Requester { get; init; }

    /// <summary>The marks of what comes with it; null for nothing.</summary>
    public IReadOnlyList<string>? Enclosed { get; init; }
}

/// <summary>A valid change; null leaves a field as it is. Only <see cref="TicketValidator"/> makes one.</summary>
public sealed record TicketChange(string? Title, string? Description, Category? Category, Priority? Priority, Status? Status)
{
    /// <summary>A change of nothing. Re-scoring applies it with a score.</summary>
    public static readonly TicketChange None = new(null, null, null, null, null);

    /// <summary>The assignment; null leaves it as it is.</summary>
    public Assignment? Assignee { get; init; }

    /// <summary>Who asks; null leaves it as it is.</summary>
    public RequesterChoice? Requester { get; init; }

    /// <summary>Whether the ticket must be scored again: title or description was supplied, even with the same text.</summary>
    public bool NeedsScore => Title is not null || Description is not null;
}
