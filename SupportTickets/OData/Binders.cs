using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace SupportTickets.OData;

/// <summary>
/// The library's binders with the mends of <see cref="Values"/>. Each option has a binder of its own without a common
/// place to override, hence the same five lines in each.
/// </summary>
internal static class Binders
{
    /// <summary>Makes the library use them.</summary>
    public static IServiceCollection AddBinders(this IServiceCollection parts, TimeProvider clock)
    {
        var values = new Values(clock);
        return parts
            .AddSingleton<IFilterBinder>(new Filter(values))
            .AddSingleton<IOrderByBinder>(new OrderBy(values))
            .AddSingleton<IComputeBinder>(new Compute(values))
            .AddSingleton<IAggregationBinder>(new Aggregation(values))
            .AddSingleton<ISelectExpandBinder>(new SelectExpand(values, new Filter(values), new OrderBy(values)));
    }

    private sealed class Filter(Values values) : FilterBinder
    {
        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindPropertyAccessQueryNode(SingleValuePropertyAccessNode node, QueryBinderContext context) => Values.Property(node, base.BindPropertyAccessQueryNode(node, context));

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class OrderBy(Values values) : OrderByBinder
    {
        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindPropertyAccessQueryNode(SingleValuePropertyAccessNode node, QueryBinderContext context) => Values.Property(node, base.BindPropertyAccessQueryNode(node, context));

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class Compute(Values values) : ComputeBinder
    {
        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindPropertyAccessQueryNode(SingleValuePropertyAccessNode node, QueryBinderContext context) => Values.Property(node, base.BindPropertyAccessQueryNode(node, context));

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class Aggregation(Values values) : AggregationBinder
    {
        private readonly ConditionalWeakTable<TransformationNode, TransformationNode> _widened = [];

        public override AggregationFlatteningResult FlattenReferencedProperties(TransformationNode transformationNode, IQueryable query, QueryBinderContext context) =>
            base.FlattenReferencedProperties(Widened(transformationNode), query, context);

        public override Expression BindGroupBy(TransformationNode transformationNode, QueryBinderContext context) => base.BindGroupBy(Widened(transformationNode), context);

        public override Expression BindSelect(TransformationNode transformationNode, QueryBinderContext context) => base.BindSelect(Widened(transformationNode), context);

        // The same node each time: the library remembers what it bound by the nodes inside.
        private TransformationNode Widened(TransformationNode node) => _widened.GetValue(node, n => n switch
        {
            AggregateTransformationNode aggregate => Widen(aggregate),
            GroupByTransformationNode { ChildTransformations: AggregateTransformationNode aggregate } group =>
                new GroupByTransformationNode([.. group.GroupingProperties], Widen(aggregate), group.Source),
            _ => n,
        });

        private static AggregateTransformationNode Widen(AggregateTransformationNode node) => new(node.AggregateExpressions.Select(Widen));

        // A sum of whole numbers outgrows them: the minutes of a million tickets do not fit into 32 bits.
        private static AggregateExpressionBase Widen(AggregateExpressionBase expression) =>
            expression is AggregateExpression { Method: AggregationMethod.Sum } sum && sum.Expression.TypeReference?.PrimitiveKind() == EdmPrimitiveTypeKind.Int32
                ? new AggregateExpression(new ConvertNode(sum.Expression, EdmCoreModel.Instance.GetInt64(sum.Expression.TypeReference.IsNullable)), sum.Method, sum.Alias, sum.TypeReference)
                : expression;

        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindPropertyAccessQueryNode(SingleValuePropertyAccessNode node, QueryBinderContext context) => Values.Property(node, base.BindPropertyAccessQueryNode(node, context));

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class SelectExpand(Values values, IFilterBinder filter, IOrderByBinder orderBy) : SelectExpandBinder(filter, orderBy)
    {
        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindPropertyAccessQueryNode(SingleValuePropertyAccessNode node, QueryBinderContext context) => Values.Property(node, base.BindPropertyAccessQueryNode(node, context));

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }
}
