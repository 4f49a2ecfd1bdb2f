using System.Globalization;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>The fields of a ticket as a form has them; null for a field that the form did not hold.</summary>
public sealed record TicketForm(string? Title, string? Description, string? Category, string? Priority, string? Status)
{
    /// <summary>The id of who works on it; empty for nobody.</summary>
    public string? Assignee { get; init; }

    /// <summary>A form with nothing in it.</summary>
    public static readonly TicketForm Empty = new("", "", "", "", null);

    /// <summary>Reads a post.</summary>
    public static TicketForm Read(IFormCollection form) => new(
        Text(form, "title"), Text(form, "description"), Text(form, "category"), Text(form, "priority"), Text(form, "status"))
    {
        Assignee = Text(form, "assignee"),
    };

    /// <summary>What is stored, ready to be edited.</summary>
    public static TicketForm Of(Ticket ticket) =>
        new(ticket.Title, Lines(ticket.Description), ticket.Category.ToString(), ticket.Priority.ToString(), ticket.Status.ToString())
        {
            Assignee = ticket.AssigneeId?.ToString(CultureInfo.InvariantCulture) ?? "",
        };

    /// <summary>A field of a post; null when it is missing. The last counts.</summary>
    public static string? Text(IFormCollection form, string name) => form[name] is [.., { } last] ? Lines(last) : null;

    /// <summary>For the core.</summary>
    public TicketInput ToInput() => new()
    {
        Title = Supplied.OfForm(Title),
        Description = Supplied.OfForm(Description),
        Category = Supplied.OfForm(Category),
        Priority = Supplied.OfForm(Priority),
        Status = Supplied.OfForm(Status),
        Assignee = Supplied.OfForm(Assignee),
    };

    /// <summary>Without the fields that say what is stored anyway: text that is supplied is scored again.</summary>
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

    /// <summary>With what is stored in the fields that the form did not hold.</summary>
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

    // Browsers send line breaks as CR LF; what was typed is a line break.
    private static string Lines(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n');
}

/// <summary>A field of a form, drawn by Field.cshtml.</summary>
/// <param name="Name">Its name and id.</param>
/// <param name="Label">What to enter.</param>
/// <param name="Value">As typed.</param>
/// <param name="Errors">All errors of the form.</param>
public sealed record Field(string Name, string Label, string? Value, IReadOnlyList<FieldError> Errors)
{
    /// <summary>A text of several lines.</summary>
    public bool Multiline { get; init; }

    /// <summary>To choose from; null for a text.</summary>
    public IReadOnlyList<(string Value, string Label)>? Options { get; init; }

    /// <summary>What kind of text: null for any, else "email" or "password"; a password is never shown back.</summary>
    public string? Type { get; init; }

    /// <summary>What a browser may fill in (HTML, 4.10.18.7).</summary>
    public string AutoComplete { get; init; } = "off";

    /// <summary>The most characters it takes, in code points, to say how many are left; null where that is not said.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What to know before entering it.</summary>
    public string? Hint { get; init; }

    /// <summary>The value is a suggestion that nobody changed; null where nothing is suggested.</summary>
    public bool? Suggested { get; init; }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Error => Errors.Where(e => e.Field == Name).Select(Words.Of).FirstOrDefault();

    /// <summary>The ids of what describes it.</summary>
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
