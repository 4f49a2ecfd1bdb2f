using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Apply;

namespace SupportTickets.OData;

/// <summary>
/// The library's binders with the mends of <see cref="Values"/>, <see cref="Arithmetic"/> and <see cref="Functions"/>. Each option has a binder of its own without a common
/// place to override, hence the same lines in each.
/// </summary>
internal static class Binders
{
    /// <summary>Makes the library use them.</summary>
    public static IServiceCollection AddBinders(this IServiceCollection parts, TimeProvider clock)
    {
        var functions = new Functions(clock);
        return parts
            .AddSingleton<IFilterBinder>(new Filter(functions))
            .AddSingleton<IOrderByBinder>(new OrderBy(functions))
            .AddSingleton<ISelectExpandBinder>(new SelectExpand(functions, new Filter(functions), new OrderBy(functions)));
    }

    private sealed class Filter(Functions functions) : FilterBinder
    {
        public override Expression Bind(QueryNode node, QueryBinderContext context) => BoundNodes.Of(context, ExtendedOperators.Meant(node), meant => base.Bind(meant, context));

        public override Expression BindPropertyAccessQueryNode(SingleValuePropertyAccessNode node, QueryBinderContext context) =>
            Column(node, context) ?? Values.Property(node, base.BindPropertyAccessQueryNode(node, context));

        public override Expression BindDynamicPropertyAccessQueryNode(SingleValueOpenPropertyAccessNode node, QueryBinderContext context) => Column(node, context) ?? base.BindDynamicPropertyAccessQueryNode(node, context);

        // What $apply made of the rows before this step.
        private static Expression? Column(SingleValueNode node, QueryBinderContext context) => context is ShapeContext { Shape: var shape } && Path(node) is { } path ? shape.Find(path) : null;

        // Null where the path begins at another row, that of any() and all().
        private static string? Path(SingleValueNode node) => node switch
        {
            SingleValuePropertyAccessNode property => Below(property.Source, property.Property.Name),
            SingleValueOpenPropertyAccessNode open => Below(open.Source, open.Name),
            SingleNavigationNode navigation => Below(navigation.Source, navigation.NavigationProperty.Name),
            _ => null,
        };

        private static string? Below(SingleValueNode source, string name) =>
            source is ResourceRangeVariableReferenceNode { Name: "$it" } ? name : Path(source) is { } path ? $"{path}/{name}" : null;

        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindBinaryOperatorNode(BinaryOperatorNode node, QueryBinderContext context) => Arithmetic.Bind(node, n => Bind(n, context)) ?? base.BindBinaryOperatorNode(node, context);

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindUnaryOperatorNode(UnaryOperatorNode node, QueryBinderContext context) => Arithmetic.Bind(node, n => Bind(n, context)) ?? base.BindUnaryOperatorNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            functions.Bind(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class OrderBy(Functions functions) : OrderByBinder
    {
        public override Expression Bind(QueryNode node, QueryBinderContext context) => BoundNodes.Of(context, ExtendedOperators.Meant(node), meant => base.Bind(meant, context));
        public override Expression BindPropertyAccessQueryNode(SingleValuePropertyAccessNode node, QueryBinderContext context) => Values.Property(node, base.BindPropertyAccessQueryNode(node, context));

        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindBinaryOperatorNode(BinaryOperatorNode node, QueryBinderContext context) => Arithmetic.Bind(node, n => Bind(n, context)) ?? base.BindBinaryOperatorNode(node, context);

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindUnaryOperatorNode(UnaryOperatorNode node, QueryBinderContext context) => Arithmetic.Bind(node, n => Bind(n, context)) ?? base.BindUnaryOperatorNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            functions.Bind(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class SelectExpand(Functions functions, IFilterBinder filter, IOrderByBinder orderBy) : SelectExpandBinder(filter, orderBy)
    {
        public override Expression Bind(QueryNode node, QueryBinderContext context) => BoundNodes.Of(context, ExtendedOperators.Meant(node), meant => base.Bind(meant, context));
        public override Expression BindPropertyAccessQueryNode(SingleValuePropertyAccessNode node, QueryBinderContext context) => Values.Property(node, base.BindPropertyAccessQueryNode(node, context));

        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindBinaryOperatorNode(BinaryOperatorNode node, QueryBinderContext context) => Arithmetic.Bind(node, n => Bind(n, context)) ?? base.BindBinaryOperatorNode(node, context);

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindUnaryOperatorNode(UnaryOperatorNode node, QueryBinderContext context) => Arithmetic.Bind(node, n => Bind(n, context)) ?? base.BindUnaryOperatorNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            functions.Bind(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    /// <summary>
    /// What was bound, by the context it was bound in. Ours looks at operands before it leaves a node to the library, which
    /// binds them again: unremembered, that doubles with every level of nesting.
    /// </summary>
    private static class BoundNodes
    {
        private static readonly ConditionalWeakTable<QueryBinderContext, Dictionary<QueryNode, Expression>> All = [];

        public static Expression Of(QueryBinderContext context, QueryNode node, Func<QueryNode, Expression> bind)
        {
            var known = All.GetOrCreateValue(context);
            if (!known.TryGetValue(node, out var bound))
                known[node] = bound = bind(node);
            return bound;
        }
    }
}
