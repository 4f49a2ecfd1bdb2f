using System.Linq.Expressions;
using Microsoft.OData.Edm;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Promotes numbers of different types in one expression (OData URL Conventions 4.01, 5.1.1.11.1): the narrower type becomes the wider.
/// </summary>
internal static class Numbers
{
    private static readonly Type[] Widening =
    [
        typeof(byte), typeof(short), typeof(int), typeof(long), typeof(decimal), typeof(float), typeof(double),
    ];

    /// <summary>Whether values of a type, or of its nullable form, are numbers.</summary>
    public static bool IsNumber(Type type) => Array.IndexOf(Widening, Nullable.GetUnderlyingType(type) ?? type) >= 0;

    /// <summary>Whether values of a type, or of its nullable form, are integers.</summary>
    public static bool IsInteger(Type type) => Array.IndexOf(Widening, Nullable.GetUnderlyingType(type) ?? type) is >= 0 and < 4;

    /// <summary>The CLR type of a kind of number; null for other kinds.</summary>
    public static Type? Of(EdmPrimitiveTypeKind kind) => kind switch
    {
        EdmPrimitiveTypeKind.Byte => typeof(byte),
        EdmPrimitiveTypeKind.Int16 => typeof(short),
        EdmPrimitiveTypeKind.Int32 => typeof(int),
        EdmPrimitiveTypeKind.Int64 => typeof(long),
        EdmPrimitiveTypeKind.Decimal => typeof(decimal),
        EdmPrimitiveTypeKind.Single => typeof(float),
        EdmPrimitiveTypeKind.Double => typeof(double),
        _ => null,
    };

    /// <summary>Whether a numeric type has values that another one, or its nullable form, lacks.</summary>
    public static bool IsWider(Type type, Type than) =>
        Array.IndexOf(Widening, type) > Array.IndexOf(Widening, Nullable.GetUnderlyingType(than) ?? than);

    /// <summary>Gives two operands one type; leaves them if they are not numbers or already have one type.</summary>
    public static void Promote(ref Expression left, ref Expression right)
    {
        if (!IsNumber(left.Type) || !IsNumber(right.Type) || left.Type == right.Type)
            return;
        var (of, other) = (Nullable.GetUnderlyingType(left.Type) ?? left.Type, Nullable.GetUnderlyingType(right.Type) ?? right.Type);
        var type = Array.IndexOf(Widening, of) >= Array.IndexOf(Widening, other) ? of : other;
        if (of != left.Type || other != right.Type)
            type = typeof(Nullable<>).MakeGenericType(type);
        left = left.Type == type ? left : Expression.Convert(left, type);
        right = right.Type == type ? right : Expression.Convert(right, type);
    }
}
