using System.Linq.Expressions;
using System.Reflection;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Query;

/// <summary>
/// A $select of properties and a $expand of single related entities, without further options. Its rows are entities in which only
/// these, the key and the version have a value: the database gives no other columns, and reading them needs neither the library's
/// wrappers nor their dictionaries.
/// </summary>
/// <param name="Properties">The selected properties in the order of the type; all of them without $select.</param>
/// <param name="Related">The expanded navigation properties in the order of $expand, and what is shown of each.</param>
internal sealed record PlainSelection(
    IReadOnlyList<IEdmStructuralProperty> Properties, IReadOnlyList<(IEdmNavigationProperty Property, PlainSelection Shown)> Related)
{
    /// <summary>The entity whole.</summary>
    public static PlainSelection Whole(IEdmEntityType type) => new([.. type.StructuralProperties()], []);

    /// <summary>Reads a selection; null for one that is not plain, or whose entities cannot be made here.</summary>
    /// <param name="clause">$select and $expand; null when there is neither.</param>
    /// <param name="type">The type of the entities.</param>
    public static PlainSelection? Of(SelectExpandClause? clause, IEdmEntityType type)
    {
        if (clause is null || (clause.AllSelected && !clause.SelectedItems.Any()))
            return Whole(type);
        if (!CanBeMade(type))
            return null;
        var (isAll, names) = (clause.AllSelected, new HashSet<string>());
        var related = new List<(IEdmNavigationProperty, PlainSelection)>();
        foreach (var item in clause.SelectedItems)
        {
            if (item is WildcardSelectItem)
                isAll = true;
            else if (item is PathSelectItem { HasOptions: false, SelectedPath: { Count: 1, FirstSegment: PropertySegment property } })
                names.Add(property.Property.Name);
            else if (item is ExpandedNavigationSelectItem expanded && One(expanded) is { } one)
                related.Add(one);
            else
                return null;
        }
        return new([.. type.StructuralProperties().Where(property => isAll || names.Contains(property.Name))], related);
    }

    /// <summary>A new entity with this selection, the key and the version of a row; the row itself when it is shown whole.</summary>
    public Expression Projected(Expression row, IEdmEntityType type)
    {
        var all = type.StructuralProperties().ToList();
        if (Properties.Count == all.Count && Related.Count == 0)
            return row;
        var keys = type.Key().Select(key => key.Name).ToHashSet();
        var version = FeedSets.Of(type)!.Version;
        var values = all
            .Where(property => Properties.Contains(property) || keys.Contains(property.Name) || property.Name == version)
            .Select(property => Bound(property.Name, from => from))
            .Concat(Related.Select(related => Bound(related.Property.Name, from => Present(from, related.Property, related.Shown))));
        return Expression.MemberInit(Expression.New(Constructor(row.Type)!), values);

        MemberAssignment Bound(string name, Func<Expression, Expression> value)
        {
            var property = row.Type.GetProperty(name)!;
            return Expression.Bind(property, value(Expression.Property(row, property)));
        }
    }

    // A related entity may not exist.
    private static Expression Present(Expression related, IEdmNavigationProperty property, PlainSelection shown)
    {
        var projected = shown.Projected(related, property.ToEntityType());
        var none = Expression.Constant(null, related.Type);
        return projected == related ? related : Expression.Condition(Expression.Equal(related, none), none, projected);
    }

    private static (IEdmNavigationProperty, PlainSelection)? One(ExpandedNavigationSelectItem item) =>
        item is
        {
            FilterOption: null, OrderByOption: null, TopOption: null, SkipOption: null, CountOption: null, SearchOption: null,
            LevelsOption: null, ComputeOption: null, ApplyOption: null,
            PathToNavigationProperty: { Count: 1, FirstSegment: NavigationPropertySegment { NavigationProperty: var property } },
        }
        && !property.Type.IsCollection() && Of(item.SelectAndExpand, property.ToEntityType()) is { } shown ? (property, shown) : null;

    private static bool CanBeMade(IEdmEntityType type) =>
        FeedSets.Of(type)?.Entity is { } entity && Constructor(entity) is not null
        && type.DeclaredProperties.All(p => p.Type.IsCollection() || entity.GetProperty(p.Name)?.CanWrite == true);

    private static ConstructorInfo? Constructor(Type entity) =>
        entity.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, Type.EmptyTypes);
}
