using System.Text.RegularExpressions;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Query;

/// <summary>
/// Which queries can be followed by a delta link (OData 4.01, 11.3): those over the tickets whose result changes only
/// with a ticket's events. The preference is passed over for the others, as the standard allows.
/// </summary>
internal static partial class Tracking
{
    private static readonly string[] Untracked = ["$apply", "$top", "$skip"];

    /// <summary>Whether the caller prefers it and it can be done.</summary>
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

    /// <summary>Whether the version of the answer cannot have expanded entities among changes (OData JSON Format 4.01, 15.4.2).</summary>
    public static bool CannotExpand(FeedRequest request) => request.Version == ODataVersion.V4;

    private static bool CanExpand(FeedRequest request) =>
        !CannotExpand(request)
        && request.Parsed(request.FeedSet.Entity).SelectExpand.SelectExpandClause is var clause
        && HaveKeys(clause)
        && !ReadsElsewhere(clause);

    /// <summary>The request with the key among what is selected: without it a caller could not tell which of its rows changed.</summary>
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

    // Every entity among changes has its key (OData JSON Format 4.01, 15.2), those that are expanded too.
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

    /// <summary>Whether an answer has rows in it that change without the rows they are expanded from.</summary>
    public static bool ReadsElsewhere(SelectExpandClause? clause) => clause?.SelectedItems.OfType<ExpandedReferenceSelectItem>().Any(item =>
        FeedSets.Of(item.NavigationSource?.EntityType) is { ChangesByItself: true }
        || (item is ExpandedNavigationSelectItem nested && ReadsElsewhere(nested.SelectAndExpand))) == true;

    // Outside of quotes now() and the properties of who works on a ticket: what these give changes without any change to a ticket.
    [GeneratedRegex(@"'[^']*'|\b(?<other>now)\s*\(|\b(?<other>Assignee)\s*/", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();
}
