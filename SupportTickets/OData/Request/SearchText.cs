using System.Text.RegularExpressions;

namespace SupportTickets.OData.Request;

/// <summary>
/// The text of <c>$search</c> (URL Conventions 4.01, 5.1.8). A word may contain digits and most signs. The library's lexer accepts
/// only letters in a word but any text in a phrase, so such words are turned into phrases. A whole search in single quotes is text
/// that somebody is still typing (5.1.8.1): its unfinished parts are completed or left out.
/// </summary>
internal static partial class SearchText
{
    /// <summary>The search with quotation marks around all words that contain more than letters.</summary>
    public static string Quoted(string search) => Literal().Match(search) is { Success: true } literal
        ? Finished(literal.Groups["typed"].Value.Replace("''", "'", StringComparison.Ordinal))
        : Token().Replace(search, token => Word(token.Value));

    private static string Word(string token) =>
        token[0] is '"' or '(' or ')' || token.All(char.IsLetter) ? token : Phrase(token);

    private static string Phrase(string text) =>
        $"\"{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Finished(string typed)
    {
        var (parts, open) = (new List<string>(), 0);
        foreach (Match match in TypedToken().Matches(typed))
        {
            var token = match.Value;
            if (token == ")" && (open == 0 || IsUnfinished(parts)))
                continue;
            open += token == "(" ? 1 : token == ")" ? -1 : 0;
            if (token is "AND" or "OR" && IsUnfinished(parts))
                token = Phrase(token);
            // A quotation mark at the end is searched for itself.
            var isRest = match.Groups["rest"].Success;
            parts.Add(!isRest ? Word(token) : Phrase(token.Length > 1 ? token[1..] : token));
        }
        while (parts.Count > 0 && IsUnfinished(parts))
        {
            open -= parts[^1] == "(" ? 1 : 0;
            parts.RemoveAt(parts.Count - 1);
        }
        return string.Join(' ', parts) + new string(')', open);
    }

    private static bool IsUnfinished(List<string> parts) => parts.Count == 0 || parts[^1] is "(" or "AND" or "OR" or "NOT";

    [GeneratedRegex(@"^\s*'(?<typed>(?:[^']|'')*)'\s*$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Literal();

    // A phrase, a parenthesis, a word. An unclosed quotation mark stays and is refused later.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|[()]|[^\s()""]+|""", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Token();

    // Like Token, but an unclosed phrase extends to the end.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|[()]|[^\s()""]+|(?<rest>"".*)", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex TypedToken();
}
