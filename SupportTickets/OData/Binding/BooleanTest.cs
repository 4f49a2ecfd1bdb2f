using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData.Binding;

/// <summary>
/// A test of a Boolean expression that may be null, as SQL has it (IS TRUE, IS NOT TRUE, ...): null is neither true nor false.
/// </summary>
internal enum BooleanTest
{
    /// <summary>Whether it is true.</summary>
    True,

    /// <summary>Whether it is false or null.</summary>
    NotTrue,

    /// <summary>Whether it is false.</summary>
    False,

    /// <summary>Whether it is true or null.</summary>
    NotFalse,
}

/// <summary>A node that tests a Boolean expression, for use where the library binds a predicate. The result is never null.</summary>
/// <param name="of">The expression.</param>
/// <param name="test">The test.</param>
internal sealed class BooleanTestNode(SingleValueNode of, BooleanTest test) : SingleValueNode
{
    /// <summary>The expression.</summary>
    public SingleValueNode Of => of;

    /// <summary>The test.</summary>
    public BooleanTest Test => test;

    /// <inheritdoc />
    public override IEdmTypeReference TypeReference { get; } = EdmCoreModel.Instance.GetBoolean(isNullable: false);

    /// <inheritdoc />
    public override QueryNodeKind Kind => QueryNodeKind.UnaryOperator;

    /// <summary>A filter that keeps the rows for which the expression is true.</summary>
    public static FilterClause True(FilterClause filter) =>
        new(new BooleanTestNode(filter.Expression, BooleanTest.True), filter.RangeVariable);
}
