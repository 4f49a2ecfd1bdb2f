using System.Globalization;
using System.Text;

namespace SupportTickets.Triage.BuiltIn;

/// <summary>A text cut into words as the built-in model compares them: lower case, without accents, numbers as their length.</summary>
internal static class Tokens
{
    /// <summary>How much of a text is read, in UTF-16 units. The beginning of a ticket usually says what it is about.</summary>
    public const int MaxTextLength = 8000;

    /// <summary>The words in their order. A number becomes "#" and its count of digits, an address "@", a link "://".</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        foreach (var chunk in Plain(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (chunk.Contains("://", StringComparison.Ordinal) || chunk.StartsWith("www.", StringComparison.Ordinal)) words.Add("://");
            else if (chunk.IndexOf('@') is > 0 and var at && at < chunk.Length - 1) words.Add("@");
            else AddWords(chunk, words);
        }
        return words;
    }

    /// <summary>The beginning of a text in lower case and without accents.</summary>
    public static string Plain(string text)
    {
        var cut = text.Length <= MaxTextLength ? text : text[..MaxTextLength];
        var plain = new StringBuilder(cut.Length);
        foreach (var c in Decomposed(cut))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (c is 'ß') plain.Append("ss");
            else plain.Append(char.ToLowerInvariant(c));
        }
        return plain.ToString();
    }

    // A lone half of a surrogate pair, which cannot be decomposed, may be in a text or come from the cut.
    private static string Decomposed(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormD);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    private static void AddWords(string chunk, List<string> words)
    {
        var word = new StringBuilder();
        foreach (var c in chunk)
        {
            if (c is '\'' or '’') continue; // don't, l'erreur: one word each
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

    // Chinese and Japanese are written without spaces.
    private static bool IsLetterOfItsOwn(char c) => c is >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff';
}
