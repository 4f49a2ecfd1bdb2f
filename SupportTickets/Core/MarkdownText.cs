using System.Text.RegularExpressions;

namespace SupportTickets.Core;

/// <summary>The words of a piece of Markdown, without its signs, for previews. The piece may begin and end anywhere.</summary>
public static partial class MarkdownText
{
    /// <summary>
    /// Removes the signs of headings, quotes, lists, rules, fences, tables, emphasis and code; of links and images only their text is
    /// left. For short texts only: the time it takes is not linear.
    /// </summary>
    public static string Plain(string text)
    {
        var words = Links().Replace(text, "$1");
        words = Lines().Replace(words, "");
        return Emphasis().Replace(words, "");
    }

    [GeneratedRegex(@"!?\[([^\[\]\n]*)\]\([^()\s]*\)")]
    private static partial Regex Links();

    // Signs at the start of a line, and lines that are nothing but signs.
    [GeneratedRegex(@"^[ \t]*(?:(?:#{1,6}|[-+*])[ \t]+|(?:>[ \t]*)+|(?:```|~~~).*$|[-=*_|:][-=*_|: \t]*\r?$)", RegexOptions.Multiline)]
    private static partial Regex Lines();

    // A sign of emphasis touches a word on one side only; an underscore or asterisk between letters is one of the text.
    [GeneratedRegex(@"`+|~~|(?<![\p{L}\p{N}*_])[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?![\p{L}\p{N}*_])")]
    private static partial Regex Emphasis();
}
