using System.Globalization;

namespace SupportTickets.Tickets;

/// <summary>Who is to work on a ticket.</summary>
/// <param name="PersonId">The person; null for nobody.</param>
public sealed record Assignment(int? PersonId)
{
    private const string Mark = " #";

    /// <summary>Nobody is to.</summary>
    public static readonly Assignment Nobody = new((int?)null);

    /// <summary>Their name, for the history; set when it was checked that they can be assigned.</summary>
    public string? Name { get; init; }

    /// <summary>The name of who worked on it before, in the same way; null for nobody.</summary>
    public string? FormerName { get; init; }

    /// <summary>As in events: "Ada Lovelace #7"; empty for nobody. The name is that of the time, the number stays.</summary>
    public static string Text(int? personId, string? name) =>
        personId is { } id ? string.Create(CultureInfo.InvariantCulture, $"{name}{Mark}{id}") : "";

    /// <summary>The name in a text of an event.</summary>
    public static string NameIn(string text) => text.LastIndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at ? text[..at] : text;

    /// <summary>The id in a text of an event; null for nobody.</summary>
    public static int? IdIn(string text) => text.LastIndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at
        && int.TryParse(text.AsSpan(at + Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
