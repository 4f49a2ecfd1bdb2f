using System.Linq.Expressions;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData;

/// <summary>
/// The library's binders with the mends of <see cref="Values"/>. Each option has a binder of its own without a common
/// place to override, hence the same four lines in each.
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

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class OrderBy(Values values) : OrderByBinder
    {
        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class Compute(Values values) : ComputeBinder
    {
        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class Aggregation(Values values) : AggregationBinder
    {
        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }

    private sealed class SelectExpand(Values values, IFilterBinder filter, IOrderByBinder orderBy) : SelectExpandBinder(filter, orderBy)
    {
        public override Expression BindConstantNode(ConstantNode node, QueryBinderContext context) => Values.Constant(node) ?? base.BindConstantNode(node, context);

        public override Expression BindConvertNode(ConvertNode node, QueryBinderContext context) => Values.Convert(node, n => Bind(n, context)) ?? base.BindConvertNode(node, context);

        public override Expression BindInNode(InNode node, QueryBinderContext context) => Values.In(node, n => Bind(n, context)) ?? base.BindInNode(node, context);

        public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context) =>
            values.Function(node, n => Bind(n, context)) ?? base.BindSingleValueFunctionCallNode(node, context);
    }
}
