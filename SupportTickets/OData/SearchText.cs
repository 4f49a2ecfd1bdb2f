using System.Text.RegularExpressions;

namespace SupportTickets.OData;

/// <summary>
/// The text of <c>$search</c> (URL Conventions 4.01, 5.1.8). A word may have digits and most signs in it; the library's
/// lexer takes letters only, but any text as a phrase, so such a word is given to it as one.
/// </summary>
internal static partial class SearchText
{
    /// <summary>The same search, with words that are more than letters in quotation marks.</summary>
    public static string Quoted(string search) => Token().Replace(search, token =>
        token.Value[0] is '"' or '(' or ')' || token.Value.All(char.IsLetter) ? token.Value : $"\"{token.Value.Replace(@"\", @"\\", StringComparison.Ordinal)}\"");

    // A phrase, a parenthesis, a word. A quotation mark that is not closed stays one, to be refused.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|[()]|[^\s()""]+|""", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Token();
}
