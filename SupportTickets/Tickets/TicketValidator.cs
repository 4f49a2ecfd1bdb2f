using System.Globalization;
using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>The rules for what people and programs may write, used by all faces.</summary>
public static class TicketValidator
{
    /// <summary>
    /// Checks a new ticket. All fields are required except the status, which defaults to open, and the assignee, which defaults to nobody.
    /// </summary>
    public static Result<NewTicket> Create(TicketInput input)
    {
        var errors = new List<FieldError>();
        var title = TextRules.Text(errors, "title", input.Title, required: true, Ticket.MaxTitleLength);
        var description = TextRules.Text(errors, "description", input.Description, required: true);
        var category = TextRules.Choice<Category>(errors, "category", input.Category, required: true);
        var priority = TextRules.Choice<Priority>(errors, "priority", input.Priority, required: true);
        var status = TextRules.Choice<Status>(errors, "status", input.Status, required: false);
        var assignee = Person(errors, "assignee", input.Assignee);
        var requester = RequesterValidator.Choice(errors, input);
        if (errors.Count > 0)
            return new InvalidInput(errors);
        return new NewTicket(title!, description!, category!.Value, priority!.Value, status ?? Status.open)
        {
            Assignee = assignee ?? Assignment.Nobody,
            Requester = requester is { IsNobody: true } ? null : requester,
        };
    }

    /// <summary>Checks a change: no field is required, but the supplied ones must be valid.</summary>
    public static Result<TicketChange> Change(TicketInput input)
    {
        var errors = new List<FieldError>();
        var change = new TicketChange(
            TextRules.Text(errors, "title", input.Title, required: false, Ticket.MaxTitleLength),
            TextRules.Text(errors, "description", input.Description, required: false),
            TextRules.Choice<Category>(errors, "category", input.Category, required: false),
            TextRules.Choice<Priority>(errors, "priority", input.Priority, required: false),
            TextRules.Choice<Status>(errors, "status", input.Status, required: false))
        {
            Assignee = Person(errors, "assignee", input.Assignee),
            Requester = RequesterValidator.Choice(errors, input),
        };
        return errors.Count > 0 ? new InvalidInput(errors) : change;
    }

    /// <summary>Checks a replacement: fields that a new ticket requires are required, others get their default.</summary>
    public static Result<TicketChange> Replacement(TicketInput input) => Create(input).Succeeded(out var whole, out var problem)
        ? new TicketChange(whole.Title, whole.Description, whole.Category, whole.Priority, whole.Status)
        {
            Assignee = whole.Assignee,
            Requester = whole.Requester ?? RequesterChoice.Nobody,
        }
        : problem;

    /// <summary>Checks a description alone, for classification and title suggestions.</summary>
    public static Result<string> Description(Supplied description)
    {
        var errors = new List<FieldError>();
        var text = TextRules.Text(errors, "description", description, required: true);
        return errors.Count > 0 ? new InvalidInput(errors) : text!;
    }

    /// <summary>
    /// The error for an assignee who does not exist, is not an agent, or has left. It is the same for all three, so that it does
    /// not reveal who has an account.
    /// </summary>
    internal static FieldError NotAssignable(string shown) =>
        new("assignee", FieldErrorCode.NotAChoice,
            $"\"{TextRules.Echo(shown)}\" cannot be assigned: give the id of an agent or administrator whose account is in use.");

    // Checks only the form. Whether the person exists is checked in the database, once everything else is valid.
    private static Assignment? Person(List<FieldError> errors, string field, Supplied supplied)
    {
        if (supplied.IsMissing)
            return null;
        if (supplied.IsNull || supplied is { IsText: true, Text: "" })
            return Assignment.Nobody;
        if (int.TryParse(supplied.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return new(id);
        errors.Add(NotAssignable(supplied.Text!) with { Field = field });
        return null;
    }
}
