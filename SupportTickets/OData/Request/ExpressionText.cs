using System.Text.RegularExpressions;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>
/// Rewrites, token by token, the parts of an expression that OData 4.01 allows and the library's parser does not know. Quoted text
/// is never changed. The case of keywords and literals, <c>divby</c>, durations without prefix and an unencoded plus sign in a time
/// are normalized. <c>in (...)</c>, <c>case(...)</c> and <c>cast(...)</c> are encoded with the operator <c>has</c>, which has no
/// other use in this feed and whose operands reach the resolver in Binding.
/// </summary>
internal sealed partial class ExpressionText
{
    private static readonly HashSet<string> Options = ["$filter", "$orderby", "$compute", "$apply", "$expand"];

    private static readonly HashSet<string> Operators =
    [
        "and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le", "add", "sub", "mul", "div", "divby", "mod", "in", "has",
        "as", "with", "asc", "desc",
    ];

    private readonly List<Token> _tokens;
    private readonly string?[] _written;

    private ExpressionText(string text)
    {
        _tokens = [.. Tokens().Matches(text).Select(match => new Token(match.Value, match.Groups["space"].Success))];
        _written = new string?[_tokens.Count];
        for (var at = 0; at < _tokens.Count; at++)
            Write(at);
    }

    /// <summary>Whether a system query option takes expressions.</summary>
    public static bool IsTakenBy(string option) => Options.Contains(option);

    /// <summary>
    /// The expression in a form for the library's parser. Throws on syntax of OData 2 and 3, and says what to write instead.
    /// </summary>
    public static string Parsable(string text)
    {
        var rewriting = new ExpressionText(text);
        return string.Concat(rewriting._tokens.Select((token, at) => rewriting._written[at] ?? token.Text));
    }

    private void Write(int at)
    {
        var text = _tokens[at].Text;
        if (text[0] is '\'' or '"' || _tokens[at].IsSpace)
            return;
        if (char.IsAsciiDigit(text[0]))
            _written[at] ??= Signed(text);
        else if (text.Length > 1 && !IsPartOfPath(at))
            WriteWord(at, text.ToLowerInvariant());
    }

    private void WriteWord(int at, string word)
    {
        OlderVersions.Refuse(word, Next(at) is var next && next == at + 1 ? TextAt(next) : "");
        switch (word)
        {
            case "true" or "false" or "null" when IsOperand(at) && !Is(TextAt(Previous(at)), "as"):
            case "$count" or "$it" or "$root" or "$this":
            case "sum" or "average" or "min" or "max" or "countdistinct" when Is(TextAt(Previous(at)), "with"):
                _written[at] = word;
                break;
            case "divby" when IsOperator(at):
                _written[at] = "mul 1.0 div";
                break;
            case "has" when IsOperator(at):
                throw new FeedException(FeedError.BadQuery("has is for enumerations with flags; the model has none: use eq or in."));
            case "in" when IsOperator(at):
                WriteIn(at);
                break;
            case "case" when TextAt(Next(at)) == "(":
                WriteCase(at, Next(at));
                break;
            case "cast" when TextAt(Next(at)) == "(":
                WriteCast(at, Next(at));
                break;
            case "totalseconds" when TextAt(Next(at)) == "(" && TextAt(Next(Next(at))) is ['\'', ..]:
                _written[Next(Next(at))] = "duration" + TextAt(Next(Next(at)));
                break;
        }
    }

    // A list in parentheses or brackets becomes one literal, which is parsed once the type of the left operand is known.
    private void WriteIn(int at)
    {
        _written[at] = "in";
        var open = Next(at);
        if (TextAt(open) is not ("(" or "[") || Close(open) is not { } close)
            return;
        (_written[at], _written[open], _written[close]) = (_tokens[at + 1].IsSpace ? "has" : "has ", "[", "]");
    }

