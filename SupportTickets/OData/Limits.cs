using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Validator;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace SupportTickets.OData;

/// <summary>
/// How much one query may ask for. The library checks $filter, $orderby and $expand only; these hold for $apply and
/// $compute too, so the parsed query is walked here. $top has no limit: it is paged.
/// </summary>
internal static class Limits
{
    /// <summary>The longest path and query, in characters; servers and proxies on the way rarely take more.</summary>
    public const int MaxUrlLength = 8000;

    /// <summary>Rows of a page unless the caller prefers another size.</summary>
    public const int PageSize = 1000;

    /// <summary>Rows of the largest page that <c>Prefer: maxpagesize</c> gets.</summary>
    public const int MaxPageSize = 10_000;

    /// <summary>Values in one <c>in (...)</c>.</summary>
    public const int MaxListLength = 200;

    /// <summary>Nodes of all expressions together: 200 comparisons joined by <c>or</c> fit.</summary>
    public const int MaxNodes = 1000;

    /// <summary>Sort keys.</summary>
    public const int MaxSortKeys = 10;

    /// <summary>Levels of $expand.</summary>
    public const int MaxExpandDepth = 3;

    /// <summary>Levels of any() and all() in each other; each is a subquery.</summary>
    public const int MaxLambdaDepth = 2;

    /// <summary>Steps of $apply.</summary>
    public const int MaxTransformations = 20;

    /// <summary>What the library checks by itself.</summary>
    public static ODataValidationSettings Settings => new()
    {
        AllowedQueryOptions = AllowedQueryOptions.All,
        MaxNodeCount = MaxNodes,
        MaxOrderByNodeCount = MaxSortKeys,
        MaxExpansionDepth = MaxExpandDepth,
        MaxAnyAllExpressionDepth = MaxLambdaDepth,
    };

    /// <summary>Refuses what goes over the limits, and what the library would leave out without a word.</summary>
    /// <returns>What it asks for so far; $apply, and the options that are about its result, are added where they are bound.</returns>
    public static Walk Check(ODataQueryOptions options)
    {
        var walk = new Walk();
        if (options.Apply is null)
        {
            if (options.Compute is not null) walk.Compute(options.Compute.ComputeClause);
            if (options.Filter is not null) walk.Node(options.Filter.FilterClause.Expression);
            if (options.OrderBy is not null) walk.OrderBy(options.OrderBy.OrderByClause);
            options.Validate(Settings);
        }
        // Of what $apply makes, only names are selected; they are not the entity's.
        if (options.SelectExpand is not null && (options.Apply is null || options.RawValues.Expand is not null)) walk.SelectExpand(options.SelectExpand.SelectExpandClause, 1);
        return walk;
    }

    /// <summary>Adds up what the parts of one query ask for, and fails when it is too much.</summary>
    internal sealed class Walk
    {
        private int _nodes;
        private int _lambdas;
        private int _steps;

        public void Node(QueryNode? node)
        {
            if (node is null)
                return;
            if (++_nodes > MaxNodes)
                throw TooMuch($"A query may have at most {MaxNodes} nodes.");
            if (node is CollectionConstantNode list && list.Collection.Count > MaxListLength)
                throw TooMuch($"A list may have at most {MaxListLength} values.");
            if (node is BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Has })
                throw new FeedException(FeedError.BadQuery("has asks for a flag, and no property here has flags: use eq or in."));
            if (node is LambdaNode && ++_lambdas > MaxLambdaDepth)
                throw TooMuch($"any() and all() may stand in each other at most {MaxLambdaDepth} deep.");
            foreach (var child in Children(node))
                Node(child);
            if (node is LambdaNode)
                _lambdas--;
        }

        public void OrderBy(OrderByClause? clause)
        {
            var keys = 0;
            for (; clause is not null; clause = clause.ThenBy)
            {
                if (++keys > MaxSortKeys)
                    throw TooMuch($"At most {MaxSortKeys} sort keys are taken.");
                Node(clause.Expression);
            }
        }

        public void Compute(ComputeClause? clause)
        {
            foreach (var item in clause?.ComputedItems ?? [])
                Node(item.Expression);
        }

        public void SelectExpand(SelectExpandClause? clause, int depth)
        {
            foreach (var item in clause?.SelectedItems ?? [])
            {
                if (item is not ExpandedReferenceSelectItem expanded)
                    continue;
                if (depth > MaxExpandDepth)
                    throw TooMuch($"$expand goes at most {MaxExpandDepth} levels deep.");
                if (expanded is ExpandedCountSelectItem)
                    throw new FeedException(FeedError.NotImplemented("$expand takes no /$count here: expand with $count=true and $top=0.", "$expand"));
                if (expanded.SearchOption is not null)
                    throw new FeedException(FeedError.NotImplemented("$search is not offered in $expand.", "$expand"));
                Node(expanded.FilterOption?.Expression);
                OrderBy(expanded.OrderByOption);
                Compute(expanded.ComputeOption);
                if (expanded is not ExpandedNavigationSelectItem navigation)
                    continue;
                if (expanded.ApplyOption is not null)
                    throw new FeedException(FeedError.NotImplemented("$apply is not offered in $expand.", "$expand"));
                SelectExpand(navigation.SelectAndExpand, depth + 1);
            }
        }

        public void Step()
        {
            if (++_steps > MaxTransformations)
                throw TooMuch($"$apply takes at most {MaxTransformations} transformations.");
        }

        public void Transformation(TransformationNode? transformation)
        {
            switch (transformation)
            {
                case null:
                    break;
                case FilterTransformationNode filter:
                    Node(filter.FilterClause.Expression);
                    break;
                case ComputeTransformationNode compute:
                    foreach (var item in compute.Expressions) Node(item.Expression);
                    break;
                case GroupByTransformationNode group:
                    foreach (var property in group.GroupingProperties) Grouping(property);
                    Transformation(group.ChildTransformations);
                    break;
                case AggregateTransformationNode aggregate:
                    foreach (var expression in aggregate.AggregateExpressions) Aggregate(expression);
                    break;
                default:
                    throw new FeedException(FeedError.NotImplemented($"The transformation {transformation.Kind} is not offered in $apply.", "$apply"));
            }
        }

        private void Grouping(GroupByPropertyNode property)
        {
            _nodes++;
            Node(property.Expression);
            foreach (var child in property.ChildTransformations ?? []) Grouping(child);
        }

        private void Aggregate(AggregateExpressionBase expression)
        {
            _nodes++;
            if (expression is AggregateExpression aggregate) Node(aggregate.Expression);
            else if (expression is EntitySetAggregateExpression set)
                foreach (var child in set.Children) Aggregate(child);
        }

        private static IEnumerable<QueryNode?> Children(QueryNode node) => node switch
        {
            BinaryOperatorNode binary => [binary.Left, binary.Right],
            UnaryOperatorNode unary => [unary.Operand],
            ConvertNode convert => [convert.Source],
            InNode inNode => [inNode.Left, inNode.Right],
            LambdaNode lambda => [lambda.Source, lambda.Body],
            CountNode count => [count.Source, count.FilterClause?.Expression],
            SingleValuePropertyAccessNode property => [property.Source],
            SingleValueOpenPropertyAccessNode open => [open.Source],
            SingleNavigationNode navigation => [navigation.Source],
            CollectionNavigationNode navigation => [navigation.Source],
            SingleValueFunctionCallNode function => function.Parameters,
            _ => [],
        };

        private static FeedException TooMuch(string message) => new(FeedError.BadQuery(message));
    }
}
