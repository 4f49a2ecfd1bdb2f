using System.Text.RegularExpressions;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>Something that the feed may answer otherwise than the interpreter does, or than the other database.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Clause">What docs/odata-conformance.md says of it.</param>
/// <param name="Query">The queries that it is about.</param>
/// <param name="Status">The status that it excuses.</param>
internal sealed record KnownDifference(string Reason, string Clause, Regex Query, int Status);

/// <summary>The differences that docs/odata-conformance.md names. Everything else is a defect.</summary>
internal static class KnownDifferences
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<KnownDifference> All =
    [
        new("SQLite has no APPLY, by which each row has rows of its own",
            "skipped or cut with `$top` or `$skip` while `$compute` or `$expand` reads a related row of theirs",
            new(@"\$expand=\w+\((?=.*(\$compute=.*/|\$expand=))(?=.*\$(skip|top)=)"), 501),
        new("The library binds no name of a nested $compute in $orderby",
            "what `$compute` names can be selected and filtered by, but not sorted by",
            new(@"\$expand=\w+\((?=.*\$compute=.* as N\d)(?=.*\$orderby=[^;]*\bN\d)"), 501),
        new("A count two steps away would be a join for each step", "related rows can be counted and aggregated one step away only",
            new(@"aggregate\(.*\w+/\w+/\$count"), 501),
        new("SQLite keeps a time of day as text", "of a time of day that has a name, on SQLite",
            new(@"(hour|minute|second|fractionalseconds)\(N\d"), 501),
        new("EF does not follow a navigation of a subquery that stands in the condition of a value in another subquery",
            "`any` and `all` in the condition of a `case`, by the name that `$compute` gave them",
            new(@"(any|all)\(.* as (?<name>N\d).*case\(.*\k<name>"), 501),
    ];

    /// <summary>Whether a refusal is one of them.</summary>
    public static bool Refusal(Query query, int status) => All.Any(known => known.Status == status && known.Query.IsMatch(query.Text));
}
