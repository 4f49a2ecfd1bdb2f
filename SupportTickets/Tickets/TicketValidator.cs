using System.Globalization;
using System.Text;

namespace SupportTickets.Tickets;

/// <summary>The one set of rules for what people and programs may write, whichever face it came by.</summary>
public static class TicketValidator
{
    /// <summary>How much of a bad choice is shown back, in UTF-16 units.</summary>
    private const int MaxEcho = 100;

    /// <summary>Checks a ticket to be: all fields needed but the status, which is open, and the assignee, who is nobody unless given.</summary>
    public static Result<NewTicket> Create(TicketInput input)
    {
        var errors = new List<FieldError>();
        var title = Text(errors, "title", input.Title, required: true, Ticket.MaxTitleLength);
        var description = Text(errors, "description", input.Description, required: true);
        var category = Choice<Category>(errors, "category", input.Category, required: true);
        var priority = Choice<Priority>(errors, "priority", input.Priority, required: true);
        var status = Choice<Status>(errors, "status", input.Status, required: false);
        var assignee = Person(errors, "assignee", input.Assignee);
        if (errors.Count > 0)
            return new InvalidInput(errors);
        return new NewTicket(title!, description!, category!.Value, priority!.Value, status ?? Status.open) { Assignee = assignee ?? Assignment.Nobody };
    }

    /// <summary>Checks a change: nothing is needed, what is there must be right.</summary>
    public static Result<TicketChange> Change(TicketInput input)
    {
        var errors = new List<FieldError>();
        var change = new TicketChange(
            Text(errors, "title", input.Title, required: false, Ticket.MaxTitleLength),
            Text(errors, "description", input.Description, required: false),
            Choice<Category>(errors, "category", input.Category, required: false),
            Choice<Priority>(errors, "priority", input.Priority, required: false),
            Choice<Status>(errors, "status", input.Status, required: false))
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
        var text = Text(errors, "description", description, required: true);
        return errors.Count > 0 ? new InvalidInput(errors) : text!;
    }

    /// <summary>What is wrong with an assignee who is not there, is no agent, or has left: to tell these apart would tell who has an account.</summary>
    internal static FieldError NotAssignable(string shown) =>
        new("assignee", FieldErrorCode.NotAChoice, $"\"{Echo(shown)}\" cannot be assigned: give the id of an agent or administrator whose account is in use.");

    /// <summary>The number of Unicode code points, which is what people count as characters.</summary>
    public static int CodePoints(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>Checks a text and trims it; null when there is none to keep.</summary>
    internal static string? Text(List<FieldError> errors, string field, Supplied supplied, bool required, int maxLength = int.MaxValue)
    {
        void Add(FieldErrorCode code, string message) => errors.Add(new(field, code, message));

        if (!Present(errors, field, supplied, required))
            return null;
        if (!supplied.IsText)
        {
            Add(FieldErrorCode.NotText, "Not a valid string.");
            return null;
        }
        var text = supplied.Text!.Trim();
        if (text.Length == 0)
        {
            Add(FieldErrorCode.Blank, "This field may not be blank.");
            return null;
        }
        if (LoneSurrogate(text) is { } half)
        {
            Add(FieldErrorCode.Surrogate, string.Create(CultureInfo.InvariantCulture, $"Surrogate characters are not allowed: U+{(int)half:X4}."));
            return null;
        }
        if (text.Length > maxLength && CodePoints(text) > maxLength)
            Add(FieldErrorCode.TooLong, $"Ensure this field has no more than {maxLength} characters.");
        if (text.Contains('\0'))
            Add(FieldErrorCode.NullCharacter, "Null characters are not allowed.");
        return text;
    }

    /// <summary>Checks a choice among the members of an enum; null when there is none to keep.</summary>
    internal static TEnum? Choice<TEnum>(List<FieldError> errors, string field, Supplied supplied, bool required) where TEnum : struct, Enum =>
        Choice<TEnum>(errors, field, supplied, required, text => TicketEnums.TryParse<TEnum>(text, out var value) ? value : null);

    /// <summary>Checks a choice among anything; null when there is none to keep.</summary>
    internal static T? Choice<T>(List<FieldError> errors, string field, Supplied supplied, bool required, Func<string?, T?> parse) where T : struct
    {
        if (!Present(errors, field, supplied, required))
            return null;
        if (supplied.IsText && parse(supplied.Text) is { } value)
            return value;
        errors.Add(new(field, FieldErrorCode.NotAChoice, $"\"{Echo(supplied.Text!)}\" is not a valid choice."));
        return null;
    }

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

    private static bool Present(List<FieldError> errors, string field, Supplied supplied, bool required)
    {
        if (supplied.IsMissing && required)
            errors.Add(new(field, FieldErrorCode.Required, "This field is required."));
        if (supplied.IsNull)
            errors.Add(new(field, FieldErrorCode.Null, "This field may not be null."));
        return !supplied.IsMissing && !supplied.IsNull;
    }

    /// <summary>A bad value to show back: short, and with every half of a surrogate pair replaced, so that it can be encoded.</summary>
    private static string Echo(string text)
    {
        var echo = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (echo.Length >= MaxEcho)
                return echo.Append('…').ToString();
            echo.Append(rune);
        }
        return echo.ToString();
    }

    private static char? LoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else return text[i];
        }
        return null;
    }
}
