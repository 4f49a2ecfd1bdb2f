using System.ComponentModel.DataAnnotations;

namespace SupportTickets.Tickets;

/// <summary>A word that tickets are marked with.</summary>
public sealed class Tag
{
    /// <summary>The longest name, in Unicode code points.</summary>
    public const int MaxNameLength = 50;

    /// <summary>The key, assigned by the database.</summary>
    public int Id { get; set; }

    /// <summary>1 to <see cref="MaxNameLength"/> code points, on one line, without commas; unique without regard to case.</summary>
    public required string Name { get; set; }

    /// <summary>The name by which it is unique: <see cref="Normalized"/>.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>When it was first used, UTC, to the microsecond.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>Counts the changes from 1; the ETag.</summary>
    [ConcurrencyCheck]
    public int Version { get; set; } = 1;

    /// <summary>The tickets that have it.</summary>
    public ICollection<TicketTag> Tickets { get; } = [];

    /// <summary>A name in the form in which names are compared.</summary>
    public static string Normalized(string name) => name.ToUpperInvariant();
}

/// <summary>A tag of a ticket.</summary>
public sealed class TicketTag
{
    /// <summary>The key, assigned by the database.</summary>
    public int Id { get; set; }

    /// <summary>The ticket.</summary>
    public int TicketId { get; set; }

    /// <summary>The ticket.</summary>
    public Ticket? Ticket { get; private set; }

    /// <summary>The tag.</summary>
    public int TagId { get; set; }

    /// <summary>The tag.</summary>
    public Tag? Tag { get; set; }

    /// <summary>When the ticket got it, UTC, to the microsecond.</summary>
    public DateTime AddedAt { get; set; }
}
