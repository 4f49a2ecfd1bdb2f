using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace SupportTickets.OData.Answers;

#pragma warning disable CS0618 // Edm.Date is what the library of today gives and takes; its successor is DateOnly.

/// <summary>
/// The types of values that $metadata does not declare: aliases of $apply and $compute. They are said wherever JSON does not
/// show them (JSON Format 4.01, 4.6.3): without it a client takes a time, or a sum that comes as a string, for text.
/// </summary>
internal static class DynamicTypes
{
    /// <summary>
    /// The value with its type for the library's writer; as it is when JSON shows the type, or when no metadata is asked for.
    /// </summary>
    public static object? Typed(object? value, ODataMetadataLevel level)
    {
        if (level == ODataMetadataLevel.None)
            return value;
        if (value is ODataEnumValue member)
            member.TypeAnnotation = new ODataTypeAnnotation(member.TypeName);
        return TypeOf(value) is { } type ? new ODataPrimitiveValue(value) { TypeAnnotation = new ODataTypeAnnotation(type) } : value;
    }

    private static string? TypeOf(object? value) => value switch
    {
        int => "Edm.Int32",
        long => "Edm.Int64",
        decimal => "Edm.Decimal",
        float => "Edm.Single",
        double number when !double.IsFinite(number) => "Edm.Double", // written as text
        DateTimeOffset => "Edm.DateTimeOffset",
        Date => "Edm.Date",
        TimeOfDay => "Edm.TimeOfDay",
        TimeSpan => "Edm.Duration",
        _ => null,
    };
}
