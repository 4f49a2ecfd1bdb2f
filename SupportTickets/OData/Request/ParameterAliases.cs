using System.Text.RegularExpressions;
using SupportTickets.Configuration;

namespace SupportTickets.OData.Request;

/// <summary>
/// Parameter aliases (OData 4.01, 11.2.6.1.3). Each alias is replaced by its value before anything is parsed, so that the value
/// means the same as in place and counts for every limit. The library itself would parse the value on its own, without the type of
/// its place, and does not know lists.
/// </summary>
internal static partial class ParameterAliases
{
    /// <summary>
    /// Replaces the aliases in an option; an alias without a value stays. Refuses an option that becomes longer than a URL may be,
    /// because a short option could become very long.
    /// </summary>
    public static string Replace(string option, IQueryCollection values, FeedLimits limits)
    {
        if (!option.Contains('@'))
            return option;
        var length = option.Length;
        return Token().Replace(option, token =>
        {
            if (token.Value[0] != '@' || !values.TryGetValue(token.Value, out var value) || value is not [{ Length: > 0 } text])
                return token.Value;
            if ((length += text.Length) > limits.MaxUrlLength)
                throw FeedUrl.TooLong(limits);
            return Whole().IsMatch(text) ? text : $"({text})";
        });
    }

    // Text in quotes is skipped as one token.
    [GeneratedRegex(@"'[^']*'|""[^""]*""|@[\p{L}\p{Nl}_]\w*", RegexOptions.NonBacktracking)]
    private static partial Regex Token();

    [GeneratedRegex(@"^(?:'(?:[^']|'')*'|[^\s'()]+|\[.*\])$", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();
}
