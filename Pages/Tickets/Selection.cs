using System.Globalization;
using SupportTickets.Tickets.Reading;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>The checked tickets of a list, and the change to make.</summary>
/// <param name="Tickets">The tickets with the versions that the list showed.</param>
/// <param name="Form">Status, priority and assignee as chosen; null leaves a field as it is.</param>
public sealed record Selection(IReadOnlyList<SeenTicket> Tickets, TicketForm Form)
{
    /// <summary>No checked tickets.</summary>
    public static readonly Selection None = new([], TicketForm.Empty);

    /// <summary>The tags to add, with commas between them, as typed.</summary>
    public string AddTags { get; private init; } = "";

    /// <summary>The tags to take away, with commas between them, as typed.</summary>
    public string RemoveTags { get; private init; } = "";

    /// <summary>Whether tags are added or taken away.</summary>
    public bool ChangesTags => Names(AddTags).Count + Names(RemoveTags).Count > 0;

    /// <summary>Whether fields are changed.</summary>
    public bool ChangesFields => Form is not { Status: null, Priority: null, Assignee: null };

    /// <summary>
    /// Reads a post: the checkboxes, and in one field the tickets that were selected on other pages of the list. A value that is unknown
    /// counts as not checked.
    /// </summary>
    public static Selection Read(IFormCollection form) => new(
        [.. form["ticket"].Concat(form["further"].SelectMany(text => (text ?? "").Split(' '))).Select(Parse).OfType<SeenTicket>()],
        new(null, null, null, Chosen(form, "priority"), Chosen(form, "status"))
        {
            Assignee = Chosen(form, "assignee") is var whom && whom == AgentOptions.NobodyValue ? "" : whom,
        })
    {
        AddTags = Chosen(form, "addTag") ?? "",
        RemoveTags = Chosen(form, "removeTag") ?? "",
    };

    /// <summary>The names in a text with commas between them.</summary>
    public static IReadOnlyList<string> Names(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The value of a ticket's checkbox.</summary>
    public static string Value(TicketRow ticket) => Value(new SeenTicket(ticket.Id, ticket.Version));

    /// <summary>The value of the checkbox that a ticket has, or would have.</summary>
    public static string Value(SeenTicket ticket) => string.Create(CultureInfo.InvariantCulture, $"{ticket.Id}.{ticket.Version}");

    /// <summary>Whether a ticket is checked.</summary>
    public bool Holds(TicketRow ticket) => Tickets.Any(t => t.Id == ticket.Id);

    private static string? Chosen(IFormCollection form, string name) => TicketForm.Text(form, name) is { Length: > 0 } text ? text : null;

    private static SeenTicket? Parse(string? text) => text?.Split('.') is [var id, var version]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            ? new(number, seen)
            : null;
}
