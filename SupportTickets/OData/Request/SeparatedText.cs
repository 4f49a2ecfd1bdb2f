using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>Text with separators, quotes and parentheses, as the options of a query are.</summary>
internal static class SeparatedText
{
    /// <summary>The parts between separators that stand outside of quotes and parentheses; fails where these are not closed.</summary>
    public static IReadOnlyList<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var (start, depth) = (0, 0);
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\'' or '"':
                    at = EndOfQuote(text, at);
                    break;
                case '(' or '[':
                    depth++;
                    break;
                case ')' or ']':
                    if (--depth < 0)
                        throw Unbalanced();
                    break;
                case var sign when sign == separator && depth == 0:
                    parts.Add(text[start..at]);
                    start = at + 1;
                    break;
            }
        }
        if (depth != 0)
            throw Unbalanced();
        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>Where a quotation ends that begins at a position; fails where it is not closed.</summary>
    public static int EndOfQuote(string text, int start)
    {
        // A doubled apostrophe ends one quote and begins the next, which comes to the same; in double quotes a backslash escapes.
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[start] == '"' && text[at] == '\\') at++;
            else if (text[at] == text[start]) return at;
        }
        throw Unbalanced();
    }

    private static FeedException Unbalanced() => new(FeedError.BadQuery("A parenthesis or a quotation mark is not closed.", "$apply"));
}
