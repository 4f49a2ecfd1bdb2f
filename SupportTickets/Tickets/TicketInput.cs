namespace SupportTickets.Tickets;

/// <summary>One field as a face received it, before any rule: missing, null, text, or something that is no text.</summary>
public readonly record struct Supplied
{
    private enum Kind { Missing, Null, Text, NotText }

    private readonly Kind _kind;

    private Supplied(Kind kind, string? text) => (_kind, Text) = (kind, text);

    /// <summary>The field did not occur. Also the default.</summary>
    public static Supplied Missing => default;

    /// <summary>The field was there, as null.</summary>
    public static Supplied Null { get; } = new(Kind.Null, null);

    /// <summary>The text; for something else its spelling, to show it back.</summary>
    public string? Text { get; }

    /// <summary>Whether the field did not occur.</summary>
    public bool IsMissing => _kind == Kind.Missing;

    /// <summary>Whether the field was null.</summary>
    public bool IsNull => _kind == Kind.Null;

    /// <summary>Whether the field was text.</summary>
    public bool IsText => _kind == Kind.Text;

    /// <summary>A field that was text.</summary>
    public static Supplied Of(string text) => new(Kind.Text, text);

    /// <summary>Text, or <see cref="Missing"/> for null: what a form gives.</summary>
    public static Supplied OfForm(string? text) => text is null ? Missing : Of(text);

    /// <summary>A field that was a boolean, a list or an object.</summary>
    /// <param name="spelling">How to show it back.</param>
    public static Supplied NotText(string spelling) => new(Kind.NotText, spelling);
}

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
