using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Binds Boolean expressions with three-valued logic: docs/decisions/0020. How a predicate is bound depends on the test: is true,
/// is not true, is false, is not false. A test of <c>and</c>, <c>or</c> or <c>not</c> becomes tests of its operands. So null is
/// handled only in comparisons and functions, and plain comparisons stay plain and can use an index.
/// </summary>
/// <param name="functions">Binds the functions that give a Boolean.</param>
/// <param name="bind">Binds an operand.</param>
/// <param name="library">Binds a node as the library does.</param>
internal sealed class Logic(Functions functions, Func<QueryNode, Expression> bind, Func<QueryNode, Expression> library)
{
    /// <summary>Whether a node is bound here.</summary>
    public static bool Is(QueryNode node) => Values.Unwrapped(node) switch
    {
        BinaryOperatorNode binary => binary.OperatorKind is BinaryOperatorKind.And or BinaryOperatorKind.Or || Comparison.Is(binary),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } or LambdaNode or InNode => true,
        SingleValueFunctionCallNode function => Functions.IsPredicate(function),
        _ => false,
    };

    /// <summary>Binds a node as a value: true, false or null.</summary>
    public Expression Value(QueryNode node) => Values.Unwrapped(node) switch
    {
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and => Joined(true, bind(and.Left), bind(and.Right)),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or => Joined(false, bind(or.Left), bind(or.Right)),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => Expression.Not(Boolean(bind(not.Operand))),
        BinaryOperatorNode comparison => new Comparison(this, comparison, bind, library).Value(),
        // all() holds when any() finds no row for which the body is not true.
        AllNode all => Expression.Not(library(Any(all, new BooleanTestNode(all.Body, BooleanTest.NotTrue)))),
        AnyNode { Body: not ConstantNode } any => library(Any(any, new BooleanTestNode(any.Body, BooleanTest.True))),
        InNode list => Values.In(list, bind) ?? library(list),
        SingleValueFunctionCallNode function => Functions.IsNull(function, bind)
            ? Expression.Constant(null, typeof(bool?))
            : Nulls.Unless(Nulls.OfAny(function.Parameters, bind), Predicate(function)),
        var other => library(other),
    };

    /// <summary>Binds a test of a node; the result is a <see cref="bool"/>.</summary>
    public Expression Test(QueryNode node, BooleanTest test)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var holds = test is BooleanTest.True or BooleanTest.NotFalse;
        switch (Values.Unwrapped(node))
        {
            case BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Or } binary:
                var both = (binary.OperatorKind == BinaryOperatorKind.And) == holds;
                var (left, right) = (Test(binary.Left, test), Test(binary.Right, test));
                return both ? Expression.AndAlso(left, right) : Expression.OrElse(left, right);
            case UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not:
                return Test(not.Operand, test switch
                {
                    BooleanTest.True => BooleanTest.False,
                    BooleanTest.False => BooleanTest.True,
                    BooleanTest.NotTrue => BooleanTest.NotFalse,
                    _ => BooleanTest.NotTrue,
                });
            case BinaryOperatorNode comparison when Comparison.Is(comparison):
                return new Comparison(this, comparison, bind, library).Holds(holds);
            case SingleValueFunctionCallNode function when Functions.IsPredicate(function) && !Functions.IsNull(function, bind):
                var answer = holds ? Predicate(function) : Expression.Not(Predicate(function));
                return Test(answer, Nulls.OfAny(function.Parameters, bind), test);
            case LambdaNode or InNode:
                return holds ? bind(node) : Expression.Not(bind(node));
            default:
                return TestValue(bind(node), test);
        }
    }

    /// <summary>A value to be tested for true or false; throws when it is not a Boolean.</summary>
    public static Expression Boolean(Expression value) => (Nullable.GetUnderlyingType(value.Type) ?? value.Type) == typeof(bool) ? value
        : value is ConstantExpression { Value: null } ? Expression.Constant(null, typeof(bool?))
        : throw new FeedException(FeedError.BadQuery("An operand of and, or and not, and a filter, is true or false."));

    // The answer of a function together with the condition under which it is null.
    private static Expression Test(Expression answer, Expression? nulls, BooleanTest test) => (nulls, test) switch
    {
        (null, _) or (_, BooleanTest.True) => answer,
        (_, BooleanTest.False) => Expression.AndAlso(Expression.Not(nulls), answer),
        _ => Expression.OrElse(nulls, answer),
    };

    private static Expression TestValue(Expression value, BooleanTest test)
    {
        var wanted = test is BooleanTest.True or BooleanTest.NotTrue;
        value = Boolean(value);
        if (value is ConstantExpression { Value: null })
            return Expression.Constant(test is BooleanTest.NotTrue or BooleanTest.NotFalse);
        if (value.Type == typeof(bool))
            return test is BooleanTest.True or BooleanTest.NotFalse ? value : Expression.Not(value);
        var constant = Expression.Constant(wanted, typeof(bool?));
        return test is BooleanTest.True or BooleanTest.False ? Expression.Equal(value, constant) : Expression.NotEqual(value, constant);
    }

    // SQL combines true, false and null as the standard does. Constants are combined here, because EF forgets that their type is nullable.
    private static Expression Joined(bool and, Expression left, Expression right)
    {
        (left, right) = (Boolean(left), Boolean(right));
        if (Constants.Value(left) is bool first)
            return first == and ? right : Expression.Constant(!and);
        if (Constants.Value(right) is bool second)
            return second == and ? left : Expression.Constant(!and);
        if (left.Type != right.Type)
            (left, right) = (Expression.Convert(left, typeof(bool?)), Expression.Convert(right, typeof(bool?)));
        return and ? Expression.AndAlso(left, right) : Expression.OrElse(left, right);
    }

    private Expression Predicate(SingleValueFunctionCallNode function) => functions.Bind(function, bind) ?? library(function);

    private static AnyNode Any(LambdaNode node, SingleValueNode body) =>
        new(node.RangeVariables, node.CurrentRangeVariable) { Source = node.Source, Body = body };
}
