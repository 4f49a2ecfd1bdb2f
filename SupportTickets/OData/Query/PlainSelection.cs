using System.Linq.Expressions;
using System.Reflection;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData.Query;

/// <summary>
/// A $select of nothing but properties of the entity itself. Its rows are entities in which only these, the key and the version have
/// a value: the database gives no other columns, and reading them needs neither the library's wrappers nor their dictionaries.
/// </summary>
internal static class PlainSelection
{
    /// <summary>The selected properties in the order of the type; all of them without $select. Null for any other selection.</summary>
    /// <param name="clause">$select and $expand.</param>
    /// <param name="type">The type of the entities.</param>
    /// <param name="entity">Their class.</param>
    public static IReadOnlyList<IEdmStructuralProperty>? Of(SelectExpandClause? clause, IEdmEntityType type, Type entity)
    {
        if (clause is null)
            return [.. type.StructuralProperties()];
        if (Constructor(entity) is null || !type.StructuralProperties().All(p => entity.GetProperty(p.Name)?.CanWrite == true))
            return null;
        var names = new HashSet<string>();
        foreach (var item in clause.SelectedItems)
        {
            if (item is WildcardSelectItem)
                names.UnionWith(type.StructuralProperties().Select(property => property.Name));
            else if (item is PathSelectItem { HasOptions: false, SelectedPath: { Count: 1, FirstSegment: PropertySegment property } })
                names.Add(property.Property.Name);
            else
                return null;
        }
        return [.. type.StructuralProperties().Where(property => names.Contains(property.Name))];
    }

    /// <summary>A new entity with these properties, the key and the version of a row; the row itself where these are all.</summary>
    public static Expression Projected(
        ParameterExpression row, IReadOnlyList<IEdmStructuralProperty> selected, IEdmEntityType type, string? version)
    {
        var all = type.StructuralProperties().ToList();
        if (selected.Count == all.Count)
            return row;
        var keys = type.Key().Select(key => key.Name).ToHashSet();
        var needed = all.Where(property => selected.Contains(property) || keys.Contains(property.Name) || property.Name == version)
            .Select(property => row.Type.GetProperty(property.Name)!);
        var values = needed.Select(property => Expression.Bind(property, Expression.Property(row, property)));
        return Expression.MemberInit(Expression.New(Constructor(row.Type)!), values);
    }

    private static ConstructorInfo? Constructor(Type entity) =>
        entity.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, Type.EmptyTypes);
}
