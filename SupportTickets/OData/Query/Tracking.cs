using System.Text.RegularExpressions;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Query;

/// <summary>
/// Decides which queries get a delta link (OData 4.01, 11.3): queries for tickets whose result changes only with a ticket's events.
/// For others the preference is ignored, as the standard allows.
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
            && !options.Any(option =>
                option.Value.Any(text => Elsewhere().Matches(text ?? "").Any(match => match.Groups["other"].Success))
            );
    }

    /// <summary>
    /// Whether the OData version of the answer does not allow expanded entities among changes (OData JSON Format 4.01, 15.4.2).
    /// </summary>
    public static bool CannotExpand(FeedRequest request) => request.Version == ODataVersion.V4;

    private static bool CanExpand(FeedRequest request) =>
        !CannotExpand(request)
        && request.Parsed(request.FeedSet.Entity).SelectExpand.SelectExpandClause is var clause
        && HaveKeys(clause)
        && !ReadsElsewhere(clause);

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

    /// <summary>Whether an answer expands rows that change without the rows that refer to them.</summary>
    public static bool ReadsElsewhere(SelectExpandClause? clause) => clause?.SelectedItems.OfType<ExpandedReferenceSelectItem>().Any(item =>
        FeedSets.Of(item.NavigationSource?.EntityType) is { ChangesIndependently: true }
        || (item is ExpandedNavigationSelectItem nested && ReadsElsewhere(nested.SelectAndExpand))) == true;

    // Matches now() and properties of the assignee outside quotes: their values change without a change to a ticket.
    [GeneratedRegex(@"'[^']*'|\b(?<other>now)\s*\(|\b(?<other>Assignee)\s*/", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();
}
