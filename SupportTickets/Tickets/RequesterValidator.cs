using System.Globalization;
using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>Who asks for help, as a face supplied it.</summary>
/// <param name="Id">The key; null for nobody, and for somebody who is named by address.</param>
public sealed record RequesterChoice(int? Id)
{
    /// <summary>Nobody.</summary>
    public static readonly RequesterChoice Nobody = new((int?)null);

    /// <summary>The name, for somebody who may not be known yet; empty where only the address was given, null with an id.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address, by which they are found; null with an id.</summary>
    public string? Email { get; init; }

    /// <summary>Whether it stands for nobody.</summary>
    public bool IsNobody => Id is null && Email is null;
}

/// <summary>Everything that a caller may supply for a requester, as received.</summary>
public sealed record RequesterInput
{
    /// <summary>See <see cref="Requester.Name"/>.</summary>
    public Supplied Name { get; init; }

    /// <summary>See <see cref="Requester.Email"/>.</summary>
    public Supplied Email { get; init; }

    /// <summary>See <see cref="Requester.Organization"/>; null and the empty text are none.</summary>
    public Supplied Organization { get; init; }

    /// <summary>See <see cref="Requester.Notes"/>; null and the empty text are none.</summary>
    public Supplied Notes { get; init; }
}

/// <summary>A valid change of a requester; null leaves a field as it is, and the empty text clears it.</summary>
public sealed record RequesterChange(string? Name, string? Email, string? Organization, string? Notes);

/// <summary>The rules for requesters, used by all faces.</summary>
public static class RequesterValidator
{
    /// <summary>Checks a new requester: name and address are required.</summary>
    public static Result<RequesterChange> Create(RequesterInput input) => Check(input, required: true);

    /// <summary>Checks a change: no field is required, but the supplied ones must be valid.</summary>
    public static Result<RequesterChange> Change(RequesterInput input) => Check(input, required: false);

    /// <summary>The error for a requester who does not exist.</summary>
    internal static FieldError NotKnown(string shown) =>
        new("requester", FieldErrorCode.NotAChoice, $"\"{TextRules.Echo(shown)}\" is not the id of a requester.");

    /// <summary>
    /// The error for an address without a name, for callers who may not read: whether the name is needed must not tell them whether the
    /// address is known. Null when the name is there, or no address is.
    /// </summary>
    internal static FieldError? Unnamed(TicketInput input) => IsBlank(input.RequesterName) && !IsBlank(input.RequesterEmail)
        ? new("requester_name", FieldErrorCode.Blank, "This field may not be blank.")
        : null;

    /// <summary>Reads who asks from the input of a ticket; null when it says nothing about that.</summary>
    internal static RequesterChoice? Choice(List<FieldError> errors, TicketInput input)
    {
        if (IsBlank(input.RequesterName) && IsBlank(input.RequesterEmail))
            return ById(errors, input.Requester);
        // Somebody who is known is found by the address alone.
        var name = IsBlank(input.RequesterName) ? "" : Name(errors, "requester_name", input.RequesterName, required: true);
        var email = EmailRules.Check(errors, "requester_email", OrEmpty(input.RequesterEmail), required: true, Requester.MaxEmailLength);
        return name is null || email is null ? null : new(null) { Name = name, Email = email };
    }

    private static RequesterChoice? ById(List<FieldError> errors, Supplied supplied)
    {
        if (supplied.IsMissing)
            return null;
        if (supplied.IsNull || supplied is { IsText: true, Text: "" })
            return RequesterChoice.Nobody;
        if (int.TryParse(supplied.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return new(id);
        errors.Add(NotKnown(supplied.Text!));
        return null;
    }

    private static Result<RequesterChange> Check(RequesterInput input, bool required)
    {
        var errors = new List<FieldError>();
        var change = new RequesterChange(
            Name(errors, "name", input.Name, required),
            EmailRules.Check(errors, "email", input.Email, required, Requester.MaxEmailLength),
            Optional(errors, "organization", input.Organization, Requester.MaxOrganizationLength, ofOneLine: true),
            Optional(errors, "notes", input.Notes, Requester.MaxNotesLength, ofOneLine: false));
        return errors.Count > 0 ? new InvalidInput(errors) : change;
    }

    private static string? Name(List<FieldError> errors, string field, Supplied supplied, bool required) =>
        supplied.IsMissing && !required ? null : VisibleText.Name(errors, field, supplied, Requester.MaxNameLength);

    private static string? Optional(List<FieldError> errors, string field, Supplied supplied, int maxLength, bool ofOneLine)
    {
        if (supplied.IsMissing)
            return null;
        if (supplied.IsNull || (supplied.IsText && string.IsNullOrWhiteSpace(supplied.Text)))
            return "";
        return ofOneLine
            ? VisibleText.Name(errors, field, supplied, maxLength)
            : TextRules.Text(errors, field, supplied, required: true, maxLength);
    }

    private static bool IsBlank(Supplied supplied) =>
        supplied.IsMissing || supplied.IsNull || (supplied.IsText && string.IsNullOrWhiteSpace(supplied.Text));

    private static Supplied OrEmpty(Supplied supplied) => supplied.IsMissing || supplied.IsNull ? Supplied.Of("") : supplied;
}
