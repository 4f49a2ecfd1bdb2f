using System.Text.RegularExpressions;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Model;
using SupportTickets.OData.Request;
using SupportTickets.Tickets;

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
        var options = request.Http.Request.Query;
        return request.Preferences.TracksChanges
            && request.Path.ToList() is [EntitySetSegment { EntitySet.Name: FeedModel.Tickets }]
            && !Untracked.Any(options.ContainsKey)
            && !(options.ContainsKey("$expand") && (CannotExpand(request) || request.Options(typeof(Ticket)).SelectExpand.SelectExpandClause is var clause && (!HaveKeys(clause) || ReadsPeople(clause))))
            && !options.Any(option => option.Value.Any(text => ReadsElsewhere().Matches(text ?? "").Any(match => match.Groups["other"].Success)));
    }

    /// <summary>Whether the version of the answer cannot have expanded entities among changes (OData JSON Format 4.01, 15.4.2).</summary>
    public static bool CannotExpand(FeedRequest request) => request.Version == ODataVersion.V4;

    /// <summary>Adds the key to what is selected: without it a caller could not tell which of its rows changed.</summary>
    public static void SelectKey(FeedRequest request)
    {
        var http = request.Http.Request;
        if (http.Query["$select"] is not [{ } selected])
            return;
        var key = request.Set.EntityType.Key().Single().Name;
        if (selected.Split(',', StringSplitOptions.TrimEntries).Any(name => name == "*" || name.Equals(key, StringComparison.OrdinalIgnoreCase)))
            return;
        http.QueryString = QueryString.Create(http.Query.SelectMany(
            option => option.Value, (option, value) => KeyValuePair.Create(option.Key, option.Key == "$select" ? $"{selected},{key}" : value)));
    }

    // Every entity among changes has its key (OData JSON Format 4.01, 15.2), those that are expanded too.
    private static bool HaveKeys(SelectExpandClause clause) => clause.SelectedItems.OfType<ExpandedNavigationSelectItem>().All(item =>
        HaveKeys(item.SelectAndExpand) && (item.SelectAndExpand.AllSelected || item.NavigationSource.EntityType.Key().All(key =>
            item.SelectAndExpand.SelectedItems.Any(selected => selected is WildcardSelectItem || (selected is PathSelectItem path && path.SelectedPath.FirstSegment.Identifier == key.Name)))));

    /// <summary>Whether an answer has people in it: their names change without any change to a ticket.</summary>
    public static bool ReadsPeople(SelectExpandClause? clause) => clause?.SelectedItems.OfType<ExpandedReferenceSelectItem>().Any(item =>
        item.NavigationSource?.Name == FeedModel.Agents || (item is ExpandedNavigationSelectItem nested && ReadsPeople(nested.SelectAndExpand))) == true;

    // Outside of quotes now() and the properties of who works on a ticket: what these give changes without any change to a ticket.
    [GeneratedRegex(@"'[^']*'|\b(?<other>now)\s*\(|\b(?<other>Assignee)\s*/", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex ReadsElsewhere();
}
