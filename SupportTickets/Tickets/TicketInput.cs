using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>Everything a caller may supply for a ticket, as received. Fields that a caller may not write do not exist here.</summary>
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
}

/// <summary>A valid ticket to be. Only <see cref="TicketValidator"/> makes one.</summary>
public sealed record NewTicket(string Title, string Description, Category Category, Priority Priority, Status Status)
{
    /// <summary>Who is to work on it.</summary>
    public Assignment Assignee { get; init; } = Assignment.Nobody;
}

/// <summary>A valid change; null leaves a field as it is. Only <see cref="TicketValidator"/> makes one.</summary>
public sealed record TicketChange(string? Title, string? Description, Category? Category, Priority? Priority, Status? Status)
{
    /// <summary>Nothing to change, to start from: re-scoring applies it as it is.</summary>
    public static readonly TicketChange None = new(null, null, null, null, null);

    /// <summary>Who is to work on it.</summary>
    public Assignment? Assignee { get; init; }

    /// <summary>Title or description was supplied, even with the same text: the scores are asked for anew.</summary>
    public bool NeedsScore => Title is not null || Description is not null;
}
