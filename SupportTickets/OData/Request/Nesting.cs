using System.Linq.Expressions;
using SupportTickets.Configuration;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>
/// How deep an option nests, counted on its text before anything parses it: a parser that calls itself for each level can
/// run out of stack, and that ends the process.
/// </summary>
internal static class Nesting
{
    /// <summary>
    /// The most levels of a bound expression: what EF translates with less than 1.5 MB of stack, the least that a thread has.
    /// </summary>
    private const int MaxBoundDepth = 700;

    /// <summary>Refuses an option that nests deeper than ODATA_MAX_DEPTH.</summary>
    public static void Check(string name, string option, FeedLimits limits)
    {
        // What a quotation mark starts depends on the option and on where it stands; whoever reads it in one way or the
        // other must not find more levels.
        if (Math.Max(Depth(option, doubleQuotes: false), Depth(option, doubleQuotes: true)) > limits.MaxDepth)
            throw TooDeep(limits, name);
    }

    /// <summary>What it says.</summary>
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
                    // A quotation mark doubled inside a text ends it here and starts the next at once, which comes to the same.
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
    /// Refuses a bound query whose expressions stand too deep in each other: translating it would use up the stack, which ends
    /// the process. A node that was written can become several, so what was parsed does not tell.
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
                    "too_deep", "The expressions of the query stand too deep in each other: write fewer operations in a row."));
            var visited = base.Visit(node);
            _depth--;
            return visited;
        }
    }
}
