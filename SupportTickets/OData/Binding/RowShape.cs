using System.Linq.Expressions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;

namespace SupportTickets.OData.Binding;

/// <summary>A property of rows in $apply, beside or instead of those of the entity.</summary>
/// <param name="Path">Its name; after grouping by a navigation path the whole path, with slashes.</param>
/// <param name="Value">Its value as an expression over the row.</param>
/// <param name="Identifies">Whether it is a grouping key; together these identify a row.</param>
internal sealed record Column(string Path, Expression Value, bool Identifies)
{
    /// <summary>
    /// Whether it is a count from <c>$count</c> or <c>countdistinct</c>, or one passed on from an earlier step: counts are decimals
    /// (Data Aggregation 4.0, 3.2.1).
    /// </summary>
    public bool IsCount { get; init; }
}

/// <summary>The shape of the rows at a step of $apply.</summary>
/// <param name="Row">The parameter for a row.</param>
/// <param name="Collapsed">Whether the rows were grouped, so that only the columns are left of the entity.</param>
/// <param name="Columns">The computed, grouping and aggregated properties.</param>
internal sealed record RowShape(ParameterExpression Row, bool Collapsed, IReadOnlyList<Column> Columns)
{
    /// <summary>The shape of unchanged entities.</summary>
    public static RowShape Entities(Type element) => new(Expression.Parameter(element, "row"), false, []);

    /// <summary>Whether the rows are entities without added columns.</summary>
    public bool IsEntities => !Collapsed && Columns.Count == 0;

    /// <summary>The value of a column; null when there is none of this path.</summary>
    public Expression? Find(string path) => Columns.FirstOrDefault(column => column.Path == path)?.Value;

    /// <summary>Whether an expression over the row is exactly one of the count columns.</summary>
    public bool IsCount(Expression value) => Columns.Any(column => column.IsCount && column.Value == value);

    /// <summary>A $apply from which the library derives this shape; null for entities. What it computes does not matter.</summary>
    public string? Text(IEdmEntityType entity)
    {
        if (IsEntities)
            return null;
        if (!Collapsed)
            return $"compute({string.Join(',', Columns.Select(column => $"1 as {column.Path}"))})";
        var declared = Columns.Where(column => IsDeclared(column, entity)).Select(column => column.Path).ToList();
        var aliases = Columns.Where(column => !IsDeclared(column, entity)).Select(column => $"$count as {column.Path}").ToList();
        var aggregate = aliases.Count == 0 ? "" : $"aggregate({string.Join(',', aliases)})";
        return declared.Count == 0 ? aggregate : $"groupby(({string.Join(',', declared)}){(aliases.Count == 0 ? "" : "," + aggregate)})";
    }

    /// <summary>The columns that an answer shows: for entities all properties of the entity, then the columns.</summary>
    public IReadOnlyList<Column> Shown(IEdmEntityType entity) => Collapsed
        ? Columns
        : [.. entity.StructuralProperties().Select(Own), .. Columns];

    private Column Own(IEdmStructuralProperty property) => new(property.Name, Expression.Property(Row, property.Name), false);

    private static bool IsDeclared(Column column, IEdmEntityType entity) => entity.FindProperty(column.Path.Split('/')[0]) is not null;
}

/// <summary>A binder context for rows of a shape, which gives the binder their columns.</summary>
internal sealed class ShapeContext(ODataQueryContext context, ODataQuerySettings settings, RowShape shape)
    : QueryBinderContext(context.Model, settings, context.ElementClrType)
{
    /// <summary>The shape.</summary>
    public RowShape Shape => shape;
}
