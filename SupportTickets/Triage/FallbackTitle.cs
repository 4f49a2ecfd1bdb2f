using System.Text;
using System.Text.RegularExpressions;

namespace SupportTickets.Triage;

/// <summary>
/// Makes a title from a text without a provider, by the rules of the older system, which are recorded in the REST contract.
/// </summary>
public static partial class FallbackTitle
{
    /// <summary>The longest title made from a description, in code points.</summary>
    public const int MaxLength = 60;

    /// <summary>The longest title taken from a provider, in code points.</summary>
    public const int MaxSuggestedLength = 120;

    private const string NothingLeft = "Support request";

    /// <summary>The first sentence of a description, normalized.</summary>
    public static string From(string description)
    {
        var text = Collapse(description);
        return Tidy(SentenceEnd().Match(text) is { Success: true } end ? text[..(end.Index + 1)] : text, MaxLength);
    }

    /// <summary>A provider's title, normalized in the same way.</summary>
    public static string Normalise(string title) => Tidy(Collapse(title), MaxSuggestedLength);

    private static string Collapse(string text) => WhiteSpace().Replace(text, " ").Trim();

    private static string Tidy(string text, int maxLength)
    {
        var title = text.Trim(' ', '"', '\'', '`').TrimEnd(' ', '.', '!', '?', ';', ':');
        var cut = new StringBuilder();
        foreach (var rune in title.EnumerateRunes().Take(maxLength))
            cut.Append(rune);
        return cut.ToString().TrimEnd() is { Length: > 0 } kept ? kept : NothingLeft;
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"[.!?](?= )", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();
}
