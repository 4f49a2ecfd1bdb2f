using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Query;

/// <summary>Finds the rows that a path names.</summary>
internal sealed class FeedRows(IServiceProvider services, TicketDb db)
{
    /// <summary>The rows that a path names and the caller may see: every step starts from <see cref="FeedSet.Rows"/>.</summary>
    public IQueryable Of(IEnumerable<ODataPathSegment> path)
    {
        IQueryable? rows = null;
        var keys = 0;
        foreach (var segment in path)
        {
            rows = segment switch
            {
                EntitySetSegment { EntitySet.Name: var set } => FeedSets.Named(set).Rows(services),
                KeySegment key => WithKey(rows!, key, SlotOf(keys++)),
                NavigationPropertySegment step => Related(rows!, step.NavigationProperty, step.NavigationSource),
                NavigationPropertyLinkSegment step => Related(rows!, step.NavigationProperty, step.NavigationSource),
                PropertySegment or ValueSegment or CountSegment or ReferenceSegment => rows, // the same rows
                _ => throw new FeedException(FeedError.NotImplemented("This part of OData is not offered here.")),
            };
        }
        return rows!;
    }

    /// <summary>
    /// Numbers that add up to how many rows a path names, where the database keeps them; null where the rows must be counted.
    /// </summary>
    public IQueryable<int>? CountsOf(ODataPath path)
    {
        if (path.FirstSegment is not EntitySetSegment set || !path.Skip(1).All(step => step is CountSegment or ReferenceSegment)
            || FeedSets.Named(set.EntitySet.Name).Kept(services) is not [var kept, ..])
            return null;
        var row = Expression.Parameter(kept.Rows.ElementType, "kept");
        var count = Expression.Quote(Expression.Lambda(Expression.Property(row, kept.Count), row));
        return kept.Rows.Provider.CreateQuery<int>(
            Expression.Call(typeof(Queryable), nameof(Queryable.Select), [row.Type, typeof(int)], kept.Rows.Expression, count));
    }

    /// <summary>One entity of a set, if the caller may see it.</summary>
    public IQueryable EntityOf(FeedSet set, int key)
    {
        var row = Expression.Parameter(set.Entity, "row");
        return Where(set.Rows(services), row, Expression.Equal(KeyOf(set, row), Parameter.Of(key)));
    }

    /// <summary>The version of one entity of a set, if the caller may see it; of a set that has versions.</summary>
    public IQueryable<int> VersionsOf(FeedSet set, int key) => Selected(EntityOf(set, key), row => Expression.Property(row, set.Version!));

    /// <summary>The keys of rows of a set.</summary>
    public static IQueryable<int> KeysOf(FeedSet set, IQueryable rows) => Selected(rows, row => KeyOf(set, row));

    /// <summary>The key of a row of a set.</summary>
    public static MemberExpression KeyOf(FeedSet set, ParameterExpression row) => Expression.Property(row, set.Key);

    private static IQueryable<int> Selected(IQueryable rows, Func<ParameterExpression, Expression> value)
    {
        var row = Expression.Parameter(rows.ElementType, "row");
        var select = Expression.Quote(Expression.Lambda(value(row), row));
        return rows.Provider.CreateQuery<int>(
            Expression.Call(typeof(Queryable), nameof(Queryable.Select), [row.Type, typeof(int)], rows.Expression, select));
    }

    // The visible rows of the other set that foreign keys relate to these rows.
    private IQueryable Related(IQueryable rows, IEdmNavigationProperty navigation, IEdmNavigationSource target)
    {
        var relation = db.Model.FindEntityType(rows.ElementType)!.FindNavigation(navigation.Name)!;
        var (here, there) = Columns(relation);
        var related = FeedSets.Named(target.Name).Rows(services);
        var row = Expression.Parameter(rows.ElementType, "row");
        var other = Expression.Parameter(related.ElementType, "other");
        Expression from = Expression.Property(row, here.PropertyInfo!), to = Expression.Property(other, there.PropertyInfo!);
        if (Nullable.GetUnderlyingType(from.Type) is { } type)
        {
            rows = Where(rows, row, Expression.NotEqual(from, Expression.Constant(null, from.Type)));
            from = Expression.Convert(from, type);
        }
        if (to.Type != from.Type)
            to = Expression.Convert(to, from.Type); // null is not a key, so nothing is found
        var ids = Expression.Call(
            typeof(Queryable), nameof(Queryable.Select), [row.Type, from.Type], rows.Expression,
            Expression.Quote(Expression.Lambda(from, row)));
        return Where(related, other, Expression.Call(typeof(Queryable), nameof(Queryable.Contains), [from.Type], ids, to));
    }

    private static (IProperty Here, IProperty There) Columns(INavigation relation)
    {
        var (dependent, principal) = (relation.ForeignKey.Properties.Single(), relation.ForeignKey.PrincipalKey.Properties.Single());
        return relation.IsOnDependent ? (dependent, principal) : (principal, dependent);
    }

    /// <summary>The slot of a key in a path (<see cref="Parameter"/>).</summary>
    public static string SlotOf(int key) => $"key{key}";

    private static IQueryable WithKey(IQueryable rows, KeySegment segment, string slot)
    {
        var (name, value) = segment.Keys.Single();
        var row = Expression.Parameter(rows.ElementType, "row");
        var key = Expression.Property(row, name);
        return Where(rows, row, Expression.Equal(key, Parameter.Of(value, key.Type, slot)));
    }

    /// <summary>The rows for which a condition holds.</summary>
    public static IQueryable Where(IQueryable rows, ParameterExpression row, Expression condition) =>
        rows.Provider.CreateQuery(Expression.Call(
            typeof(Queryable), nameof(Queryable.Where), [row.Type], rows.Expression, Expression.Quote(Expression.Lambda(condition, row))));
}
