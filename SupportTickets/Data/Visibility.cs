namespace SupportTickets.Data;

/// <summary>
/// For whom a context reads. A rule on who sees which rows is a named query filter of the model that reads <see
/// cref="TicketDb.Visibility"/> of the context. So it holds for every way to a row, navigations included.
/// </summary>
public sealed record Visibility
{
    /// <summary>The desk itself, its commands and its background work: no rule hides rows from it.</summary>
    public static readonly Visibility Desk = new() { IsDesk = true, MayRead = true, MayReadNotes = true, MayWrite = true };

    /// <summary>Whether it is the desk itself.</summary>
    public bool IsDesk { get; private init; }

    /// <summary>The person; null without a credential, and for the desk itself.</summary>
    public int? PersonId { get; init; }

    /// <summary>Whether they may read tickets.</summary>
    public bool MayRead { get; init; }

    /// <summary>Whether they may read internal notes.</summary>
    public bool MayReadNotes { get; init; }

    /// <summary>Whether they may change tickets, as agents and administrators do.</summary>
    public bool MayWrite { get; init; }
}
