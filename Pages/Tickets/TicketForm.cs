using System.Globalization;
using SupportTickets.Core;
using SupportTickets.Tickets;

namespace SupportTickets.Pages.Tickets;

/// <summary>The fields of a ticket in a form; null for a field that the form did not contain.</summary>
public sealed record TicketForm(string? Title, string? Description, string? Category, string? Priority, string? Status)
{
    /// <summary>The id of the assignee; empty for nobody.</summary>
    public string? Assignee { get; init; }

    /// <summary>The name of the requester.</summary>
    public string? RequesterName { get; init; }

    /// <summary>The e-mail address of the requester, by which they are chosen; empty for nobody.</summary>
    public string? RequesterEmail { get; init; }

    /// <summary>An empty form.</summary>
    public static readonly TicketForm Empty = new("", "", "", "", null);

    /// <summary>A form without any field.</summary>
    public static readonly TicketForm None = new(null, null, null, null, null);

    /// <summary>The names of the fields that two people can change at the same time, in the order of the form.</summary>
    public static readonly IReadOnlyList<string> Merged =
        ["title", "description", "category", "priority", "status", "assignee", RequesterField];

    /// <summary>The name of the field that says who asks: the e-mail address. The name of somebody new goes with it.</summary>
    public const string RequesterField = "requesterEmail";

    /// <summary>Reads a post.</summary>
    public static TicketForm Read(IFormCollection form) => Read(form, "") with { RequesterName = Text(form, "requesterName") };

    /// <summary>Reads the values that the fields of a post had when its page was made.</summary>
    public static TicketForm ReadBase(IFormCollection form) => Read(form, BasePrefix);

    /// <summary>What the name of a hidden field with the value before begins with.</summary>
    public const string BasePrefix = "was-";

    private static TicketForm Read(IFormCollection form, string prefix) => new(
        Text(form, prefix + "title"), Text(form, prefix + "description"), Text(form, prefix + "category"),
        Text(form, prefix + "priority"), Text(form, prefix + "status"))
    {
        Assignee = Text(form, prefix + "assignee"),
        RequesterEmail = Text(form, prefix + RequesterField),
    };

    /// <summary>The form for a ticket that was read with its requester.</summary>
    public static TicketForm Of(Ticket ticket) =>
        new(ticket.Title, Lines(ticket.Description), ticket.Category.ToString(), ticket.Priority.ToString(), ticket.Status.ToString())
        {
            Assignee = ticket.AssigneeId?.ToString(CultureInfo.InvariantCulture) ?? "",
            RequesterEmail = ticket.Requester?.Email ?? "",
        };

    /// <summary>A field of a post; null when it is missing. The last counts.</summary>
    public static string? Text(IFormCollection form, string name) => form[name] is [.., { } last] ? Lines(last) : null;

    /// <summary>The value of one of the <see cref="Merged"/> fields.</summary>
    public string? this[string name] => name switch
    {
        "title" => Title,
        "description" => Description,
        "category" => Category,
        "priority" => Priority,
        "status" => Status,
        "assignee" => Assignee,
        RequesterField => RequesterEmail,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>The form with another value in one of the <see cref="Merged"/> fields; null takes the field out.</summary>
    public TicketForm With(string name, string? value) => name switch
    {
        "title" => this with { Title = value },
        "description" => this with { Description = value },
        "category" => this with { Category = value },
        "priority" => this with { Priority = value },
        "status" => this with { Status = value },
        "assignee" => this with { Assignee = value },
        RequesterField => this with { RequesterEmail = value, RequesterName = value is null ? null : RequesterName },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>The input for the core.</summary>
    public TicketInput ToInput() => new()
    {
        Title = Supplied.OfForm(Title),
        Description = Supplied.OfForm(Description),
        Category = Supplied.OfForm(Category),
        Priority = Supplied.OfForm(Priority),
        Status = Supplied.OfForm(Status),
        Assignee = Supplied.OfForm(Assignee),
        RequesterName = Supplied.OfForm(RequesterName),
        RequesterEmail = Supplied.OfForm(RequesterEmail),
        // A form with both fields empty takes the requester away.
        Requester = RequesterEmail is null ? Supplied.Missing : Supplied.Of(""),
    };

    /// <summary>The form with stored values in the fields that it did not contain; the ticket was read with its requester.</summary>
    public TicketForm FilledFrom(Ticket ticket)
    {
        var stored = Of(ticket);
        return Merged.Aggregate(this, (form, name) => form[name] is null ? form.With(name, stored[name]) : form);
    }

    // Browsers send line breaks as CR LF, but the person typed only a line break.
    private static string Lines(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n');
}
