using System.Net.Mail;

namespace SupportTickets.Core;

/// <summary>The rule for an e-mail address.</summary>
internal static class EmailRules
{
    /// <summary>Checks an e-mail address and trims it; null when it is missing or invalid.</summary>
    /// <param name="errors">Gets the errors.</param>
    /// <param name="field">The field.</param>
    /// <param name="supplied">The address as received.</param>
    /// <param name="required">Whether it must be supplied.</param>
    /// <param name="maxLength">The longest address, in UTF-16 units.</param>
    public static string? Check(List<FieldError> errors, string field, Supplied supplied, bool required, int maxLength)
    {
        var email = TextRules.Text(errors, field, supplied, required, maxLength);
        var isWrong = email is not null
            && (VisibleText.FirstHidden(email) is not null || !(MailAddress.TryCreate(email, out var address) && address.Address == email));
        if (isWrong)
            errors.Add(new(field, FieldErrorCode.NotAnAddress, "Enter a valid e-mail address."));
        return email;
    }
}
