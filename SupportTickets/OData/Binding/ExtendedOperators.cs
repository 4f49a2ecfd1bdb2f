using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Binding;

/// <summary>
/// <c>in</c> with a list, <c>case</c> and <c>cast</c> (OData URL Conventions 4.01, 5.1.1.1.11, 5.1.1.12.1, 5.1.1.10.1). The
/// library's parser reads list items as JSON of the type on the left, and so refuses 7.0 or null for an integer; it does not know
/// <c>case</c>; and it cannot cast an enumeration to a number. So <see cref="ExpressionText"/> encodes these with the operator
/// <c>has</c>, and this class decodes them: the left operand of such a <c>has</c> becomes the real node, and the right one is
/// ignored.
/// </summary>
internal static class ExtendedOperators
{
    private const string Case = "case";

    private static readonly ConstantNode Nothing = new(true, "true");

    private static readonly IEdmTypeReference Boolean = EdmCoreModel.Instance.GetBoolean(true);

    private static readonly ConditionalWeakTable<SingleValueFunctionCallNode, SingleValueFunctionCallNode> Listed = [];

    /// <summary>
    /// The real node: decoded from <c>has</c>, if it is encoded. Functions whose parameters the library creates anew on each access
    /// are copied with a fixed list: otherwise the cache of bound nodes would not work, and twenty nested functions would make a
    /// million.
    /// </summary>
    public static QueryNode Decoded(QueryNode node) => node switch
    {
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Has } has => Decoded(has.Left),
        SingleValueFunctionCallNode { Parameters: not ICollection<QueryNode> } function => Listed.GetValue(
            function, of => new(of.Name, of.Functions, of.Parameters.ToList(), of.TypeReference, of.Source)),
        _ => node,
    };

    /// <summary>Decodes the operands of <c>has</c>.</summary>
    /// <param name="left">The left operand; becomes the decoded node.</param>
    /// <param name="right">A list, a type, or a part of <c>case</c>; becomes a dummy.</param>
    /// <param name="resolver">Finds types and gives the values of <c>case</c> one type.</param>
    /// <param name="model">The model.</param>
    /// <returns>The type of the decoded node; null when it is known only together with the rows.</returns>
    public static IEdmTypeReference? Resolve(ref SingleValueNode left, ref SingleValueNode right, Resolver resolver, IEdmModel model)
    {
        var operand = right;
        right = Nothing;
        if (operand is ConstantNode { LiteralText: ['[', ..] list })
        {
            left = new InNode(left, Items(list, model));
            return Boolean;
        }
        if (operand is ConstantNode { LiteralText: ['{', ..] name })
        {
            var type = TypeOf(name.Trim('{', '}'), left is not ConstantNode { Value: not null }, resolver, model);
            left = new SingleValueFunctionCallNode("cast", [left, new ConstantNode(type.FullName(), type.FullName())], type);
            return type;
        }
        var parts = left is BinaryOperatorNode { Left: SingleValueFunctionCallNode { Name: Case } begun } ? begun.Parameters.ToList() : [];
        parts.Add(operand);
        var common = parts.Count % 2 == 0 ? Common(parts, resolver) : null;
        left = new SingleValueFunctionCallNode(Case, parts, common);
        return common;
    }

    // Each item is a literal of its own. Binding the left operand shows which items can be equal to it.
    private static CollectionConstantNode Items(string list, IEdmModel model)
    {
        var inside = list[1..^1];
        IEnumerable<string> texts = string.IsNullOrWhiteSpace(inside) ? [] : SeparatedText.Split(inside, ',').Select(text => text.Trim());
        var items = texts.Select(text => Item(text, model)).ToList();
        return new(items, list, new EdmCollectionTypeReference(new EdmCollectionType(EdmCoreModel.Instance.GetUntyped())));
    }

    private static object? Item(string text, IEdmModel model)
    {
        try
        {
            var value = text is ['"', ..]
                ? JsonSerializer.Deserialize<string>(text)
                : ODataUriUtils.ConvertFromUriLiteral(text, ODataVersion.V401, model, null);
            return value switch
            {
                ODataNullValue => null,
                float => double.Parse(text.TrimEnd('f', 'F'), System.Globalization.CultureInfo.InvariantCulture), // 2.1, not 2.0999999
                ODataCollectionValue or ODataResourceValue => throw Refused(text),
                _ => value,
            };
        }
        catch (Exception error) when (error is ODataException or JsonException or FormatException)
        {
            throw Refused(text);
        }
    }

    private static FeedException Refused(string text) =>
        new(FeedError.BadQuery($"A list holds literals of one type; {(text.Length <= 40 ? text : text[..40] + "...")} is none."));

    private static IEdmTypeReference TypeOf(string name, bool isNullable, Resolver resolver, IEdmModel model)
    {
        var type = name.Length == 0 ? null : (IEdmType?)EdmCoreModel.Instance.FindType(name) ?? resolver.ResolveType(model, name);
        return type switch
        {
            IEdmPrimitiveType primitive => EdmCoreModel.Instance.GetPrimitive(primitive.PrimitiveKind, isNullable),
            IEdmEnumType members => new EdmEnumTypeReference(members, isNullable),
            _ => throw new FeedException(FeedError.BadQuery($"There is no type {name} to cast to.")),
        };
    }

    // Compares each value with the earlier ones, which gives them one type. A value whose type is not known yet is skipped.
    private static IEdmTypeReference? Common(List<QueryNode> parts, Resolver resolver)
    {
        SingleValueNode? common = null;
        for (var at = 1; at < parts.Count; at += 2)
        {
            if (parts[at] is not SingleValueNode value || value is ConstantNode { Value: null })
                continue;
            if (value.TypeReference is null)
                return null;
            if (common is not null)
                resolver.PromoteBinaryOperandTypes(BinaryOperatorKind.Equal, ref common, ref value, out _);
            (common, parts[at]) = (value, value);
        }
        return common?.TypeReference;
    }
}
