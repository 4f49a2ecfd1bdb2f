using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData.Binding;

/// <summary>What can be asked of a Boolean expression, which may be null: then it is neither true nor false.</summary>
internal enum Question
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

/// <summary>A question about a Boolean expression, to be bound where the library binds a predicate: the answer is never null.</summary>
/// <param name="of">The expression.</param>
/// <param name="question">What is asked of it.</param>
internal sealed class Asked(SingleValueNode of, Question question) : SingleValueNode
{
    /// <summary>The expression.</summary>
    public SingleValueNode Of => of;

    /// <summary>What is asked of it.</summary>
    public Question Question => question;

    /// <inheritdoc />
    public override IEdmTypeReference TypeReference { get; } = EdmCoreModel.Instance.GetBoolean(isNullable: false);

    /// <inheritdoc />
    public override QueryNodeKind Kind => QueryNodeKind.UnaryOperator;

    /// <summary>Those rows of a filter for which it is true.</summary>
    public static FilterClause True(FilterClause filter) => new(new Asked(filter.Expression, Question.True), filter.RangeVariable);
}
