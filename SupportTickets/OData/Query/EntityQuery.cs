using System.Linq.Expressions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Query;

/// <summary>A query for the entities of a set, without $apply: $filter, $orderby, $select, $expand, $compute.</summary>
internal sealed class EntityQuery : BoundQuery
{
    private readonly EntitySelection _selection;

    /// <summary>Binds the options.</summary>
    public EntityQuery(QueryInput input)
        : base(input)
    {
        _selection = new(input, Settings, input.Options.Compute?.ComputeClause);
        Rows = [Matching(input.Found)];
    }

    /// <inheritdoc />
    protected override IReadOnlyList<ApplyRows> Rows { get; }

    /// <inheritdoc />
    public override bool GivesEntities => true;

    /// <summary>Whether another request with the same options and another key or page has the same statement but for values.</summary>
    public bool IsRepeatable => _selection.IsPlain && !Instant.IsUsed;

    /// <summary>
    /// Whether the database reads it in the same way for all values: it asks for all rows in an order, or for one by its key.
    /// </summary>
    public bool HasOnePlan =>
        Input.Options.Filter is null && !Input.Request.Path.Any(segment => segment is NavigationPropertySegment);

    /// <inheritdoc />
    public override (SelectExpandClause? Select, ApplyClause? Apply) Context => (_selection.ForContext, null);

    /// <inheritdoc />
    public override SelectExpandClause? SelectExpand => _selection.Clause;

    /// <inheritdoc />
    public override IEnumerable<string> Computed => _selection.Computed;

    /// <inheritdoc />
    public override IReadOnlyList<Column> Columns(int part) =>
        throw new InvalidOperationException("Entities have the properties of their type.");

    /// <inheritdoc />
    protected override Expression Projection(int part) => _selection.Of(Rows[part].Shape.Row);

    private ApplyRows Matching(IQueryable source)
    {
        var paging = AllowedQueryOptions.OrderBy | AllowedQueryOptions.Top | AllowedQueryOptions.Skip | AllowedQueryOptions.SkipToken
            | AllowedQueryOptions.Count | AllowedQueryOptions.Select | AllowedQueryOptions.Expand | AllowedQueryOptions.Search;
        var filtered = Input.Options.ApplyTo(Narrowed(source), Settings, paging);
        var context = _selection.BinderContext(filtered.ElementType);
        var order = Input.Options.OrderBy is { } by
            ? SortOrder.KeysOf(Input.Request.Parts.GetRequiredService<IOrderByBinder>(), by.OrderByClause, context)
            : [];
        return new(filtered, new RowShape(context.CurrentParameter, false, []), [.. order]);
    }

    // What contains(Title,'...') can be true of is found by the index of the search: without it, the database reads every title.
    private IQueryable Narrowed(IQueryable source)
    {
        if (Input.Options.Filter is not { } filter || FeedSets.Of(source.ElementType) is not { } set)
            return source;
        return Conditions(filter.FilterClause.Expression).Aggregate(source, (rows, condition) =>
            condition is SingleValueFunctionCallNode { Name: "contains" } contains
            && contains.Parameters.Select(Values.Unwrapped).ToList() is
                [SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } property, ConstantNode { Value: string text }]
                ? set.MayContain(Input.Request.Http.RequestServices, rows, property.Property.Name, text)
                : rows);
    }

    // The conditions that all rows of the answer fulfil.
    private static IEnumerable<QueryNode> Conditions(QueryNode node) => Values.Unwrapped(node) switch
    {
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } both => [.. Conditions(both.Left), .. Conditions(both.Right)],
        var one => [one],
    };
}
