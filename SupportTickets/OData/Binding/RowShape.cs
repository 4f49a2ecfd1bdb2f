using System.Linq.Expressions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;

namespace SupportTickets.OData.Binding;

/// <summary>A property that rows have beside or instead of those of the entity.</summary>
/// <param name="Path">Its name; after grouping by a navigation path the whole path, with slashes.</param>
/// <param name="Value">Over the row.</param>
/// <param name="Identifies">Whether it is one of those that were grouped by: together they tell rows apart.</param>
internal sealed record Column(string Path, Expression Value, bool Identifies)
{
    /// <summary>
    /// Whether it is a count, as <c>$count</c> and <c>countdistinct</c> give it, or one handed on: those are decimals (Data
    /// Aggregation 4.0, 3.2.1).
    /// </summary>
    public bool IsCount { get; init; }
}

/// <summary>What rows look like at a step of $apply.</summary>
/// <param name="Row">The parameter that the columns are over.</param>
/// <param name="Collapsed">Whether rows were grouped, so that nothing is left of the entity but the columns.</param>
/// <param name="Columns">What was computed, grouped by or aggregated.</param>
internal sealed record RowShape(ParameterExpression Row, bool Collapsed, IReadOnlyList<Column> Columns)
{
    /// <summary>The entities of a set, as they are.</summary>
    public static RowShape Entities(Type element) => new(Expression.Parameter(element, "row"), false, []);

    /// <summary>Whether rows are entities with nothing added.</summary>
    public bool IsEntities => !Collapsed && Columns.Count == 0;

    /// <summary>The value of a property; null when it is none of the columns.</summary>
    public Expression? Find(string path) => Columns.FirstOrDefault(column => column.Path == path)?.Value;

    /// <summary>Whether an expression over the row is one of the counts, as it is.</summary>
    public bool IsCount(Expression value) => Columns.Any(column => column.IsCount && column.Value == value);

    /// <summary>A $apply that the library reads as leading to this shape; null for entities. What it computes does not matter.</summary>
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

    /// <summary>What an answer shows of a row: of entities all of their own properties, then the columns.</summary>
    public IReadOnlyList<Column> Shown(IEdmEntityType entity) => Collapsed
        ? Columns
        : [.. entity.StructuralProperties().Select(Own), .. Columns];

    private Column Own(IEdmStructuralProperty property) => new(property.Name, Expression.Property(Row, property.Name), false);

    private static bool IsDeclared(Column column, IEdmEntityType entity) => entity.FindProperty(column.Path.Split('/')[0]) is not null;
}

/// <summary>Over rows of a shape: tells the binder what their columns are.</summary>
internal sealed class ShapeContext(ODataQueryContext context, ODataQuerySettings settings, RowShape shape)
    : QueryBinderContext(context.Model, settings, context.ElementClrType)
{
    /// <summary>The shape.</summary>
    public RowShape Shape => shape;
}
