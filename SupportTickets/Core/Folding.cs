using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace SupportTickets.Core;

/// <summary>
/// Text as searches compare it: case does not matter, and neither does how a letter is spelled whose other case is two letters or
/// another letter (<c>ß</c> and <c>SS</c>, <c>İ</c> and <c>i</c>). Accents do matter.
/// </summary>
public static class Folding
{
    // The letters that databases do not fold, or not alike. The indexes of the search contain texts with these replaced, so a change
    // here needs a migration.
    private static readonly FrozenDictionary<char, string> Spellings = new Dictionary<char, string>
    {
        ['ß'] = "ss",
        ['ẞ'] = "ss",
        ['İ'] = "i",
        ['ı'] = "i",
        ['ſ'] = "s",
        ['ς'] = "σ",
        ['µ'] = "μ",
        ['ﬀ'] = "ff",
        ['ﬁ'] = "fi",
        ['ﬂ'] = "fl",
        ['ﬃ'] = "ffi",
        ['ﬄ'] = "ffl",
        ['ﬅ'] = "st",
        ['ﬆ'] = "st",
    }.ToFrozenDictionary();

    private static readonly SearchValues<char> Special = SearchValues.Create([.. Spellings.Keys]);

    /// <summary>The text with the letters replaced that databases do not fold; the case of the others is kept.</summary>
    public static string Spelled(string text)
    {
        if (!text.AsSpan().ContainsAny(Special))
            return text;
        var spelled = new StringBuilder(text.Length + 8);
        foreach (var letter in text)
        {
            if (Spellings.TryGetValue(letter, out var spelling)) spelled.Append(spelling);
            else spelled.Append(letter);
        }
        return spelled.ToString();
    }

    /// <summary>The text in the one spelling that is compared.</summary>
    // To upper case first, because some letters have two small forms.
    public static string Of(string text) => Spelled(text).ToUpperInvariant().ToLowerInvariant();

    /// <summary>Whether a text contains a term.</summary>
    public static bool Contains(string text, string term)
    {
        var (compared, comparison) = Comparable(text);
        return compared.Contains(Of(term), comparison);
    }

    /// <summary>
    /// Where a term, which is not empty, occurs in a text: from left to right and not overlapping, in UTF-16 units of the text.
    /// </summary>
    public static IEnumerable<(int Start, int End)> Places(string text, string term)
    {
        var ((compared, comparison), folded) = (Comparable(text), Of(term));
        var (at, letter) = (0, 0); // the same place in the compared text and in the text
        for (var from = 0; compared.IndexOf(folded, from, comparison) is >= 0 and var found; from = found + folded.Length)
        {
            while (at + Width(text[letter]) <= found) at += Width(text[letter++]);
            var start = letter;
            while (at < found + folded.Length) at += Width(text[letter++]);
            yield return (start, letter);
            // The last letter may be two, and the next place may begin with its second half.
            if (at > found + folded.Length) at -= Width(text[--letter]);
        }
    }

    // Most texts are ASCII, and need no copy.
    private static (string Text, StringComparison Comparison) Comparable(string text) =>
        Ascii.IsValid(text) ? (text, StringComparison.OrdinalIgnoreCase) : (Of(text), StringComparison.Ordinal);

    private static int Width(char letter) => Spellings.TryGetValue(letter, out var spelling) ? spelling.Length : 1;
}
