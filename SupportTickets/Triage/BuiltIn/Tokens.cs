using System.Collections.Frozen;
using System.Text;

namespace SupportTickets.Triage.BuiltIn;

/// <summary>A text cut into words as the built-in model compares them: lower case, without accents, numbers as their length.</summary>
internal static class Tokens
{
    /// <summary>How much of a text is read, in UTF-16 units. The beginning of a ticket usually says what it is about.</summary>
    public const int MaxTextLength = 8000;

    // A table, because the platform's normalization does nothing where globalization is invariant, as it is here.
    private static readonly FrozenDictionary<char, string> Letters = Folded(
        "a àáâãäåā|c çćč|d đ|e èéêëēėę|i ìíîïī|l ł|n ñń|o òóôõöøō|s šś|u ùúûüū|y ýÿ|z žźż|ae æ|oe œ|ss ß");

    /// <summary>The beginning of a text, of which alone anything is read.</summary>
    public static string Beginning(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength];

    /// <summary>The words in their order. A number becomes "#" and its count of digits, an address "@", a link "://".</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        foreach (var chunk in Plain(Beginning(text)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (chunk.Contains("://", StringComparison.Ordinal) || chunk.StartsWith("www.", StringComparison.Ordinal)) words.Add("://");
            else if (chunk.IndexOf('@') is > 0 and var at && at < chunk.Length - 1) words.Add("@");
            else AddWords(chunk, words);
        }
        return words;
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is >= '\u0300' and <= '\u036f') continue; // an accent that is a character of its own
            var lower = char.ToLowerInvariant(c);
            if (Letters.TryGetValue(lower, out var folded)) plain.Append(folded);
            else plain.Append(lower);
        }
        return plain.ToString();
    }

    private static void AddWords(string chunk, List<string> words)
    {
        var word = new StringBuilder();
        for (var i = 0; i < chunk.Length; i++)
        {
            var c = chunk[i];
            if (c is '\'' or '’') continue; // don't, l'erreur: one word each
            if (IsOfNumber(chunk, i)) continue; // 1,200
            if (IsLetterOfItsOwn(c))
            {
                End();
                words.Add(c.ToString());
            }
            else if (char.IsLetter(c) || char.IsDigit(c)) word.Append(c);
            else End();
        }
        End();

        void End()
        {
            if (word.Length == 0) return;
            var text = word.ToString();
            words.Add(text.All(char.IsDigit) ? $"#{text.Length}" : text);
            word.Clear();
        }
    }

    // Whether a comma or a full stop stands between the thousands of a number: a digit before, exactly three after.
    private static bool IsOfNumber(string chunk, int at) =>
        chunk[at] is ',' or '.' && at > 0 && char.IsDigit(chunk[at - 1]) && at + 3 < chunk.Length
        && char.IsDigit(chunk[at + 1]) && char.IsDigit(chunk[at + 2]) && char.IsDigit(chunk[at + 3])
        && (at + 4 == chunk.Length || !char.IsDigit(chunk[at + 4]));

    // Chinese and Japanese are written without spaces.
    private static bool IsLetterOfItsOwn(char c) => c is >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff';

    private static FrozenDictionary<char, string> Folded(string table) => table.Split('|')
        .Select(row => row.Split(' '))
        .SelectMany(row => row[1].Select(letter => KeyValuePair.Create(letter, row[0])))
        .ToFrozenDictionary();
}
