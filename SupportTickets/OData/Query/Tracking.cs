using System.Text.RegularExpressions;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Query;

/// <summary>
/// Decides which queries get a delta link (OData 4.01, 11.3): queries for a tracked set whose result changes only with the events of
/// its rows. For others the preference is ignored, as the standard allows.
/// </summary>
internal static partial class Tracking
{
    private static readonly string[] Untracked = ["$apply", "$top", "$skip"];

    /// <summary>Whether the caller asks for change tracking and the query can be tracked.</summary>
    public static bool IsPossible(FeedRequest request)
    {
        var options = request.Options;
        return request.Preferences.TracksChanges
            && request.Path.ToList() is [EntitySetSegment]
            && request.FeedSet.IsTracked
            && !Untracked.Any(options.ContainsKey)
            && !(options.ContainsKey("$expand") && !CanExpand(request))
            && !ReadsElsewhere(request);
    }

    // Whether an option has now(), or a property of rows that change without the rows of the set.
    private static bool ReadsElsewhere(FeedRequest request)
    {
        var others = request.Feed.Model.SchemaElements.OfType<IEdmEntityType>().SelectMany(type => type.NavigationProperties())
            .Where(navigation => FeedSets.Of(navigation.ToEntityType()) is { } related && !request.FeedSet.TracksChangesOf(related))
            .Select(navigation => navigation.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return request.Options.Any(option => option.Value.Any(text => Names().Matches(text ?? "").Any(match =>
            match.Groups["now"].Success || others.Contains(match.Groups["path"].Value))));
    }

    /// <summary>
    /// Whether the OData version of the answer does not allow expanded entities among changes (OData JSON Format 4.01, 15.4.2).
    /// </summary>
    public static bool CannotExpand(FeedRequest request) => request.Version == ODataVersion.V4;

    private static bool CanExpand(FeedRequest request) =>
        !CannotExpand(request)
        && request.Parsed(request.FeedSet.Entity).SelectExpand.SelectExpandClause is var clause
        && HaveKeys(clause)
        && !Expands(clause, set => !request.FeedSet.TracksChangesOf(set));

    /// <summary>The request with the key added to $select: without the key a caller could not tell which of its rows changed.</summary>
    public static FeedRequest WithKey(FeedRequest request)
    {
        if (request.Options["$select"] is not [{ } selected])
            return request;
        var key = request.FeedSet.Key;
        var names = selected.Split(',', StringSplitOptions.TrimEntries);
        return names.Any(name => name == "*" || name.Equals(key, StringComparison.OrdinalIgnoreCase))
            ? request
            : request.With("$select", $"{selected},{key}");
    }

    // Every entity among changes needs its key (OData JSON Format 4.01, 15.2), expanded entities included.
    private static bool HaveKeys(SelectExpandClause clause) =>
        clause
            .SelectedItems.OfType<ExpandedNavigationSelectItem>()
            .All(item =>
                HaveKeys(item.SelectAndExpand)
                && (
                    item.SelectAndExpand.AllSelected
                    || item.NavigationSource.EntityType.Key()
                        .All(key =>
                            item.SelectAndExpand.SelectedItems.Any(selected =>
                                selected is WildcardSelectItem
                                || (selected is PathSelectItem path && path.SelectedPath.FirstSegment.Identifier == key.Name)
                            )
                        ))
            );

    /// <summary>Whether an answer expands rows that change without a new version of the rows that refer to them.</summary>
    public static bool ReadsOutsideVersion(SelectExpandClause? clause) => Expands(clause, set => set.KeepsVersions);

    private static bool Expands(SelectExpandClause? clause, Func<FeedSet, bool> isAsked) =>
        clause?.SelectedItems.OfType<ExpandedReferenceSelectItem>().Any(item =>
            (FeedSets.Of(item.NavigationSource?.EntityType) is { } set && isAsked(set))
            || (item is ExpandedNavigationSelectItem nested && Expands(nested.SelectAndExpand, isAsked))) == true;

    // Matches now() and the steps of paths outside quotes.
    [GeneratedRegex(@"'[^']*'|\b(?<now>now)\s*\(|\b(?<path>\w+)\s*/", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Names();
}
