using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>
/// Syntax of OData 2 and 3 that OData 4 writes differently. The error tells clients of those versions what to write.
/// </summary>
internal static class OlderVersions
{
    private static readonly Dictionary<string, string> QueryOptions = new()
    {
        ["$inlinecount"] = "$count=true",
        ["$links"] = "a path that ends in /$ref",
    };

    /// <summary>The error for a query option of an older version; null for any other name.</summary>
    public static FeedError? OfOption(string name) => QueryOptions.TryGetValue(name.ToLowerInvariant(), out var now)
        ? FeedError.BadQuery($"{name} belongs to an older version of OData: write {now}.", name)
        : null;

    /// <summary>Refuses a function of an older version, or a literal with its prefix.</summary>
    /// <param name="word">The word in lower case.</param>
    /// <param name="next">The token right after it.</param>
    public static void Refuse(string word, string next)
    {
        var now = (word, next.FirstOrDefault()) switch
        {
            ("substringof", '(') => "contains(Title,'text'), with the text that is looked for as the second parameter",
            ("datetime" or "datetimeoffset", '\'') => "a time as it is, with its zone, such as 2026-01-05T09:45:00Z",
            ("time", '\'') => "duration'PT1H'",
            ("guid", '\'') => "the GUID without prefix and quotation marks",
            _ => null,
        };
        if (now is not null)
            throw new FeedException(FeedError.BadQuery($"{word} belongs to an older version of OData: write {now}."));
    }
}
