using System.Linq.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData.Binding;

/// <summary>Handles null operands and null results.</summary>
internal static class Nulls
{
    /// <summary>Whether a value is null.</summary>
    public static Expression Is(Expression value) => value is ConstantExpression { Value: null } ? Expression.Constant(true)
        : value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null ? Expression.Constant(false)
        : Expression.Equal(value, Expression.Constant(null, value.Type));

    /// <summary>The condition that an operand is null; null when it never is.</summary>
    public static Expression? Of(QueryNode node, Func<QueryNode, Expression> bind) => OfAny([node], bind);

    /// <summary>
    /// The condition that any of these is null; null when none ever is. It tests the properties that they are computed from:
    /// testing the computed value would repeat it, and double the expression with every level of nesting.
    /// </summary>
    public static Expression? OfAny(IEnumerable<QueryNode> nodes, Func<QueryNode, Expression> bind)
    {
        var missing = nodes.SelectMany(Sources).DistinctBy(Name).Select(node => Is(bind(node)));
        return missing.Where(one => one is not ConstantExpression { Value: false })
            .Aggregate((Expression?)null, (all, one) => all is null ? one : Expression.OrElse(all, one));
    }

    private static IEnumerable<QueryNode> Sources(QueryNode node) => !MayBe(node) ? [] : ExtendedOperators.Decoded(node) switch
    {
        BinaryOperatorNode binary when Floating.MayBeNaN(binary) => [binary], // may be null although no operand is
        ConvertNode convert => Sources(convert.Source),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Negate } negation => Sources(negation.Operand),
        BinaryOperatorNode { OperatorKind: not (BinaryOperatorKind.And or BinaryOperatorKind.Or) } binary =>
            Sources(binary.Left).Concat(Sources(binary.Right)),
        SingleValueFunctionCallNode { Name: not "case" } function => function.Parameters.SelectMany(Sources),
        _ => [node],
    };

    // An equal name for equal properties of the same row; otherwise the node itself.
    private static object Name(QueryNode node) => node switch
    {
        SingleValuePropertyAccessNode property => (Name(property.Source), property.Property.Name),
        SingleNavigationNode navigation => (navigation.Source is null ? null : Name(navigation.Source), navigation.NavigationProperty.Name),
        ResourceRangeVariableReferenceNode row => row.Name,
        _ => node,
    };

    /// <summary>Whether an expression is null in every row.</summary>
    public static bool IsAlways(Expression value) => value is ConstantExpression { Value: null }
        || (value is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var operand } && IsAlways(operand));

    /// <summary>Whether the literal null is one of these.</summary>
    public static bool IsIn(IEnumerable<QueryNode> nodes) => nodes.Any(node => Values.Unwrapped(node) is ConstantNode { Value: null });

    /// <summary>
    /// Whether a value may be null: because the column is nullable, because the related row does not exist, or because it is
    /// computed from such a value.
    /// </summary>
    public static bool MayBe(QueryNode node) => ExtendedOperators.Decoded(node) switch
    {
        SingleValueFunctionCallNode { Name: "case" } => true,
        ConstantNode constant => constant.Value is null,
        CountNode or LambdaNode or InNode or BooleanTestNode => false,
        SingleValuePropertyAccessNode property =>
            property.Source is SingleNavigationNode || property.TypeReference is not { IsNullable: false },
        ConvertNode convert => MayBe(convert.Source),
        UnaryOperatorNode unary => MayBe(unary.Operand),
        BinaryOperatorNode binary when Comparison.Is(binary) => false,
        BinaryOperatorNode binary when Floating.MayBeNaN(binary) => true,
        BinaryOperatorNode binary => MayBe(binary.Left) || MayBe(binary.Right),
        SingleValueFunctionCallNode function => function.Parameters.Any(MayBe),
        SingleValueNode other => other.TypeReference is not { IsNullable: false },
        _ => true,
    };

    /// <summary>The result of arithmetic with an operand that is null in every row; null when there is no such operand.</summary>
    public static Expression? Arithmetic(SingleValueNode node, Func<QueryNode, Expression> bind)
    {
        QueryNode[] operands = node switch
        {
            BinaryOperatorNode binary => [binary.Left, binary.Right],
            UnaryOperatorNode unary => [unary.Operand],
            _ => [],
        };
        bool IsNothing(QueryNode operand) => IsIn([operand]) || IsAlways(bind(operand));
        if (!operands.Any(IsNothing))
            return null;
        return Literal(
            operands.Where(operand => !IsNothing(operand)).Select(operand => bind(operand).Type).FirstOrDefault() ?? typeof(int));
    }

    /// <summary>A null of a type of the model.</summary>
    public static ConstantExpression Literal(IEdmTypeReference? type) => Literal(type is null ? typeof(object) : type.PrimitiveKind() switch
    {
        EdmPrimitiveTypeKind.Boolean => typeof(bool),
        EdmPrimitiveTypeKind.String => typeof(string),
        EdmPrimitiveTypeKind.DateTimeOffset => typeof(DateTime),
        EdmPrimitiveTypeKind.Date => typeof(DateOnly),
        EdmPrimitiveTypeKind.TimeOfDay => typeof(TimeOnly),
        EdmPrimitiveTypeKind.Duration => typeof(TimeSpan),
        var kind => Numbers.Of(kind) ?? typeof(object),
    });

    /// <summary>A value converted to a nullable type; unchanged when its type is nullable.</summary>
    public static Expression Lifted(Expression value) => value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null
        ? Expression.Convert(value, typeof(Nullable<>).MakeGenericType(value.Type))
        : value;

    /// <summary>A value unless a condition holds, else null.</summary>
    public static Expression Unless(Expression? nulls, Expression value)
    {
        if (nulls is null)
            return value;
        value = Lifted(value);
        return Expression.Condition(nulls, Expression.Constant(null, value.Type), value);
    }

    private static ConstantExpression Literal(Type type) => Expression.Constant(null, Lifted(Expression.Default(type)).Type);
}
