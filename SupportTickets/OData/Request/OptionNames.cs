using Microsoft.Extensions.Primitives;
using SupportTickets.Configuration;

namespace SupportTickets.OData.Request;

/// <summary>
/// Normalizes the names of the system query options, which may be written without <c>$</c> and in any case (OData 4.01, 11.2.1).
/// </summary>
internal static class OptionNames
{
    /// <summary>All system query options of the standard.</summary>
    public static readonly IReadOnlySet<string> System = new HashSet<string>(StringComparer.Ordinal)
    {
        "$apply",
        "$compute",
        "$count",
        "$deltatoken",
        "$expand",
        "$filter",
        "$format",
        "$orderby",
        "$search",
        "$select",
        "$skip",
        "$skiptoken",
        "$top",
    };

    /// <summary>
    /// The target with full names for all options and with values for all parameter aliases, so that later code need not know of
    /// either. The given target if nothing changes.
    /// </summary>
    public static RequestTarget Normalized(RequestTarget target, FeedLimits limits)
    {
        if (target.Options.All(IsNormal))
            return target;
        return target.With(target.Each().Select(option => Full(option.Key) is { } full
            ? KeyValuePair.Create(full, (string?)Value(full, option.Value ?? ""))
            : option));

        string Value(string name, string value) => name switch
        {
            "$search" => SearchText.Quoted(value),
            // The library accepts the literal only in lower case; the grammar allows any case (ABNF, booleanValue).
            "$count" => value.ToLowerInvariant(),
            _ => ParameterAliases.Replace(value, target.Options, limits),
        };
    }

    /// <summary>Whether a name is one of the standard's: a system query option, in whatever spelling, or a parameter alias.</summary>
    public static bool IsReserved(string name) => name.StartsWith('$') || name.StartsWith('@') || Full(name) is not null;

    /// <summary>
    /// The target with expressions in a form for the library's parser, and without the options of others, in whose names the parser would
    /// find more than there is here. Links repeat the expressions as written.
    /// </summary>
    public static RequestTarget Parsable(RequestTarget target) =>
        target.With(
            target
                .Each()
                .Where(option => option.Key.StartsWith('@') || System.Contains(option.Key))
                .Select(option =>
                    ExpressionText.IsTakenBy(option.Key)
                        ? KeyValuePair.Create(option.Key, (string?)ExpressionText.Parsable(option.Value ?? ""))
                        : option
                ));

    private static bool IsNormal(KeyValuePair<string, StringValues> option) =>
        !option.Key.StartsWith('@')
        && option.Key is not ("$search" or "$count")
        && (System.Contains(option.Key) || Full(option.Key) is null);

    private static string? Full(string name)
    {
        var lower = name.ToLowerInvariant();
        var full = lower.StartsWith('$') ? lower : "$" + lower;
        return System.Contains(full) ? full : null;
    }
}
