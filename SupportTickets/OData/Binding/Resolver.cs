using System.Globalization;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Resolves names and literals as 4.01 allows: operations without namespace, options without <c>$</c>, enum members and durations
/// as plain text wherever their type is clear, numbers of different types in one operation.
/// </summary>
internal sealed class Resolver : UnqualifiedODataUriResolver
{
    private static readonly IEdmTypeReference Duration = EdmCoreModel.Instance.GetDuration(true);

    private readonly IEdmModel _model;

    /// <summary>Turns on the options of the library.</summary>
    /// <param name="model">The model.</param>
    public Resolver(IEdmModel model) => (_model, EnableCaseInsensitive, EnableNoDollarQueryOptions) = (model, true, true);

    /// <inheritdoc />
    public override void PromoteBinaryOperandTypes(
        BinaryOperatorKind binaryOperatorKind, ref SingleValueNode leftNode, ref SingleValueNode rightNode,
        out IEdmTypeReference? typeReference)
    {
        if (binaryOperatorKind == BinaryOperatorKind.Has)
        {
            typeReference = ExtendedOperators.Resolve(ref leftNode, ref rightNode, this, _model);
            return;
        }
        leftNode = Missing(leftNode, rightNode.TypeReference, binaryOperatorKind);
        rightNode = Missing(rightNode, leftNode.TypeReference, binaryOperatorKind);
        leftNode = Literal(leftNode, rightNode.TypeReference, binaryOperatorKind);
        rightNode = Literal(rightNode, leftNode.TypeReference, binaryOperatorKind);
        if (ResultOf(binaryOperatorKind, leftNode.TypeReference, rightNode.TypeReference) is { } result)
            typeReference = result;
        // A duration could be subtracted from a time as well, but a name never stands for one: no column is a duration.
        else if (binaryOperatorKind == BinaryOperatorKind.Subtract && IsUnknownBesideTime(leftNode, rightNode))
            typeReference = Duration;
        else
            base.PromoteBinaryOperandTypes(binaryOperatorKind, ref leftNode, ref rightNode, out typeReference);
    }

    private static bool IsUnknownBesideTime(SingleValueNode left, SingleValueNode right) =>
        (left.TypeReference is null && right.TypeReference?.IsDateTimeOffset() == true)
        || (right.TypeReference is null && left.TypeReference?.IsDateTimeOffset() == true);

    // The parser accepts null with an enum member only for eq and ne, and not at all in a subtraction with a time.
    private static SingleValueNode Missing(SingleValueNode node, IEdmTypeReference? other, BinaryOperatorKind kind) =>
        node is ConstantNode { Value: null }
        && other is not null
        && (other.IsEnum() || (other.IsDateTimeOffset() && kind == BinaryOperatorKind.Subtract))
            ? new ConstantNode(null, "null", other)
            : node;

    // The result type of operators for which the library's parser has no signature.
    private static IEdmTypeReference? ResultOf(BinaryOperatorKind kind, IEdmTypeReference? left, IEdmTypeReference? right)
    {
        // A name from $compute or $apply has no type until the rows are known.
        if (left is null || right is null)
            return IsComparison(kind) && (left ?? right)?.IsEnum() == true ? EdmCoreModel.Instance.GetBoolean(true) : null;
        if (kind is BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide && left.IsDuration() && IsNumber(right))
            return Duration;
        if (kind is BinaryOperatorKind.Multiply && IsNumber(left) && right.IsDuration())
            return Duration;
        // The parser does not promote decimals to other types; binding gives the operands one type.
        if (!IsNumber(left) || !IsNumber(right) || left.IsDecimal() == right.IsDecimal() || !(IsFloating(left) || IsFloating(right)))
            return null;
        return IsComparison(kind) ? EdmCoreModel.Instance.GetBoolean(true) : EdmCoreModel.Instance.GetDouble(true);
    }

    private static bool IsNumber(IEdmTypeReference type) => Numbers.Of(type.PrimitiveKind()) is not null;

    private static bool IsFloating(IEdmTypeReference type) => type.IsDouble() || type.IsSingle();

    private static bool IsComparison(BinaryOperatorKind kind) => kind is BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual
        or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual
        or BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual;

    private static SingleValueNode Literal(SingleValueNode node, IEdmTypeReference? other, BinaryOperatorKind kind)
    {
        if (node is not ConstantNode { Value: string text } || other is null)
            return node;
        if (other.IsEnum())
            return Member(text, other.AsEnum());
        // A text in arithmetic with a time or a number can only be a duration.
        var isDuration = other.IsDuration() || kind switch
        {
            BinaryOperatorKind.Add or BinaryOperatorKind.Subtract => other.IsDateTimeOffset() || other.IsDate(),
            BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide => IsNumber(other),
            _ => false,
        };
        return isDuration ? new ConstantNode(DurationOf(text), $"duration'{text}'", Duration) : node;
    }

    /// <summary>A member of an enumeration, by name or, as the standard allows, by number.</summary>
    public static ConstantNode Member(string text, IEdmEnumTypeReference reference)
    {
        var type = reference.EnumDefinition();
        var member = type.Members.FirstOrDefault(m => m.Name == text || m.Value.Value.ToString(CultureInfo.InvariantCulture) == text)
            ?? throw new FeedException(FeedError.BadQuery($"'{text}' is no member of {type.Name}."));
        return new(new ODataEnumValue(member.Name, type.FullTypeName()), $"{type.FullTypeName()}'{member.Name}'", reference);
    }

    /// <summary>Parses a duration.</summary>
    public static TimeSpan DurationOf(string text)
    {
        try
        {
            var literal = $"duration'{text.Replace("'", "''", StringComparison.Ordinal)}'";
            return (TimeSpan)ODataUriUtils.ConvertFromUriLiteral(literal, ODataVersion.V401);
        }
        catch (Exception error) when (error is ODataException or FormatException or OverflowException)
        {
            var shown = text.Length <= 40 ? text : text[..40] + "...";
            throw new FeedException(FeedError.BadQuery($"'{shown}' is no duration, which is written as P1DT2H30M."));
        }
    }
}
