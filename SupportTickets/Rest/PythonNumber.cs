using System.Globalization;
using System.Text;

namespace SupportTickets.Rest;

/// <summary>Numbers as the older system spells them: a number in the place of a text becomes this text, and averages always have a fraction.</summary>
internal static class PythonNumber
{
    /// <summary>The least exponent that is written as one.</summary>
    private const int FirstExponent = 16;

    /// <summary>A JSON number as text: whole numbers keep their digits, others become the shortest text of their double.</summary>
    public static string Spell(ReadOnlySpan<byte> json)
    {
        if (json.ContainsAny("eE."u8))
            return Spell(double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture));
        var digits = Encoding.ASCII.GetString(json);
        return digits == "-0" ? "0" : digits;
    }

    /// <summary>A double: <c>18.0</c>, <c>0.1</c>, <c>1e-07</c>, <c>1e+16</c>, <c>inf</c>.</summary>
    public static string Spell(double value)
    {
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        var at = text.IndexOf('e', StringComparison.Ordinal);
        if (at < 0)
            return text.Contains('.') ? text : text + ".0";
        // The platform goes over to exponents one power earlier.
        return text[(at + 1)..] == "+15" ? WithoutExponent(text[..at]) : text;
    }

    private static string WithoutExponent(string mantissa)
    {
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var digits = mantissa[sign.Length..].Replace(".", "").PadRight(FirstExponent, '0');
        return $"{sign}{digits[..FirstExponent]}.{(digits.Length > FirstExponent ? digits[FirstExponent..] : "0")}";
    }
}
