using SupportTickets.Core;
using SupportTickets.Pages.Tickets;
using SupportTickets.Tickets;

namespace SupportTickets.Pages.Requesters;

/// <summary>The fields of a requester in a form.</summary>
public sealed record RequesterForm(string Name, string Email, string Organization, string Notes)
{
    /// <summary>The names of the fields with their labels, in the order of the form.</summary>
    public static readonly IReadOnlyList<(string Name, string Label)> Fields =
        [("name", "Name"), ("email", "E-mail address"), ("organization", "Organization"), ("notes", "Notes")];

    /// <summary>The value of a field.</summary>
    public string this[string name] => name switch
    {
        "name" => Name,
        "email" => Email,
        "organization" => Organization,
        "notes" => Notes,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>The stored values.</summary>
    public static RequesterForm Of(Requester requester) =>
        new(requester.Name, requester.Email, requester.Organization ?? "", (requester.Notes ?? "").ReplaceLineEndings("\n"));

    /// <summary>Reads a post; a field that it does not contain is empty.</summary>
    public static RequesterForm Read(IFormCollection form) => Read(form, "");

    /// <summary>Reads the values that the fields of a post had when its page was made.</summary>
    public static RequesterForm ReadBase(IFormCollection form) => Read(form, TicketForm.BasePrefix);

    /// <summary>The input for the core: only what differs from the values that the page was made with.</summary>
    public RequesterInput ChangesFrom(RequesterForm before)
    {
        return new() { Name = Of("name"), Email = Of("email"), Organization = Of("organization"), Notes = Of("notes") };

        Supplied Of(string name) => this[name] == before[name] ? Supplied.Missing : Supplied.Of(this[name]);
    }

    /// <summary>The stored values with the changes that were made here.</summary>
    public RequesterForm Over(RequesterForm current, RequesterForm before)
    {
        return new(Of("name"), Of("email"), Of("organization"), Of("notes"));

        string Of(string name) => this[name] == before[name] ? current[name] : this[name];
    }

    /// <summary>The fields that were changed here and, to something else, by somebody else meanwhile.</summary>
    public IReadOnlyList<string> ConflictsWith(RequesterForm current, RequesterForm before) =>
        [.. Fields.Select(f => f.Name).Where(f => this[f] != before[f] && current[f] != before[f] && current[f] != this[f])];

    private static RequesterForm Read(IFormCollection form, string prefix) =>
        new(Text(form, $"{prefix}name"), Text(form, $"{prefix}email"), Text(form, $"{prefix}organization"), Text(form, $"{prefix}notes"));

    private static string Text(IFormCollection form, string name) => TicketForm.Text(form, name) ?? "";
}
