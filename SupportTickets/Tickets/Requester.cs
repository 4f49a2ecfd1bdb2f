using System.Globalization;

namespace SupportTickets.Tickets;

/// <summary>Somebody who asks for help.</summary>
public sealed class Requester
{
    /// <summary>The longest name, in Unicode code points.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The longest e-mail address, in UTF-16 units (RFC 5321, 4.5.3.1.3).</summary>
    public const int MaxEmailLength = 254;

    /// <summary>The longest name of an organization, in Unicode code points.</summary>
    public const int MaxOrganizationLength = 200;

    /// <summary>The longest notes, in Unicode code points.</summary>
    public const int MaxNotesLength = 10_000;

    private const string Mark = "#";

    /// <summary>The key, assigned by the database.</summary>
    public int Id { get; set; }

    /// <summary>1 to <see cref="MaxNameLength"/> code points, on one line.</summary>
    public required string Name { get; set; }

    /// <summary>The e-mail address as it was entered; unique without regard to case.</summary>
    public required string Email { get; set; }

    /// <summary>The address by which it is unique: <see cref="Normalized"/>.</summary>
    public required string NormalizedEmail { get; set; }

    /// <summary>The organization; null where none is known.</summary>
    public string? Organization { get; set; }

    /// <summary>What the desk should know about them; null where there is nothing.</summary>
    public string? Notes { get; set; }

    /// <summary>When they were first entered, UTC, to the microsecond.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>Counts the changes from 1; the ETag.</summary>
    [System.ComponentModel.DataAnnotations.ConcurrencyCheck]
    public int Version { get; set; } = 1;

    /// <summary>Their tickets.</summary>
    public ICollection<Ticket> Tickets { get; } = [];

    /// <summary>An address in the form in which addresses are compared.</summary>
    public static string Normalized(string email) => email.ToUpperInvariant();

    /// <summary>
    /// The text for events: "#7"; empty for nobody. It has no name, because the history must not keep what is known of a person who
    /// asked to be forgotten.
    /// </summary>
    public static string Text(int? id) => id is { } known ? string.Create(CultureInfo.InvariantCulture, $"{Mark}{known}") : "";

    /// <summary>The id in a text of an event; null for nobody.</summary>
    public static int? IdIn(string text) => text.StartsWith(Mark, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
