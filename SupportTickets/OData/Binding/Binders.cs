using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData.Binding;

/// <summary>
/// The library's binders with the corrections of <see cref="Logic"/>, <see cref="Values"/>, <see cref="Arithmetic"/> and <see
/// cref="Functions"/>. Each option has a binder of its own and they share no method to override, hence the same line in each.
/// </summary>
internal static class Binders
{
    /// <summary>Registers them with the library: one set for each request, because a request has a single now().</summary>
    public static IServiceCollection AddBinders(this IServiceCollection parts, TimeProvider clock) => parts
        .AddScoped(_ => new QueryInstant(clock))
        .AddScoped<Functions>()
        .AddScoped<IFilterBinder>(scope => new Filter(scope.GetRequiredService<Functions>()))
        .AddScoped<IOrderByBinder>(scope => new OrderBy(scope.GetRequiredService<Functions>()))
        .AddScoped<ISelectExpandBinder>(scope =>
        {
            var functions = scope.GetRequiredService<Functions>();
            return new SelectExpand(functions, new Filter(functions), new NestedOrder(new OrderBy(functions)));
        });

    private sealed class Filter(Functions functions) : FilterBinder
    {
        public override Expression Bind(QueryNode node, QueryBinderContext context) =>
            BoundNodes.Of(context, node, functions, n => Bind(n, context), n => base.Bind(n, context));

        public override Expression BindFilter(FilterClause filterClause, QueryBinderContext context) =>
            base.BindFilter(BooleanTestNode.True(filterClause), context);
    }

    private sealed class OrderBy(Functions functions) : OrderByBinder
    {
        public override Expression Bind(QueryNode node, QueryBinderContext context) =>
            BoundNodes.Of(context, node, functions, n => Bind(n, context), n => base.Bind(n, context));
    }

    // Expanded rows are sorted like those of their own set: nulls lowest on every database, and by the key between equal rows.
    private sealed class NestedOrder(IOrderByBinder keys) : IOrderByBinder
    {
        public OrderByBinderResult BindOrderBy(OrderByClause orderByClause, QueryBinderContext context)
        {
            var key = Expression.Property(context.CurrentParameter, ((IEdmEntityType)context.ElementType).Key().Single().Name);
            // A constant does not order rows.
            var all = SortOrder.KeysOf(keys, orderByClause, context).Where(by => !Constants.IsConstant(by.Value))
                .Append(new(key, Descending: false, Nullable: false));
            OrderByBinderResult? order = null;
            foreach (var (by, descending) in all.SelectMany(by => SortOrder.Steps(by, ranked: true)).Reverse())
            {
                var direction = descending ? OrderByDirection.Descending : OrderByDirection.Ascending;
                order = new(Expression.Lambda(by, context.CurrentParameter), direction) { ThenBy = order };
            }
            return order!;
        }
    }

    private sealed class SelectExpand(Functions functions, IFilterBinder filter, IOrderByBinder orderBy)
        : SelectExpandBinder(filter, orderBy)
    {
        // Without $orderby expanded rows come in the order of their key, as from their own set.
        public override Expression CreatePropertyValueExpression(
            QueryBinderContext context, IEdmStructuredType elementType, IEdmProperty edmProperty, Expression source,
            FilterClause? filterClause, ComputeClause? computeClause = null, SearchClause? search = null)
        {
            var value = base.CreatePropertyValueExpression(context, elementType, edmProperty, source, filterClause, computeClause, search);
            if (edmProperty is not IEdmNavigationProperty navigation || !navigation.Type.IsCollection())
                return value;
            var rows = value.Type.GetInterfaces().Append(value.Type)
                .First(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>));
            var row = Expression.Parameter(rows.GetGenericArguments()[0], "row");
            var key = Expression.Property(row, navigation.ToEntityType().Key().Single().Name);
            return Expression.Call(
                typeof(Enumerable), nameof(Enumerable.OrderBy), [row.Type, key.Type], value, Expression.Lambda(key, row));
        }

