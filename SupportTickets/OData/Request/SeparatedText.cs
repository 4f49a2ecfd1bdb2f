using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>Splits text with separators, quotes and parentheses, such as query options.</summary>
internal static class SeparatedText
{
    /// <summary>The parts between separators outside quotes and parentheses; throws when one of these is not closed.</summary>
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

    /// <summary>The end of the quotation that begins at a position; throws when it is not closed.</summary>
    public static int EndOfQuote(string text, int start)
    {
        // A doubled apostrophe ends one quotation and begins the next, with the same result. In double quotes a backslash escapes.
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[start] == '"' && text[at] == '\\') at++;
            else if (text[at] == text[start]) return at;
        }
        throw Unbalanced();
    }

    private static FeedException Unbalanced() => new(FeedError.BadQuery("A parenthesis or a quotation mark is not closed.", "$apply"));
}
