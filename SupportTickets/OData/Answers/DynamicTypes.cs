using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace SupportTickets.OData.Answers;

#pragma warning disable CS0618 // This version of the library uses Edm.Date; later ones use DateOnly.

/// <summary>
/// The types of values that $metadata does not declare: those of aliases in $apply and $compute. An answer states them where JSON
/// does not show them (JSON Format 4.01, 4.6.3). Otherwise a client would read a time, or a sum written as a string, as text.
/// </summary>
internal static class DynamicTypes
{
    /// <summary>
    /// The value with its type, for the library's writer; the plain value when JSON shows the type, or when the client wants no metadata.
    /// </summary>
    public static object? Typed(object? value, ODataMetadataLevel level)
    {
        if (level == ODataMetadataLevel.None)
            return value;
        if (value is ODataEnumValue member)
            member.TypeAnnotation = new ODataTypeAnnotation(member.TypeName);
        return TypeOf(value) is { } type ? new ODataPrimitiveValue(value) { TypeAnnotation = new ODataTypeAnnotation(type) } : value;
    }

    /// <summary>The type that an answer states for a value; null when JSON shows it. Not for members of enumerations.</summary>
    public static string? TypeOf(object? value) => value switch
    {
        int => "Edm.Int32",
        long => "Edm.Int64",
        decimal => "Edm.Decimal",
        float => "Edm.Single",
        double number when !double.IsFinite(number) => "Edm.Double", // written as text
        DateTimeOffset or DateTime => "Edm.DateTimeOffset",
        Date or DateOnly => "Edm.Date",
        TimeOfDay or TimeOnly => "Edm.TimeOfDay",
        TimeSpan => "Edm.Duration",
        _ => null,
    };
}