    // case(a:b,c:d) becomes null has (a) has (b) has (c) has (d). It starts with null, so that a nested case can be told from its parts.
    private void WriteCase(int at, int open)
    {
        if (Close(open) is not { } close)
            return;
        var separators = Direct(open, close, ":", ",");
        if (separators.Count % 2 == 0 || separators.Where((separator, i) => TextAt(separator) != (i % 2 == 0 ? ":" : ",")).Any())
            throw new FeedException(FeedError.BadQuery(
                "case takes pairs of a condition and a value, as in case(UrgencyScore gt 50:'high',true:'low'); times have seconds."));
        _written[at] = "";
        _written[open] = "(null has (";
        foreach (var separator in separators)
            _written[separator] = ") has (";
        _written[close] = "))";
    }

    // cast(a,T) becomes a has {T}.
    private void WriteCast(int at, int open)
    {
        if (Close(open) is not { } close || Direct(open, close, ",") is not [var comma])
            return;
        var type = Next(comma);
        if (Next(type) != close)
            return;
        _written[at] = "";
        _written[open] = "((";
        _written[comma] = ") has {";
        _written[type] = TextAt(type).Trim('\'');
        _written[close] = "})";
    }

    // An unencoded plus sign in a URL stands for a space, but between a time and its offset, and in an exponent, a plus was meant.
    private static string Signed(string text) => (text.Length > 10 && text[4] == '-' ? text.ToUpperInvariant() : text).Replace(' ', '+');

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private List<int> Direct(int open, int close, params string[] signs)
    {
        var found = new List<int>();
        var depth = 0;
        for (var at = open + 1; at < close; at++)
        {
            if (TextAt(at) is "(" or "[" or "{") depth++;
            else if (TextAt(at) is ")" or "]" or "}") depth--;
            else if (depth == 0 && signs.Contains(TextAt(at))) found.Add(at);
        }
        return found;
    }

    private int? Close(int open)
    {
        var depth = 0;
        for (var at = open; at < _tokens.Count; at++)
        {
            if (TextAt(at) is "(" or "[" or "{") depth++;
            else if (TextAt(at) is ")" or "]" or "}" && --depth == 0) return at;
        }
        return null;
    }

    private bool IsPartOfPath(int at) => TextAt(Previous(at)) is "/" && !_tokens[at].Text.StartsWith('$');

    // An operator has an operand on both sides.
    private bool IsOperator(int at) => EndsOperand(Previous(at)) && TextAt(Next(at)) is not ("" or "," or ")" or "/" or ":" or ";" or "=");

    // A colon follows the condition in case; it also follows the variable of any and all, which nobody gives such a name.
    private bool IsOperand(int at) => TextAt(Next(at)) is not ("(" or "/" or "=");

    private bool EndsOperand(int at) => TextAt(at) is { Length: > 0 } text
        && (text is ")" or "]" or "}" || text[0] is '\'' or '"' or '_' or '$' or '@' || char.IsLetterOrDigit(text[0]))
        && !Operators.Contains(text.ToLowerInvariant());

    private int Next(int at)
    {
        do at++;
        while (at < _tokens.Count && _tokens[at].IsSpace);
        return at;
    }

    private int Previous(int at)
    {
        do at--;
        while (at >= 0 && _tokens[at].IsSpace);
        return at;
    }

    private string TextAt(int at) => at >= 0 && at < _tokens.Count ? _tokens[at].Text : "";

    private readonly record struct Token(string Text, bool IsSpace);

    // Texts, times with a possible offset, numbers with an exponent, words, white space, single characters. A text without a
    // closing quotation mark is one token up to the end, which the parser then refuses.
    [GeneratedRegex(
        """
        '(?:[^']|'')*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)
        |[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[-+\ ][0-9]{2}:[0-9]{2})?
        |[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?
        |[0-9]+(?:\.[0-9]+)?[eE][-+\ ]?[0-9]+
        |[\w$@.]+
        |(?<space>\s+)|.
        """,
        RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Tokens();
}
