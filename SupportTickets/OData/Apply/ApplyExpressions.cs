using System.Linq.Expressions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Apply;

/// <summary>
/// Parses and binds the expressions of one step with the library. The library learns the shape of the rows from the $apply before
/// the step. It is given a short $apply of the same shape, because after a longer one it knows only the last names.
/// </summary>
internal sealed class ApplyExpressions(
    ODataQueryContext context, ODataQuerySettings settings, IServiceProvider parts, Limits.Counter counter)
{
    /// <summary>
    /// The most nodes of a bound expression, including the computed properties in it, for each node that a query may have.
    /// </summary>
    private const int Growth = 5;

    private readonly QueryBinder _binder = (QueryBinder)parts.GetRequiredService<IFilterBinder>();

    /// <summary>The entity type that the rows come from.</summary>
    public IEdmEntityType Entity => (IEdmEntityType)context.ElementType;

    /// <summary>Counts the nodes of the whole query.</summary>
    public Limits.Counter Counter => counter;

    /// <summary>What the database keeps of the rows, when these are all rows of a set.</summary>
    public IReadOnlyList<KeptCounts> Kept { get; init; } = [];

    /// <summary>Expressions over the rows of another set, counted together with these.</summary>
    public ApplyExpressions Over(FeedSet set) => new(
        new(context.Model, set.Entity, new(new EntitySetSegment(context.Model.EntityContainer.FindEntitySet(set.Name)))), settings, parts,
        counter);

    /// <summary>A $apply with this result shape, parsed by the library; null for entities.</summary>
    public ApplyClause? Clause(RowShape shape) => Parser(shape).ParseApply();

    /// <summary>Parses a transformation that the library knows.</summary>
    public TransformationNode Transformation(RowShape shape, string text)
    {
        var before = shape.Text(Entity);
        var all = Parser(shape, ("$apply", before is null ? text : $"{before}/{text}")).ParseApply().Transformations.ToList();
        if (all.Count != (before is null ? 1 : 2))
            throw new FeedException(FeedError.BadQuery("A parenthesis or a quotation mark is not closed.", "$apply"));
        counter.Transformation(all[^1]);
        return all[^1];
    }

    /// <summary>Binds a predicate.</summary>
    public Expression Filter(RowShape shape, string text)
    {
        var clause = Parser(shape, ("$filter", text)).ParseFilter();
        counter.Node(clause.Expression);
        return Bind(shape, new BooleanTestNode(clause.Expression, BooleanTest.True));
    }

    /// <summary>Binds sort keys.</summary>
    public IReadOnlyList<SortKey> OrderBy(RowShape shape, string text)
    {
        var clause = Parser(shape, ("$orderby", text)).ParseOrderBy();
        counter.OrderBy(clause);
        var keys = new List<SortKey>();
        for (var next = clause; next is not null; next = next.ThenBy)
            keys.Add(SortOrder.Key(Bind(shape, next.Expression), next.Direction, Nulls.MayBe(next.Expression)));
        return keys;
    }

    /// <summary>Parses a search.</summary>
    public SearchClause Search(RowShape shape, string text) => Parser(shape, ("$search", SearchText.Quoted(text))).ParseSearch();

    /// <summary>Binds an expression over the row of the shape.</summary>
    public Expression Bind(RowShape shape, QueryNode node)
    {
        var over = new ShapeContext(context, settings, shape);
        var bound = new OverRow(over.CurrentParameter, shape).Visit(_binder.Bind(node, over));
        new Size(Growth * counter.Limits.MaxNodes).Visit(bound);
        return bound;
    }

    private ODataQueryOptionParser Parser(RowShape shape, params (string Name, string Value)[] options)
    {
        var all = options.ToDictionary(option => option.Name, option => option.Value);
        if (shape.Text(Entity) is { } apply)
            all.TryAdd("$apply", apply);
        var parser = new ODataQueryOptionParser(context.Model, context.ElementType, context.NavigationSource, all, parts);
        parser.ParseApply();
        return parser;
    }

    // The library binds expressions over an entity. Grouped rows have none, so the columns of the row replace its properties.
    private sealed class OverRow(ParameterExpression entity, RowShape shape) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node != entity ? base.VisitParameter(node)
            : !shape.Collapsed ? shape.Row
            : throw new FeedException(
                FeedError.BadQuery("After groupby and aggregate there are only the properties that they name.", "$apply"));
    }

    // A computed property is copied wherever another one uses it. Without a limit, twenty steps could make a million nodes.
    private sealed class Size(int max) : ExpressionVisitor
    {
        private int _nodes;

        public override Expression? Visit(Expression? node) => node is null || ++_nodes <= max
            ? base.Visit(node)
            : throw new FeedException(FeedError.BadQuery("The computed properties of $apply are too large together.", "$apply"));
    }
}
