using System.Globalization;
using SupportTickets.Access;
using SupportTickets.Tickets;

namespace SupportTickets.Pages.Shared;

/// <summary>Values in the words of the pages.</summary>
public static class Words
{
    /// <summary>The text of a time element where no script runs: UTC, and says so.</summary>
    public static string Utc(DateTime time) => time.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The value of a time element's datetime attribute.</summary>
    public static string Iso(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A day.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMM", CultureInfo.InvariantCulture);

    /// <summary>How long ago, in the largest unit that gives at least 1: "now", "5 min", "3 h", "12 d".</summary>
    public static string Age(DateTime time, DateTime now) => (now - time) switch
    {
        { TotalMinutes: < 1 } => "now",
        { TotalHours: < 1 } age => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 1 } age => $"{(int)age.TotalHours} h",
        var age => $"{(int)age.TotalDays} d",
    };

    /// <summary>A whole number with its thousands set apart.</summary>
    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with one decimal.</summary>
    public static string Number(double number) => number.ToString("N1", CultureInfo.InvariantCulture);

    /// <summary>A whole change with its sign; "no change" for none.</summary>
    public static string Change(int change) => change switch
    {
        0 => "no change",
        > 0 => $"+{Number(change)}",
        < 0 => $"−{Number(-change)}",
    };

    /// <summary>A change between two numbers with its sign; "no change" when it is too small to see.</summary>
    public static string Change(double now, double before) => Math.Round(now - before, 1) switch
    {
        0 => "no change",
        > 0 and var more => $"+{Number(more)}",
        var less => $"−{Number(-less)}",
    };

    /// <summary>A part of a whole, in per cent.</summary>
    public static string Share(int part, int whole) => whole == 0 ? "0%" : $"{100.0 * part / whole:0}%";

    /// <summary>A value of one of the enums as a sentence would have it: "in_progress" becomes "in progress".</summary>
    public static string Plain<TEnum>(TEnum value) where TEnum : struct, Enum => Plain(value.ToString());

    /// <summary>The same at the start of a line: "In progress".</summary>
    public static string Label<TEnum>(TEnum value) where TEnum : struct, Enum
    {
        var plain = Plain(value);
        return char.ToUpperInvariant(plain[0]) + plain[1..];
    }

    /// <summary>A wire name as a sentence would have it.</summary>
    public static string Plain(string wire) => wire.Replace('_', ' ');

    /// <summary>What a broken rule says to a person: what happened and what to do.</summary>
    public static string Of(FieldError error) => (error.Field, error.Code) switch
    {
        ("name" or "email" or "password", FieldErrorCode.Required or FieldErrorCode.Null or FieldErrorCode.Blank) => error.Field switch
        {
            "name" => "Enter a name.",
            "email" => "Enter an e-mail address.",
            _ => "Enter a password.",
        },
        ("name" or "email" or "password", FieldErrorCode.TooLong) => $"Shorten the {(error.Field == "email" ? "e-mail address" : error.Field)}.",
        (_, FieldErrorCode.NotAnAddress) => "Enter the e-mail address like name@example.com.",
        (_, FieldErrorCode.TooShort) => $"Choose a password of at least {PersonValidator.MinPasswordLength} characters: a few words are easy to remember.",
        (_, FieldErrorCode.SameAsEmail) => "Choose a password that is not the e-mail address.",
        ("email", FieldErrorCode.Taken) => "Somebody has an account with this e-mail address already: enter another one.",
        (_, FieldErrorCode.Taken) => "Enter another name: this one stands for the desk itself or for visitors.",
        (_, FieldErrorCode.Wrong) => "This is not your password. Enter the one that you sign in with now.",
        ("current", FieldErrorCode.TooMany) => $"That was wrong too often. Try again in {PasswordAttempts.Pause.TotalMinutes} minutes.",
        (_, FieldErrorCode.TooMany) => $"You have {Tokens.Max} tokens. Revoke one that is not needed any more.",
        ("title" or "description", FieldErrorCode.Required or FieldErrorCode.Null or FieldErrorCode.Blank) => $"Enter a {error.Field}.",
        ("title" or "description", FieldErrorCode.TooLong) => $"Shorten the {error.Field} to {Ticket.MaxTitleLength} characters or fewer.",
        ("search", FieldErrorCode.TooLong) => error.Message,
        ("tickets", FieldErrorCode.TooLong) => $"Select {ChangeTickets.MaxTickets} tickets or fewer.",
        ("status", FieldErrorCode.Required) => "Choose what to change in the selected tickets.",
        ("assignee", FieldErrorCode.Required) => "Sign in to see the tickets that are assigned to you.",
        ("assignee", _) => "Choose an assignee from the list: this one cannot be assigned.",
        ("tickets", _) => "Select at least one ticket.",
        (_, FieldErrorCode.NullCharacter) => $"Remove the null character from the {error.Field}: it cannot be stored.",
        (_, FieldErrorCode.Surrogate) => $"Remove the broken character from the {error.Field}: half of it is missing.",
        (_, FieldErrorCode.NotText) => $"Enter the {error.Field} as text.",
        _ => $"Choose a {error.Field} from the list.",
    };
}
