using Microsoft.OData.UriParser;

namespace SupportTickets.OData;

/// <summary>
/// What $compute names is in the answer when nothing is selected (OData 4.01, 11.2.5.3), at every level of $expand. The
/// library gives it to those alone who select it, by its name or by a star.
/// </summary>
internal static class ComputedSelection
{
    /// <summary>$select and $expand with a star wherever something is computed and nothing is selected.</summary>
    public static SelectExpandClause? Of(SelectExpandClause? clause, ComputeClause? compute)
    {
        if (clause is null)
            return compute is null ? null : new([new WildcardSelectItem()], allSelected: true);
        List<SelectItem> items = [.. clause.SelectedItems.Select(item => item is ExpandedNavigationSelectItem expanded ? Nested(expanded) : item)];
        if (compute is not null && clause.AllSelected)
            items.Add(new WildcardSelectItem());
        return items.SequenceEqual(clause.SelectedItems) ? clause : new(items, clause.AllSelected);
    }

    private static ExpandedNavigationSelectItem Nested(ExpandedNavigationSelectItem item) =>
        Of(item.SelectAndExpand, item.ComputeOption) is var clause && clause == item.SelectAndExpand
            ? item
            : new(
                item.PathToNavigationProperty, item.NavigationSource, clause, item.FilterOption, item.OrderByOption, item.TopOption, item.SkipOption,
                item.CountOption, item.SearchOption, item.LevelsOption, item.ComputeOption, item.ApplyOption);
}
