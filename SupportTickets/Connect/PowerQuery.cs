using System.Text;

namespace SupportTickets.Connect;

/// <summary>Formulas in M, the language of Power Query.</summary>
internal static class PowerQuery
{
    /// <summary>
    /// A formula that reads an address. Without OmitValues Power Query sends another request for each null value. With ODataVersion
    /// it asks for the version of the desk directly instead of trying several.
    /// </summary>
    public static string Feed(string address) =>
        $"OData.Feed({Text(address)}, null, [Implementation=\"2.0\", ODataVersion=4, OmitValues=ODataOmitValues.Nulls])";

    /// <summary>
    /// A text literal (M language, 12.2.2.2.3): quotes are doubled; <c>#(</c>, which begins an escape sequence, and control
    /// characters are escaped.
    /// </summary>
    public static string Text(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '"') text.Append("\"\"");
            else if (c == '#' && i + 1 < value.Length && value[i + 1] == '(') text.Append("#(#)");
            else if (char.IsControl(c)) text.Append($"#({(int)c:X4})");
            else text.Append(c);
        }
        return text.Append('"').ToString();
    }
}
