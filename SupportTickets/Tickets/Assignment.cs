using System.Globalization;

namespace SupportTickets.Tickets;

/// <summary>The assignment of a ticket to a person.</summary>
/// <param name="PersonId">The person; null for nobody.</param>
public sealed record Assignment(int? PersonId)
{
    private const string Mark = " #";

    /// <summary>The assignment to nobody.</summary>
    public static readonly Assignment Nobody = new((int?)null);

    /// <summary>The person's name, for the history; set once it is checked that the person can be assigned.</summary>
    public string? Name { get; init; }

    /// <summary>The name of the previous assignee, for the history; null for nobody.</summary>
    public string? FormerName { get; init; }

    /// <summary>
    /// The text for events: "Ada Lovelace #7"; empty for nobody. The name is the one at that time; the number never changes.
    /// </summary>
    public static string Text(int? personId, string? name) =>
        personId is { } id ? string.Create(CultureInfo.InvariantCulture, $"{name}{Mark}{id}") : "";

    /// <summary>The name in a text of an event.</summary>
    public static string NameIn(string text) => text.LastIndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at ? text[..at] : text;

    /// <summary>The id in a text of an event; null for nobody.</summary>
    public static int? IdIn(string text) => text.LastIndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at
        && int.TryParse(text.AsSpan(at + Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
