using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData;

/// <summary>Reads names and literals as 4.01 allows: operations without namespace, options without <c>$</c>, enum members as plain text wherever they are compared.</summary>
internal sealed class Resolver : UnqualifiedODataUriResolver
{
    /// <summary>Sets what the library reads by itself.</summary>
    public Resolver() => (EnableCaseInsensitive, EnableNoDollarQueryOptions) = (true, true);

    /// <inheritdoc />
    public override void PromoteBinaryOperandTypes(BinaryOperatorKind binaryOperatorKind, ref SingleValueNode leftNode, ref SingleValueNode rightNode, out IEdmTypeReference? typeReference)
    {
        // It compares bits, and no enumeration here has any: closed would have resolved.
        if (binaryOperatorKind == BinaryOperatorKind.Has)
            throw new FeedException(FeedError.BadQuery("has is for enumerations with flags; the model has none: use eq or in."));
        leftNode = Member(leftNode, rightNode.TypeReference);
        rightNode = Member(rightNode, leftNode.TypeReference);
        base.PromoteBinaryOperandTypes(binaryOperatorKind, ref leftNode, ref rightNode, out typeReference);
    }

    private static SingleValueNode Member(SingleValueNode node, IEdmTypeReference? other)
    {
        if (node is not ConstantNode { Value: string text } || other is null || !other.IsEnum())
            return node;
        var type = other.AsEnum().EnumDefinition();
        var member = type.Members.FirstOrDefault(m => m.Name == text)
            ?? throw new FeedException(FeedError.BadQuery($"'{text}' is no member of {type.Name}."));
        return new ConstantNode(new Microsoft.OData.ODataEnumValue(member.Name, type.FullTypeName()), $"{type.FullTypeName()}'{text}'", other);
    }
}
