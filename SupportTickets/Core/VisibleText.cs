using System.Globalization;
using System.Text;

namespace SupportTickets.Core;

/// <summary>Rules for text that identifies something, such as a name: every character must be visible.</summary>
internal static class VisibleText
{
    private const int ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D;

    // Letters, marks and symbols without a visible form: Hangul fillers, Khmer vowels, the Braille blank and the like.
    private static readonly int[] Blank = [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0];

    /// <summary>
    /// The first character that is invisible or changes how others are displayed: control characters, line breaks, direction marks,
    /// zero-width characters. Null when there is none. Joiners count unless they join letters, and variation selectors unless they
    /// follow a character with variants.
    /// </summary>
    public static Rune? FirstHidden(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        for (var at = 0; at < runes.Length; at++)
        {
            if (IsHidden(runes[at]) && !HasPlace(runes, at))
                return runes[at];
        }
        return null;
    }

    /// <summary>Whether no character of the text is visible.</summary>
    public static bool IsBlank(string text) => text.EnumerateRunes().All(rune => Rune.IsWhiteSpace(rune) || IsHidden(rune));

    /// <summary>Checks a name that is required, on one line; null when it is missing, null, not text, or invalid.</summary>
    public static string? Name(List<FieldError> errors, string field, Supplied supplied, int maxLength) => supplied.IsText
        ? Name(errors, field, supplied.Text, maxLength)
        : TextRules.Text(errors, field, supplied, required: true);

    /// <summary>Checks a name, on one line; null when it is missing or invalid.</summary>
    public static string? Name(List<FieldError> errors, string field, string? supplied, int maxLength)
    {
        var trimmed = (supplied ?? "").Trim();
        var name = TextRules.Text(errors, field, Supplied.Of(OneLine.Of(trimmed)), required: true, maxLength);
        if (name is not null && !errors.Any(e => e.Field == field) && FirstHidden(trimmed) is { } hidden)
        {
            var code = hidden.Value.ToString("X4", CultureInfo.InvariantCulture);
            errors.Add(new(field, FieldErrorCode.Hidden, $"Characters that do not show are not allowed: U+{code}."));
        }
        return name;
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || IsVariation(rune) || Blank.Contains(rune.Value);

    // Persian and Indic scripts need joiners inside words, and emoji are combined with one. A variation selector follows a symbol
    // (an emoji) or an ideograph (a Japanese name).
    private static bool HasPlace(Rune[] runes, int at)
    {
        if (at == 0) return false;
        var before = runes[at - 1];
        if (IsVariation(runes[at])) return IsSymbol(before) || IsIdeograph(before);
        if (at + 1 == runes.Length || runes[at].Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner)) return false;
        return (Joins(before) && Joins(runes[at + 1]))
            || (runes[at].Value == ZeroWidthJoiner && (IsSymbol(before) || IsVariation(before)) && IsSymbol(runes[at + 1]));
    }

    // Arabic and related scripts up to those of South and Central Asia, without those in between that do not join.
    private static bool Joins(Rune rune) =>
        rune.Value is (>= 0x0620 and <= 0x10FF) or (>= 0x1700 and <= 0x1CFF) or (>= 0xA840 and <= 0xABFF)
        && !IsHidden(rune) && (Rune.IsLetter(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static bool IsSymbol(Rune rune) =>
        !Blank.Contains(rune.Value) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol;

    private static bool IsIdeograph(Rune rune) =>
        rune.Value is (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    private static bool IsVariation(Rune rune) =>
        rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180F);
}
