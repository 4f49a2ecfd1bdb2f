using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>
/// What OData 2 and 3 had and OData 4 spells in another way. Clients that were not moved to version 4 are told what to write.
/// </summary>
internal static class OlderVersions
{
    private static readonly Dictionary<string, string> QueryOptions = new()
    {
        ["$inlinecount"] = "$count=true",
        ["$links"] = "a path that ends in /$ref",
    };

    /// <summary>What to write for a query option; null when it is none of theirs.</summary>
    public static FeedError? OfOption(string name) => QueryOptions.TryGetValue(name.ToLowerInvariant(), out var now)
        ? FeedError.BadQuery($"{name} is of an older version of OData: write {now}.", name)
        : null;

    /// <summary>Refuses a function, or a literal with its prefix.</summary>
    /// <param name="word">In lower case.</param>
    /// <param name="next">What follows at once.</param>
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
            throw new FeedException(FeedError.BadQuery($"{word} is of an older version of OData: write {now}."));
    }
}
