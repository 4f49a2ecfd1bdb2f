using SupportTickets.Access.People;
using SupportTickets.Configuration;
using SupportTickets.Core;

namespace SupportTickets.Access.Accounts;

/// <summary>Checks the first administrator in the settings by the rules for all people.</summary>
internal static class FirstAdminCheck
{
    private const string Name = "Administrator";

    /// <summary>The input for the core.</summary>
    public static PersonInput Input(this FirstAdmin admin) => new(Name, admin.Email, admin.Password, Role.admin);

    /// <summary>Checks the first administrator, if there is one.</summary>
    /// <exception cref="SettingException">The settings do not make a valid account.</exception>
    public static void Check(FirstAdmin? admin)
    {
        if (admin is not null && PersonValidator.Create(admin.Input()).Problem is InvalidInput invalid)
            throw new SettingException(Sentence(invalid.Errors[0], admin.Email));
    }

    private static string Sentence(FieldError error, string email) => error.Code switch
    {
        FieldErrorCode.TooShort => $"ADMIN_PASSWORD must have at least {PersonValidator.MinPasswordLength} characters.",
        FieldErrorCode.Blank when error.Field == "password" => "ADMIN_PASSWORD must not be blank.",
        FieldErrorCode.SameAsEmail => "ADMIN_PASSWORD must not be the e-mail address.",
        FieldErrorCode.TooLong when error.Field == "password" =>
            $"ADMIN_PASSWORD must have at most {PersonValidator.MaxPasswordLength} characters.",
        _ => $"ADMIN_EMAIL must be an e-mail address, but is \"{email}\".",
    };
}
