using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Apply;

/// <summary>One transformation as text.</summary>
/// <param name="Name">Its name in lower case.</param>
/// <param name="Arguments">The text between its parentheses; null when it has none.</param>
internal sealed record ApplyStep(string Name, string? Arguments);

/// <summary>
/// Splits <c>$apply</c> (Data Aggregation 4.0, 3.9) into steps and arguments. The library parses the arguments; quoted text and
/// nested parentheses are skipped here.
/// </summary>
internal static class ApplyText
{
    /// <summary>The transformations of a sequence; throws on anything that is not one.</summary>
    public static IReadOnlyList<ApplyStep> Steps(string text) => [.. SeparatedText.Split(text, '/').Select(Step)];

    private static ApplyStep Step(string text)
    {
        var step = text.Trim();
        var end = step.AsSpan().IndexOfAnyExcept(NameCharacters);
        var name = (end < 0 ? step : step[..end]).ToLowerInvariant();
        var rest = end < 0 ? "" : step[end..].TrimStart();
        if (name.Length == 0 || (rest.Length > 0 && !IsOneGroup(rest)))
            throw new FeedException(FeedError.BadQuery($"'{Shortened(step)}' is no transformation.", "$apply"));
        return new(name, rest.Length == 0 ? null : rest[1..^1]);
    }

    // For a text with balanced parentheses: whether the one at its start is closed at its end and not before.
    private static bool IsOneGroup(string text)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '\'' or '"') at = SeparatedText.EndOfQuote(text, at);
            else if (text[at] is '(' or '[') depth++;
            else if (text[at] is ')' or ']') depth--;
            if (depth == 0)
                return text[0] == '(' && at == text.Length - 1 && text[at] == ')';
        }
        return false;
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
