using System.Linq.Expressions;
using SupportTickets.Configuration;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>
/// Limits how deep expressions nest. The depth of an option is counted on its text before anything parses it, because a recursive
/// parser can overflow the stack, which ends the process.
/// </summary>
internal static class Nesting
{
    /// <summary>
    /// The most levels of a bound expression. EF translates these with less than 1.5 MB of stack, the least that a thread has.
    /// </summary>
    private const int MaxBoundDepth = 700;

    /// <summary>Refuses an option that nests deeper than ODATA_MAX_DEPTH.</summary>
    public static void Check(string name, string option, FeedLimits limits)
    {
        // Whether double quotes begin a text depends on the option and the place. Neither way of reading may find more levels.
        if (Math.Max(Depth(option, doubleQuotes: false), Depth(option, doubleQuotes: true)) > limits.MaxDepth)
            throw TooDeep(limits, name);
    }

    /// <summary>The error for it.</summary>
    public static FeedException TooDeep(FeedLimits limits, string? target = null) =>
        new(
            FeedError.OverLimit("too_deep", $"Expressions may nest at most {limits.MaxDepth} deep (ODATA_MAX_DEPTH).") with
            {
                Target = target,
            });

    private static int Depth(string text, bool doubleQuotes)
    {
        var (depth, deepest) = (0, 0);
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\'':
                case '"' when doubleQuotes:
                    // A doubled quotation mark inside a text ends the text here and starts another one at once, with the same result.
                    at = text.IndexOf(text[at], at + 1) is var end && end < 0 ? text.Length : end;
                    break;
                case '(' or '[' or '{':
                    deepest = Math.Max(deepest, ++depth);
                    break;
                case ')' or ']' or '}' when depth > 0:
                    depth--;
                    break;
            }
        }
        return deepest;
    }

    /// <summary>
    /// Refuses a bound query whose expressions nest too deep: translating it would overflow the stack, which ends the process. One
    /// parsed node can become several, so the parsed query does not tell the depth.
    /// </summary>
    public static Expression CheckBound(Expression query)
    {
        new BoundDepth().Visit(query);
        return query;
    }

    private sealed class BoundDepth : ExpressionVisitor
    {
        private int _depth;

        public override Expression? Visit(Expression? node)
        {
            if (++_depth > MaxBoundDepth)
                throw new FeedException(FeedError.OverLimit(
                    "too_deep", "The expressions of the query are nested too deep: write fewer operations in a row."));
            var visited = base.Visit(node);
            _depth--;
            return visited;
        }
    }
}
