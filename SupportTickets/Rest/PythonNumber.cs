using System.Globalization;
using System.Text;

namespace SupportTickets.Rest;

/// <summary>
/// Formats numbers as the older system did: a number for a text field becomes this text, and averages always have a fraction.
/// </summary>
internal static class PythonNumber
{
    /// <summary>Exponents from the first up to but excluding the second are not written in scientific notation.</summary>
    private const int FirstPlain = -4, FirstLarge = 16;

    /// <summary>A JSON number as text: integers keep their digits, others become the shortest text of their double.</summary>
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
        var sign = double.IsNegative(value) ? "-" : "";
        var (digits, exponent) = ShortestDigits(Math.Abs(value));
        if (exponent is < FirstPlain or >= FirstLarge)
        {
            var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{exponent:+00;-00}");
        }
        if (exponent < 0)
            return $"{sign}0.{digits.PadLeft(digits.Length - exponent - 1, '0')}";
        var whole = exponent + 1;
        return $"{sign}{digits.PadRight(whole, '0')[..whole]}.{(digits.Length > whole ? digits[whole..] : "0")}";
    }

    /// <summary>The fewest digits that identify the double, and the power of ten of the first digit.</summary>
    private static (string Digits, int Exponent) ShortestDigits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = text[0].IndexOf('.', StringComparison.Ordinal);
        var all = text[0].Replace(".", "");
        var digits = all.TrimStart('0');
        var exponent = (point < 0 ? all.Length : point) - (all.Length - digits.Length) - 1
            + (text.Length > 1 ? int.Parse(text[1], CultureInfo.InvariantCulture) : 0);
        return digits.Length == 0 ? ("0", 0) : (digits.TrimEnd('0'), exponent);
    }
}
