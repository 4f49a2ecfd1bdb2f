using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Query;

/// <summary>
/// The computed properties of an answer in a form that the library accepts. Without $select, an answer has every property from
/// $compute (OData 4.01, 11.2.5.3), but the library gives them only when they are selected. The library also does not know
/// <c>$expand=Events/$count</c>: it is computed under a name of ours, which the serializer writes as the count of the property.
/// </summary>
/// <param name="Clause">$select and $expand; null when there is neither.</param>
/// <param name="Computed">The computed properties of the rows themselves.</param>
internal sealed record ComputedSelection(SelectExpandClause? Clause, IReadOnlyList<ComputeExpression> Computed)
{
    private const string Suffix = "@count";

    private static readonly IEdmTypeReference Whole = EdmCoreModel.Instance.GetInt64(isNullable: false);

    /// <summary>The name for the count of related rows of a navigation property.</summary>
    public static string CountOf(IEdmNavigationProperty property) => property.Name + Suffix;

    /// <summary>Whether a computed property is such a count.</summary>
    public static bool IsCount(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>$select and $expand for the context URL: as requested, without the parts that the library does not write.</summary>
    public static SelectExpandClause? ForContext(SelectExpandClause? clause) =>
        clause is null
            ? null
            : new(
                clause
                    .SelectedItems.Where(item => item is not ExpandedCountSelectItem)
                    .Select(item =>
                        item is ExpandedNavigationSelectItem nested
                            ? With(nested, ForContext(nested.SelectAndExpand)!, nested.ComputeOption)
                            : item
                    ),
                clause.AllSelected);

    /// <summary>The selection for the rows of a set.</summary>
    public static ComputedSelection Of(SelectExpandClause? clause, ComputeClause? compute, IEdmNavigationSource source)
    {
        List<SelectItem> items = [];
        List<ComputeExpression> computed = [.. compute?.ComputedItems ?? []];
        foreach (var item in clause?.SelectedItems ?? [])
        {
            if (item is ExpandedCountSelectItem count)
                items.AddRange(Counted(count, source, computed));
            else
                items.Add(item switch
                {
                    ExpandedNavigationSelectItem nested => Nested(nested),
                    ExpandedReferenceSelectItem references => References(references),
                    _ => item,
                });
        }
        var all = clause?.AllSelected ?? true;
        if (all && computed.Count > 0)
            items.Add(new WildcardSelectItem());
        return new(clause is null && items.Count == 0 ? null : new(items, all), computed);
    }

    private static ExpandedNavigationSelectItem Nested(ExpandedNavigationSelectItem item)
    {
        var (clause, computed) = Of(item.SelectAndExpand, item.ComputeOption, item.NavigationSource);
        return With(item, clause!, computed.Count == 0 ? null : new ComputeClause(computed));
    }

    private static ExpandedReferenceSelectItem References(ExpandedReferenceSelectItem item) => new(
        item.PathToNavigationProperty, item.NavigationSource, item.FilterOption, item.OrderByOption, item.TopOption, item.SkipOption,
        Wanted(item.CountOption), item.SearchOption, item.ComputeOption, item.ApplyOption);

    private static ExpandedNavigationSelectItem With(
        ExpandedNavigationSelectItem item, SelectExpandClause clause, ComputeClause? compute) =>
        new(
            item.PathToNavigationProperty, item.NavigationSource, clause, item.FilterOption, item.OrderByOption, item.TopOption,
            item.SkipOption, Wanted(item.CountOption), item.SearchOption, item.LevelsOption, compute, item.ApplyOption);

    // The library takes false as a request for a count, and then fails to find it.
    private static bool? Wanted(bool? count) => count is true ? true : null;

    // Selects the property, whose link carries the count, and the count.
    private static IEnumerable<SelectItem> Counted(
        ExpandedCountSelectItem item, IEdmNavigationSource source, List<ComputeExpression> computed)
    {
        var segment = (NavigationPropertySegment)item.PathToNavigationProperty.LastSegment;
        var property = segment.NavigationProperty;
        if (!property.Type.IsCollection())
            throw new FeedException(FeedError.BadQuery($"{property.Name} is a single entity and cannot be counted.", "$expand"));
        var row = new ResourceRangeVariable("$it", new EdmEntityTypeReference(source.EntityType, isNullable: false), source);
        var related = new CollectionNavigationNode(
            new ResourceRangeVariableReferenceNode(row.Name, row), property, new EdmPathExpression(property.Name));
        computed.Add(new(new CountNode(related, item.FilterOption, item.SearchOption), CountOf(property), Whole));
        return
        [
            new PathSelectItem(new ODataSelectPath(segment)),
            new PathSelectItem(new ODataSelectPath(new DynamicPathSegment(CountOf(property)))),
        ];
    }
}