        // An expanded row may not exist. Then neither its properties nor what is computed from them has a value, whatever the type says.
        public override Expression Bind(QueryNode node, QueryBinderContext context)
        {
            var bound = BoundNodes.Of(context, node, functions, n => Bind(n, context), n => base.Bind(n, context));
            return
                node is SingleValuePropertyAccessNode
                || (node is SingleValueFunctionCallNode function && !Functions.IsPredicate(function))
                ? Nulls.Lifted(bound)
                : bound;
        }
    }

    /// <summary>
    /// A cache of bound nodes for each context. Our binders bind operands before they leave a node to the library, which binds them
    /// again. Without the cache, the work would double with every level of nesting.
    /// </summary>
    private static class BoundNodes
    {
        private static readonly ConditionalWeakTable<QueryBinderContext, Dictionary<QueryNode, Expression>> All = [];

        public static Expression Of(
            QueryBinderContext context, QueryNode node, Functions functions, Func<QueryNode, Expression> bind,
            Func<QueryNode, Expression> library)
        {
            node = ExtendedOperators.Decoded(node);
            var known = All.GetOrCreateValue(context);
            if (known.TryGetValue(node, out var bound))
                return bound;
            // Inside $expand the library adds null checks of its own, in another way.
            var (settings, before) = (context.QuerySettings, context.QuerySettings.HandleNullPropagation);
            settings.HandleNullPropagation = HandleNullPropagationOption.False;
            try
            {
                return known[node] = Bound(context, node, functions, bind, library);
            }
            finally
            {
                settings.HandleNullPropagation = before;
            }
        }

        private static Expression Bound(
            QueryBinderContext context, QueryNode node, Functions functions, Func<QueryNode, Expression> bind,
            Func<QueryNode, Expression> library) =>
            node switch
            {
                BooleanTestNode test => new Logic(functions, bind, library).Test(test.Of, test.Test),
                _ when Logic.Is(node) => new Logic(functions, bind, library).Value(node),
                ConstantNode constant => Values.Constant(constant) ?? library(node),
                SingleValuePropertyAccessNode property => Columns.Find(property, context) ?? Values.Property(property, library(node)),
                SingleValueOpenPropertyAccessNode open => Columns.Find(open, context) ?? library(node),
                BinaryOperatorNode binary => Nulls.Arithmetic(binary, bind) ?? Arithmetic.Bind(binary, bind) ?? library(node),
                UnaryOperatorNode unary => Nulls.Arithmetic(unary, bind) ?? Arithmetic.Bind(unary, bind) ?? library(node),
                ConvertNode convert => Values.Convert(convert, bind) ?? library(node),
                CountNode { FilterClause: { } filter } count => library(
                    new CountNode(count.Source, BooleanTestNode.True(filter), count.SearchClause)),
                // Grouped rows have no day column, unless they were grouped by it.
                SingleValueFunctionCallNode { Name: "date" } date when context is ShapeContext { Shape.Collapsed: true }
                    && Values.ComputedDate(bind(date.Parameters.Single())) is { } day => day,
                SingleValueFunctionCallNode function => functions.Bind(function, bind, library),
                _ => library(node),
            };
    }

    /// <summary>The columns that $apply made before a step.</summary>
    private static class Columns
    {
        public static Expression? Find(SingleValueNode node, QueryBinderContext context) =>
            context is ShapeContext { Shape: var shape } && Path(node) is { } path ? shape.Find(path) : null;

        // Null where the path begins at another row, such as that of any() or all().
        private static string? Path(SingleValueNode node) => node switch
        {
            SingleValuePropertyAccessNode property => Below(property.Source, property.Property.Name),
            SingleValueOpenPropertyAccessNode open => Below(open.Source, open.Name),
            SingleNavigationNode navigation => Below(navigation.Source, navigation.NavigationProperty.Name),
            _ => null,
        };

        private static string? Below(SingleValueNode source, string name) =>
            source is ResourceRangeVariableReferenceNode { Name: "$it" } ? name : Path(source) is { } path ? $"{path}/{name}" : null;
    }
}
