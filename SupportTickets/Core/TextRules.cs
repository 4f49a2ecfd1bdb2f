using System.Globalization;
using System.Text;

namespace SupportTickets.Core;

/// <summary>
/// The rules for a single value from a person or a program: a text, or a choice. The messages are those of the recorded REST contract.
/// </summary>
public static class TextRules
{
    /// <summary>How much of an invalid choice an error message shows, in UTF-16 units.</summary>
    private const int MaxEcho = 100;

    /// <summary>The number of Unicode code points, which is what people count as characters.</summary>
    public static int CodePoints(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>Checks a text and trims it; null when it is missing or invalid.</summary>
    public static string? Text(List<FieldError> errors, string field, Supplied supplied, bool required, int maxLength = int.MaxValue)
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
            var code = ((int)half).ToString("X4", CultureInfo.InvariantCulture);
            Add(FieldErrorCode.Surrogate, $"Surrogate characters are not allowed: U+{code}.");
            return null;
        }
        if (text.Length > maxLength && CodePoints(text) > maxLength)
            Add(FieldErrorCode.TooLong, $"Ensure this field has no more than {maxLength} characters.");
        if (text.Contains('\0'))
            Add(FieldErrorCode.NullCharacter, "Null characters are not allowed.");
        return text;
    }

    /// <summary>Checks a choice among the members of an enum; null when it is missing or invalid.</summary>
    public static TEnum? Choice<TEnum>(List<FieldError> errors, string field, Supplied supplied, bool required)
        where TEnum : struct, Enum =>
        Choice<TEnum>(errors, field, supplied, required, text => EnumNames.TryParse<TEnum>(text, out var value) ? value : null);

    /// <summary>Checks a choice that <paramref name="parse"/> knows; null when it is missing or invalid.</summary>
    public static T? Choice<T>(List<FieldError> errors, string field, Supplied supplied, bool required, Func<string?, T?> parse)
        where T : struct
    {
        if (!Present(errors, field, supplied, required))
            return null;
        if (supplied.IsText && parse(supplied.Text) is { } value)
            return value;
        errors.Add(new(field, FieldErrorCode.NotAChoice, $"\"{Echo(supplied.Text!)}\" is not a valid choice."));
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

    /// <summary>An invalid value for an error message: shortened, and with lone surrogates replaced so that it can be encoded.</summary>
    public static string Echo(string text)
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
