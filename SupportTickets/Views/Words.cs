using System.Buffers;
using System.Globalization;
using SupportTickets.Access;
using SupportTickets.Access.Links;
using SupportTickets.Access.People;
using SupportTickets.Access.Tokens;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Views;

/// <summary>Formats values for the pages.</summary>
public static class Words
{
    // Embeddings, overrides and isolates: they turn the direction of what stands after them (Unicode, UAX #9).
    private static readonly SearchValues<char> Turning =
        SearchValues.Create("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>
    /// A title as it is shown: a character that would turn the direction of the text, and show nothing itself, is its number: [U+202E].
    /// </summary>
    public static string Shown(string title) => !title.AsSpan().ContainsAny(Turning)
        ? title
        : string.Concat(title.Select(c => Turning.Contains(c) ? $"[U+{(int)c:X4}]" : c.ToString()));

    /// <summary>A name in a sentence: it may run from right to left while the text around it does not (FSI and PDI of UAX #9).</summary>
    public static string Isolated(string name) => $"\u2068{name}\u2069";

    /// <summary>The text of a time element where no script runs: in UTC, and marked so.</summary>
    public static string Utc(DateTime time) => time.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The value of a time element's datetime attribute.</summary>
    public static string Iso(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A day.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMM", CultureInfo.InvariantCulture);

    /// <summary>Days with their year: "7 Nov 2026", "1–7 Nov 2026", "28 Oct – 3 Nov 2026".</summary>
    public static string Days(DayRange days)
    {
        var first = days.First == days.Last ? ""
            : days.First.Year != days.Last.Year ? $"{Text(days.First, "d MMM yyyy")} – "
            : days.First.Month != days.Last.Month ? $"{Text(days.First, "d MMM")} – "
            : $"{days.First.Day}–";
        return first + Text(days.Last, "d MMM yyyy");

        static string Text(DateOnly day, string format) => day.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>An age: "Under 1 day", "3 to 7 days", "30 days and more".</summary>
    public static string Of(AgeRange age) => age switch
    {
        (0, { } to) => $"Under {to} {(to == 1 ? "day" : "days")}",
        ({ } from, { } to) => $"{from} to {to} days",
        ({ } from, null) => $"{from} days and more",
    };

    /// <summary>A duration in the unit that people would use: "45 min", "7.5 h", "3.2 d".</summary>
    public static string Span(double minutes) => minutes switch
    {
        < 60 => $"{minutes:0} min",
        < 48 * 60 => $"{Number(minutes / 60)} h",
        _ => $"{Number(minutes / 60 / 24)} d",
    };

    /// <summary>The difference of two durations with its sign; "no change" under half a minute.</summary>
    public static string SpanChange(double now, double before) => (now - before) switch
    {
        > -0.5 and < 0.5 => "no change",
        > 0 and var more => $"+{Span(more)}",
        var less => $"−{Span(-less)}",
    };

    /// <summary>The message that wrong passwords were entered too often, with the time until the next attempt.</summary>
    public static string SlowedDown(TimeSpan wait)
    {
        var time = wait.TotalSeconds <= 60
            ? Fault.Seconds((int)Math.Ceiling(wait.TotalSeconds))
            : $"{Math.Ceiling(wait.TotalMinutes)} minutes";
        return $"Wrong passwords were tried too often. Try again in {time}.";
    }

    /// <summary>How long ago a time was, in the largest unit that gives at least 1: "now", "5 min", "3 h", "12 d".</summary>
    public static string Age(DateTime time, DateTime now) => (now - time) switch
    {
        { TotalMinutes: < 1 } => "now",
        { TotalHours: < 1 } age => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 1 } age => $"{(int)age.TotalHours} h",
        var age => $"{(int)age.TotalDays} d",
    };

    /// <summary>A length in the unit that people would use: "640 bytes", "12 KB", "3.4 MB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        1 => "1 byte",
        < 1000 => $"{bytes} bytes",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB"),
    };

    /// <summary>What a token does.</summary>
    public static string Of(TokenScope scope) => scope switch
    {
        TokenScope.read => "Reads",
        TokenScope.read_without_notes => "Reads, without internal notes",
        TokenScope.write => "Reads and writes",
    };

    /// <summary>How long ago a time was, in a sentence: "just now", "5 min ago", "12 d ago".</summary>
    public static string Ago(DateTime time, DateTime now) => Age(time, now) is var age && age == "now" ? "just now" : $"{age} ago";

    /// <summary>An integer with separated thousands.</summary>
    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of tickets, or the number that there are more than.</summary>
    public static string Number(TicketCount count) => $"{(count.IsMore ? "more than " : "")}{Number(count.Number)}";

    /// <summary>A number with one decimal.</summary>
    public static string Number(double number) => number.ToString("N1", CultureInfo.InvariantCulture);

    /// <summary>An integer difference with its sign; "no change" for none.</summary>
    public static string Change(int change) => change switch
    {
        0 => "no change",
        > 0 => $"+{Number(change)}",
        < 0 => $"−{Number(-change)}",
    };

    /// <summary>The difference of two numbers with its sign; "no change" when it is too small to see.</summary>
    public static string Change(double now, double before) => Math.Round(now - before, 1) switch
    {
        0 => "no change",
        > 0 and var more => $"+{Number(more)}",
        var less => $"−{Number(-less)}",
    };

    /// <summary>A part of a whole, in per cent.</summary>
    public static string Share(int part, int whole) => whole == 0 ? "0%" : $"{100.0 * part / whole:0}%";

    /// <summary>An enum value in a sentence: "in_progress" becomes "in progress".</summary>
    public static string Plain<TEnum>(TEnum value) where TEnum : struct, Enum => Plain(value.ToString());

    /// <summary>An enum value at the start of a line: "In progress".</summary>
    public static string Label<TEnum>(TEnum value) where TEnum : struct, Enum
    {
        var plain = Plain(value);
        return char.ToUpperInvariant(plain[0]) + plain[1..];
    }

    /// <summary>A wire name in a sentence.</summary>
    public static string Plain(string wire) => wire.Replace('_', ' ');

    /// <summary>The message to a person for a broken rule: what is wrong and what to do.</summary>
    public static string Of(FieldError error) => ConversationWords.Of(error) ?? (error.Field, error.Code) switch
    {
        ("view", FieldErrorCode.Required or FieldErrorCode.Null or FieldErrorCode.Blank) => "Enter a name for the view.",
        ("view", FieldErrorCode.TooLong) => $"Shorten the name of the view to {SavedView.MaxNameLength} characters or fewer.",
        ("view", FieldErrorCode.Taken) => "You have a view with this name already: enter another one.",
        ("view", FieldErrorCode.TooMany) => $"You have {SavedViews.Max} views. Delete one that is not needed any more.",
        ("shared", _) => $"There are {SavedViews.MaxShared} shared views already. Somebody has to stop sharing one first.",
        ("address", FieldErrorCode.TooLong) => "This list has too long an address to be saved: search for fewer words.",
        ("address", _) => "This list cannot be saved, because it cannot be shown. Go back to it and remove the filter that is wrong.",
        ("name" or "email" or "password", FieldErrorCode.Required or FieldErrorCode.Null or FieldErrorCode.Blank) => error.Field switch
        {
            "name" => "Enter a name.",
            "email" => "Enter an e-mail address.",
            _ => "Enter a password.",
        },
        ("name" or "email" or "password", FieldErrorCode.TooLong) =>
            $"Shorten the {(error.Field == "email" ? "e-mail address" : error.Field)}.",
        (_, FieldErrorCode.NotAnAddress) => "Enter the e-mail address like name@example.com.",
        (_, FieldErrorCode.TooShort) =>
            $"Choose a password of at least {PersonValidator.MinPasswordLength} characters: a few words are easy to remember.",
        (_, FieldErrorCode.SameAsEmail) => "Choose a password that is not the e-mail address.",
        ("email", FieldErrorCode.Taken) => "Somebody has an account with this e-mail address already: enter another one.",
        (_, FieldErrorCode.Invited) => "This e-mail address is invited already: make its link anew in the list below, or revoke it first.",
        ("email", FieldErrorCode.TooMany) => $"There are {Invitations.Max} open invitations. Revoke some that are not needed any more.",
        (_, FieldErrorCode.Taken) => "Enter another name: this one stands for the desk itself or for visitors.",
        (_, FieldErrorCode.Wrong) => "This is not your password. Enter the one that you sign in with now.",
        ("current", FieldErrorCode.TooMany) => error.Message,
        (_, FieldErrorCode.TooMany) => $"You have {TokenStore.Max} tokens. Revoke one that is not needed any more.",
        ("title" or "description", FieldErrorCode.Required or FieldErrorCode.Null or FieldErrorCode.Blank) => $"Enter a {error.Field}.",
        ("title" or "description", FieldErrorCode.TooLong) => $"Shorten the {error.Field} to {Ticket.MaxTitleLength} characters or fewer.",
        ("search", FieldErrorCode.TooLong) => error.Message,
        ("tickets", FieldErrorCode.TooLong) => $"Select {Number(ChangeTickets.MaxTickets)} tickets or fewer.",
        ("status", FieldErrorCode.Required) => "Choose what to change in the selected tickets.",
        ("assignee", FieldErrorCode.Required) => "Sign in to see the tickets that are assigned to you.",
        ("assignee", _) => "Choose an assignee from the list: this one cannot be assigned.",
        ("tickets", _) => "Select at least one ticket.",
        (_, FieldErrorCode.Hidden) => "Remove what does not show from the name, such as a line break or a zero-width space: "
            + "type it instead of pasting it.",
        ("body", FieldErrorCode.NullCharacter) => "Remove the null character from the text: it cannot be stored.",
        (_, FieldErrorCode.NullCharacter) => $"Remove the null character from the {error.Field}: it cannot be stored.",
        (_, FieldErrorCode.Surrogate) => $"Remove the broken character from the {error.Field}: half of it is missing.",
        (_, FieldErrorCode.NotText) => $"Enter the {error.Field} as text.",
        _ => $"Choose a {error.Field} from the list.",
    };
}
