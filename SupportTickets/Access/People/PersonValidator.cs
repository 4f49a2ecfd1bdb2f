using SupportTickets.Core;

namespace SupportTickets.Access.People;

/// <summary>A new person, as received.</summary>
public sealed record PersonInput(string? Name, string? Email, string? Password, Role Role);

/// <summary>A new person, checked.</summary>
public sealed record NewPerson(string Name, string Email, string Password, Role Role);

/// <summary>A person to invite, checked.</summary>
public sealed record NewInvitation(string Email, Role Role);

/// <summary>The rules for people, used by every way to create or change one.</summary>
public static class PersonValidator
{
    /// <summary>
    /// The minimum length of a password, in Unicode code points. Length is what makes a password hard to guess, so there is no other rule.
    /// </summary>
    public const int MinPasswordLength = 12;

    /// <summary>The maximum length of a password.</summary>
    public const int MaxPasswordLength = 1000;

    // The history uses these names for other actors.
    private static readonly string[] ReservedNames = [Caller.AnonymousName, Caller.System.Name, Caller.TriageName];

    /// <summary>Checks a new person.</summary>
    public static Result<NewPerson> Create(PersonInput input)
    {
        var errors = new List<FieldError>();
        var name = Name(errors, input.Name);
        var email = Email(errors, input.Email);
        Password(errors, input.Password, email);
        return errors.Count > 0 ? new InvalidInput(errors) : new NewPerson(name!, email!, input.Password!, input.Role);
    }

    /// <summary>Checks a name alone.</summary>
    public static Result<string> Name(string? supplied)
    {
        var errors = new List<FieldError>();
        var name = Name(errors, supplied);
        return errors.Count > 0 ? new InvalidInput(errors) : name!;
    }

    /// <summary>Checks a password alone.</summary>
    /// <param name="supplied">The password.</param>
    /// <param name="email">The e-mail address of the person.</param>
    public static Result<string> Password(string? supplied, string? email)
    {
        var errors = new List<FieldError>();
        Password(errors, supplied, email);
        return errors.Count > 0 ? new InvalidInput(errors) : supplied!;
    }

    /// <summary>Checks a person to invite.</summary>
    public static Result<NewInvitation> Invite(string? email, string? role)
    {
        var errors = new List<FieldError>();
        var checkedEmail = Email(errors, email);
        var checkedRole = Role(errors, role);
        return errors.Count > 0 ? new InvalidInput(errors) : new NewInvitation(checkedEmail!, checkedRole);
    }

    /// <summary>Checks a role alone.</summary>
    public static Result<Role> Role(string? supplied)
    {
        var errors = new List<FieldError>();
        var role = Role(errors, supplied);
        return errors.Count > 0 ? new InvalidInput(errors) : role;
    }

    /// <summary>Whether a text is an e-mail address that an account can have.</summary>
    public static bool IsEmail(string text)
    {
        var errors = new List<FieldError>();
        Email(errors, text);
        return errors.Count == 0;
    }

    private static string? Name(List<FieldError> errors, string? supplied)
    {
        var name = VisibleText.Name(errors, "name", supplied, Person.MaxNameLength);
        if (ReservedNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            errors.Add(new("name", FieldErrorCode.Taken, "This name is not available."));
        return name;
    }

    private static string? Email(List<FieldError> errors, string? supplied) =>
        EmailRules.Check(errors, "email", Supplied.Of(supplied ?? ""), required: true, Person.MaxEmailLength);

    private static Role Role(List<FieldError> errors, string? supplied)
    {
        if (!EnumNames.TryParse<Role>(supplied, out var role))
            errors.Add(new("role", FieldErrorCode.NotAChoice, "Not a valid choice."));
        return role;
    }

    private static void Password(List<FieldError> errors, string? supplied, string? email)
    {
        const string field = "password";
        if (string.IsNullOrEmpty(supplied) || VisibleText.IsBlank(supplied))
            errors.Add(new(field, FieldErrorCode.Blank, "This field may not be blank."));
        else if (TextRules.CodePoints(supplied) < MinPasswordLength)
            errors.Add(new(field, FieldErrorCode.TooShort, $"Ensure this field has at least {MinPasswordLength} characters."));
        else if (TextRules.CodePoints(supplied) > MaxPasswordLength)
            errors.Add(new(field, FieldErrorCode.TooLong, $"Ensure this field has no more than {MaxPasswordLength} characters."));
        else if (supplied.Equals(email, StringComparison.OrdinalIgnoreCase))
            errors.Add(new(field, FieldErrorCode.SameAsEmail, "The password is the e-mail address."));
    }
}
