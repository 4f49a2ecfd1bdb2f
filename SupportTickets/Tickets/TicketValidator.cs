using System.Globalization;
using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>The one set of rules for what people and programs may write, whichever face it came by.</summary>
public static class TicketValidator
{
    /// <summary>
    /// Checks a ticket to be: all fields needed but the status, which is open, and the assignee, who is nobody unless given.
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
        if (errors.Count > 0)
            return new InvalidInput(errors);
        return new NewTicket(title!, description!, category!.Value, priority!.Value, status ?? Status.open)
        {
            Assignee = assignee ?? Assignment.Nobody,
        };
    }

    /// <summary>Checks a change: nothing is needed, what is there must be right.</summary>
    public static Result<TicketChange> Change(TicketInput input)
    {
        var errors = new List<FieldError>();
        var change = new TicketChange(
            TextRules.Text(errors, "title", input.Title, required: false, Ticket.MaxTitleLength),
            TextRules.Text(errors, "description", input.Description, required: false),
            TextRules.Choice<Category>(errors, "category", input.Category, required: false),
            TextRules.Choice<Priority>(errors, "priority", input.Priority, required: false),
            TextRules.Choice<Status>(errors, "status", input.Status, required: false))
        { Assignee = Person(errors, "assignee", input.Assignee) };
        return errors.Count > 0 ? new InvalidInput(errors) : change;
    }

    /// <summary>Checks a change of everything: what a new ticket needs is needed, what has a default gets it.</summary>
    public static Result<TicketChange> Replacement(TicketInput input) => Create(input).Succeeded(out var whole, out var problem)
        ? new TicketChange(whole.Title, whole.Description, whole.Category, whole.Priority, whole.Status) { Assignee = whole.Assignee }
        : problem;

    /// <summary>Checks a description alone, as classifying and suggesting a title take it.</summary>
    public static Result<string> Description(Supplied description)
    {
        var errors = new List<FieldError>();
        var text = TextRules.Text(errors, "description", description, required: true);
        return errors.Count > 0 ? new InvalidInput(errors) : text!;
    }

    /// <summary>
    /// What is wrong with an assignee who is not there, is no agent, or has left: to tell these apart would tell who has an
    /// account.
    /// </summary>
    internal static FieldError NotAssignable(string shown) =>
        new("assignee", FieldErrorCode.NotAChoice,
            $"\"{TextRules.Echo(shown)}\" cannot be assigned: give the id of an agent or administrator whose account is in use.");

    // Whether there is such a person is for the database to say, when all else is right.
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
