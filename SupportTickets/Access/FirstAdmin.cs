using SupportTickets.Hosting;
using SupportTickets.Tickets;

namespace SupportTickets.Access;

/// <summary>ADMIN_EMAIL and ADMIN_PASSWORD: who can sign in to a desk that has nobody yet.</summary>
public sealed record FirstAdmin(string Email, string Password)
{
    private const string Name = "Administrator";

    /// <summary>For the core.</summary>
    public PersonInput Input => new(Name, Email, Password, Role.admin);

    /// <summary>Without the password, which a record would print.</summary>
    public override string ToString() => Email;

    /// <summary>Checks them; null when neither is set.</summary>
    /// <exception cref="SettingException">Only one is set, or one cannot be meant.</exception>
    public static FirstAdmin? Read(string? email, string? password)
    {
        if (email is null && password is null)
            return null;
        if (email is null || password is null)
            throw new SettingException("ADMIN_EMAIL and ADMIN_PASSWORD must be set together, or neither.");
        var admin = new FirstAdmin(email, password);
        return PersonValidator.Create(admin.Input).Problem is InvalidInput invalid ? throw new SettingException(Sentence(invalid.Errors[0], email)) : admin;
    }

    private static string Sentence(FieldError error, string email) => error.Code switch
    {
        FieldErrorCode.TooShort => $"ADMIN_PASSWORD must have at least {PersonValidator.MinPasswordLength} characters.",
        FieldErrorCode.Blank when error.Field == "password" => "ADMIN_PASSWORD must not be blank.",
        FieldErrorCode.SameAsEmail => "ADMIN_PASSWORD must not be the e-mail address.",
        FieldErrorCode.TooLong when error.Field == "password" => $"ADMIN_PASSWORD must have at most {PersonValidator.MaxPasswordLength} characters.",
        _ => $"ADMIN_EMAIL must be an e-mail address, but is \"{email}\".",
    };
}
