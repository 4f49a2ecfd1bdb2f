using System.Text;
using System.Text.RegularExpressions;

namespace SupportTickets.Triage.BuiltIn;

/// <summary>
/// Picks the sentence of a description that says best what it is about, and cuts it to a title. Greetings, quoted headers and signatures
/// are no candidates.
/// </summary>
internal static partial class TitlePicker
{
    /// <summary>The longest title, in code points. It ends with a whole word.</summary>
    public const int MaxLength = 80;

    private const int MaxSentences = 12, MinWords = 3;
    private const double LaterIsWorse = 0.04;

    /// <summary>A title for a description, 1 to <see cref="MaxLength"/> code points.</summary>
    /// <param name="description">What the person wrote.</param>
    /// <param name="sureness">How sure the model is of the category of a sentence, 0 to 1: a greeting or a filler gives it no hint.</param>
    public static string Pick(string description, Func<string, double> sureness)
    {
        var candidates = Sentences(description).Take(MaxSentences)
            .Select((sentence, at) => (Sentence: sentence, Worth: sureness(sentence) - at * LaterIsWorse))
            .ToList();
        return candidates.Count == 0
            ? FallbackTitle.From(description)
            : FallbackTitle.Normalise(Cut(candidates.MaxBy(c => c.Worth).Sentence));
    }

    private static IEnumerable<string> Sentences(string description)
    {
        var beginning = Tokens.Beginning(description);
        foreach (var line in beginning.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Signature().IsMatch(line)) yield break;
            if (line.StartsWith('>') || Header().IsMatch(line)) continue;
            foreach (var part in SentenceEnd().Split(line))
            {
                var sentence = Greeting().Replace(part, "").Trim();
                if (Tokens.Of(sentence).Count >= MinWords) yield return sentence;
            }
        }
    }

    private static string Cut(string sentence)
    {
        var runes = sentence.EnumerateRunes().ToList();
        if (runes.Count <= MaxLength) return sentence;
        var end = runes.FindLastIndex(MaxLength, MaxLength / 2, Rune.IsWhiteSpace);
        return string.Concat(runes.Take(end > 0 ? end : MaxLength));
    }

    [GeneratedRegex(@"(?<=[.!?。！？])\s+", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    // "Hi Anna," or "Dear team -" at the beginning of a sentence.
    [GeneratedRegex(
        @"^\s*(hi|hello|hey|dear|good (morning|afternoon|evening)|hallo|guten (tag|morgen|abend)|sehr geehrte\w*|liebe[rs]?|moin"
            + @"|servus|grüezi|bonjour|bonsoir|salut|madame|monsieur|hola|buenos días|buenas( tardes)?|estimad[oa]s?)"
            + @"\b[^,.!:–-]{0,40}[,.!:–-]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Greeting();

    [GeneratedRegex(
        @"^(from|to|cc|sent|date|subject|von|an|gesendet|datum|betreff|de|à|envoyé|objet|para|enviado|fecha|asunto)\s*:",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    [GeneratedRegex(
        @"^(--|__+$|(kind|best|warm) regards|regards|cheers|thanks,?$|sent from|mit freundlichen|viele grüße|gruß|lg\b|cordialement"
            + @"|bien à vous|saludos|atentamente|enviado desde)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Signature();
}
