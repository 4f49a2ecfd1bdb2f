using System.Text.RegularExpressions;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>Something that the feed may answer otherwise than the interpreter does, or than the other database.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Clause">What docs/odata-conformance.md says of it.</param>
/// <param name="Query">The queries that it is about.</param>
/// <param name="Status">The status that it excuses; null where it excuses other values.</param>
internal sealed record KnownDifference(string Reason, string Clause, Regex Query, int? Status);

/// <summary>The differences that docs/odata-conformance.md names. Everything else is a defect.</summary>
internal static class KnownDifferences
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<KnownDifference> All =
    [
    ];

    /// <summary>Whether a refusal is one of them.</summary>
    public static bool Refusal(Query query, int status) => All.Any(known => known.Status == status && known.Query.IsMatch(query.Text));

    /// <summary>Whether other values are.</summary>
    public static bool Values(Query query) => All.Any(known => known.Status is null && known.Query.IsMatch(query.Text));
}
