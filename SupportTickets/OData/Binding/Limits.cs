using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Validator;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.Configuration;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Enforces <see cref="FeedLimits"/> on a query. The library checks only $filter, $orderby and $expand. These limits also hold for
/// $apply and $compute, so the parsed query is traversed here. $top has no limit, because it is paged.
/// </summary>
internal static class Limits
{
    /// <summary>The most sort keys.</summary>
    public const int MaxSortKeys = 10;

    /// <summary>How deep any() and all() may be nested; each is a subquery.</summary>
    public const int MaxLambdaDepth = 2;

    /// <summary>The most steps of $apply.</summary>
    public const int MaxTransformations = 20;

    /// <summary>
    /// The checks of the library itself. It counts only some nodes, in a way of its own, so nodes are counted here.
    /// </summary>
    private static ODataValidationSettings Validation(FeedLimits limits) => new()
    {
        AllowedQueryOptions = AllowedQueryOptions.All,
        MaxNodeCount = int.MaxValue,
        MaxOrderByNodeCount = MaxSortKeys,
        MaxExpansionDepth = limits.MaxExpandDepth,
        MaxAnyAllExpressionDepth = MaxLambdaDepth,
        MaxFunctionCallDepth = limits.MaxDepth,
    };

    /// <summary>Refuses a query that is over a limit, or that the library would silently answer in part.</summary>
    /// <returns>The counts so far. $apply, and the options evaluated after it, are added when they are bound.</returns>
    public static Counter Check(ODataQueryOptions options, FeedLimits limits)
    {
        var counter = new Counter(limits);
        if (options.Apply is null)
        {
            if (options.Compute is not null)
                counter.Compute(options.Compute.ComputeClause, options.Context.ElementType as IEdmStructuredType);
            if (options.Filter is not null) counter.Node(options.Filter.FilterClause.Expression);
            if (options.OrderBy is not null) counter.OrderBy(options.OrderBy.OrderByClause);
        }
        // After $apply, $select only names columns, which are not properties of the entity.
        if (options.SelectExpand is not null && (options.Apply is null || options.RawValues.Expand is not null))
            counter.SelectExpand(options.SelectExpand.SelectExpandClause, 1);
        if (options.Apply is null)
            options.Validate(Validation(limits));
        return counter;
    }

    /// <summary>Counts the nodes, levels and steps of one query, and throws when there are too many.</summary>
    internal sealed class Counter(FeedLimits limits)
    {
        private int _nodes;
        private int _lambdas;
        private int _prefixes;
        private int _steps;

        /// <summary>The limits.</summary>
        public FeedLimits Limits => limits;

        public void Node(QueryNode? node)
        {
            if (node is null)
                return;
            node = ExtendedOperators.Decoded(node);
            Count();
            if (node is CollectionConstantNode list && list.Collection.Count > limits.MaxListLength)
                throw TooMuch("list_too_long", $"A list may have at most {limits.MaxListLength} values (ODATA_MAX_LIST_LENGTH).");
            if (node is LambdaNode && ++_lambdas > MaxLambdaDepth)
                throw TooMuch("too_deep", $"any() and all() may be nested at most {MaxLambdaDepth} deep.");
            if (node is UnaryOperatorNode && ++_prefixes > limits.MaxDepth)
                throw Nesting.TooDeep(limits);
            foreach (var child in Children(node))
                Node(child);
            if (node is LambdaNode)
                _lambdas--;
            if (node is UnaryOperatorNode)
                _prefixes--;
        }

        public void OrderBy(OrderByClause? clause)
        {
            var keys = 0;
            for (; clause is not null; clause = clause.ThenBy)
            {
                if (++keys > MaxSortKeys)
                    throw TooMuch("too_many_sort_keys", $"At most {MaxSortKeys} sort keys are taken.");
                Node(clause.Expression);
            }
        }

        // A computed property needs a name of its own (OData 4.01, 11.2.5.3).
        public void Compute(ComputeClause? clause, IEdmStructuredType? type)
        {
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var item in clause?.ComputedItems ?? [])
            {
                Node(item.Expression);
                if (!names.Add(item.Alias) || ApplyNames.IsProperty(type, item.Alias))
                    throw new FeedException(FeedError.BadQuery($"There is a property {item.Alias} already.", "$compute"));
            }
        }

        public void SelectExpand(SelectExpandClause? clause, int depth)
        {
            foreach (var item in clause?.SelectedItems ?? [])
            {
                if (item is not ExpandedReferenceSelectItem expanded)
                    continue;
                if (expanded is not ExpandedCountSelectItem
                    && expanded.PathToNavigationProperty.LastSegment is NavigationPropertySegment { NavigationProperty: var property }
                    && FeedSets.Of(property.DeclaringType) is { } from && from.PagedOnly.Contains(property.Name))
                {
                    throw new FeedException(FeedError.NotImplemented(
                        $"{property.Name} are too many to be expanded: read them from a path such as {from.Name}(1)/{property.Name}, "
                            + "which is paged.",
                        "$expand"));
                }
                if (depth > limits.MaxExpandDepth)
                    throw TooMuch("expand_too_deep", $"$expand goes at most {limits.MaxExpandDepth} levels deep (ODATA_MAX_EXPAND_DEPTH).");
                if (expanded is ExpandedCountSelectItem)
                {
                    Count();
                    if (clause!
                            .SelectedItems.OfType<ExpandedReferenceSelectItem>()
                            .Any(other =>
                                other != expanded
                                && other.NavigationSource == expanded.NavigationSource
                                && other.PathToNavigationProperty.LastSegment.Identifier
                                    == expanded.PathToNavigationProperty.LastSegment.Identifier
                            ))
                        throw new FeedException(FeedError.BadQuery(
                            $"{expanded.PathToNavigationProperty.LastSegment.Identifier} is expanded twice: "
                                + "expand it with $count=true to have it and its count.",
                            "$expand"));
                }
                if (expanded.SearchOption is not null)
                    throw new FeedException(FeedError.NotImplemented("$search is not offered in $expand.", "$expand"));
                Node(expanded.FilterOption?.Expression);
                OrderBy(expanded.OrderByOption);
                Compute(expanded.ComputeOption, expanded.NavigationSource?.EntityType);
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
                throw TooMuch("too_many_transformations", $"$apply takes at most {MaxTransformations} transformations.");
        }

        public void Transformation(TransformationNode? transformation)
        {
            switch (transformation)
            {
                case null:
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
                    throw new FeedException(
                        FeedError.NotImplemented($"The transformation {transformation.Kind} is not offered in $apply.", "$apply"));
            }
        }

        private void Grouping(GroupByPropertyNode property)
        {
            Count();
            Node(property.Expression);
            foreach (var child in property.ChildTransformations ?? []) Grouping(child);
        }

        private void Aggregate(AggregateExpressionBase expression)
        {
            Count();
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

        private void Count()
        {
            if (++_nodes > limits.MaxNodes)
                throw TooMuch("too_many_nodes", $"The expressions of a query may have at most {limits.MaxNodes} nodes (ODATA_MAX_NODES).");
        }

        private static FeedException TooMuch(string code, string message) => new(FeedError.OverLimit(code, message));
    }
}
