using System.Globalization;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>The fields of a ticket in a form; null for a field that the form did not contain.</summary>
public sealed record TicketForm(string? Title, string? Description, string? Category, string? Priority, string? Status)
{
    /// <summary>The id of the assignee; empty for nobody.</summary>
    public string? Assignee { get; init; }

    /// <summary>An empty form.</summary>
    public static readonly TicketForm Empty = new("", "", "", "", null);

    /// <summary>Reads a post.</summary>
    public static TicketForm Read(IFormCollection form) => new(
        Text(form, "title"), Text(form, "description"), Text(form, "category"), Text(form, "priority"), Text(form, "status"))
    {
        Assignee = Text(form, "assignee"),
    };

    /// <summary>The form for a stored ticket.</summary>
    public static TicketForm Of(Ticket ticket) =>
        new(ticket.Title, Lines(ticket.Description), ticket.Category.ToString(), ticket.Priority.ToString(), ticket.Status.ToString())
        {
            Assignee = ticket.AssigneeId?.ToString(CultureInfo.InvariantCulture) ?? "",
        };

    /// <summary>A field of a post; null when it is missing. The last counts.</summary>
    public static string? Text(IFormCollection form, string name) => form[name] is [.., { } last] ? Lines(last) : null;

    /// <summary>The input for the core.</summary>
    public TicketInput ToInput() => new()
    {
        Title = Supplied.OfForm(Title),
        Description = Supplied.OfForm(Description),
        Category = Supplied.OfForm(Category),
        Priority = Supplied.OfForm(Priority),
        Status = Supplied.OfForm(Status),
        Assignee = Supplied.OfForm(Assignee),
    };

    /// <summary>The form without the fields that equal the stored ticket, because supplied text is scored again.</summary>
    public TicketForm Without(Ticket ticket)
    {
        var stored = Of(ticket);
        return new(
            Changed(Title, stored.Title),
            Changed(Description, stored.Description),
            Changed(Category, stored.Category),
            Changed(Priority, stored.Priority),
            Changed(Status, stored.Status))
        {
            Assignee = Changed(Assignee, stored.Assignee),
        };

        static string? Changed(string? value, string? stored) => value is null || value.Trim() == stored ? null : value;
    }

    /// <summary>The form with stored values in the fields that it did not contain.</summary>
    public TicketForm FilledFrom(Ticket ticket)
    {
        var stored = Of(ticket);
        return new(
            Title ?? stored.Title, Description ?? stored.Description, Category ?? stored.Category, Priority ?? stored.Priority,
            Status ?? stored.Status)
        {
            Assignee = Assignee ?? stored.Assignee,
        };
    }

    // Browsers send line breaks as CR LF, but the person typed only a line break.
    private static string Lines(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n');
}

/// <summary>A field of a form, drawn by Field.cshtml.</summary>
/// <param name="Name">The name and id.</param>
/// <param name="Label">The label.</param>
/// <param name="Value">The value as typed.</param>
/// <param name="Errors">All errors of the form.</param>
public sealed record Field(string Name, string Label, string? Value, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Whether it is a text of several lines.</summary>
    public bool Multiline { get; init; }

    /// <summary>The options to choose from; null for a text.</summary>
    public IReadOnlyList<(string Value, string Label)>? Options { get; init; }

    /// <summary>The kind of text: null for any, else "email" or "password". A password is never shown again.</summary>
    public string? Type { get; init; }

    /// <summary>The autocomplete attribute (HTML, 4.10.18.7).</summary>
    public string AutoComplete { get; init; } = "off";

    /// <summary>The maximum length in code points, to show how many are left; null where that is not shown.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A hint for the person who fills it in.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether the value is an unchanged suggestion; null where there are no suggestions.</summary>
    public bool? Suggested { get; init; }

    /// <summary>The error in the field; null when there is none.</summary>
    public string? Error => Errors.Where(e => e.Field == Name).Select(Words.Of).FirstOrDefault();

    /// <summary>The ids of the elements that describe it.</summary>
    public string? DescribedBy
    {
        get
        {
            string?[] ids = [Hint is null ? null : $"{Name}-hint", Error is null ? null : $"{Name}-error"];
            return string.Join(' ', ids.OfType<string>()) is { Length: > 0 } text ? text : null;
        }
    }

    /// <summary>The members of an enum to choose from.</summary>
    public static IReadOnlyList<(string Value, string Label)> Choices<TEnum>() where TEnum : struct, Enum =>
        [.. Enum.GetValues<TEnum>().Select(v => (v.ToString(), Words.Label(v)))];
}
