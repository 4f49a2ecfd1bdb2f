using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using SupportTickets.Core;

namespace SupportTickets.OData.Binding;

/// <summary>
/// A sort text that is too long for a URL: its beginning, and a hash to recognize the row's whole text by.
/// </summary>
/// <param name="Start">Its first characters.</param>
/// <param name="Hash">A hash of the whole text.</param>
internal sealed record CutText([property: JsonPropertyName("p")] string Start, [property: JsonPropertyName("h")] string Hash)
{
    /// <summary>Bytes of a hash: enough to tell whether the text of one row has changed.</summary>
    private const int HashBytes = 12;

    /// <summary>A text up to this many code points is never cut: its replacement would not be shorter.</summary>
    private const int Least = 12;

    /// <summary>A sort value for a token: a text over a number of code points is cut, any other value is kept.</summary>
    public static object? Of(object? value, int codePoints)
    {
        var most = Math.Max(codePoints, Least);
        return value is string text && text.Length > most && TextRules.CodePoints(text) > most
            ? new CutText(Cut(text, most), HashOf(text))
            : value;
    }

    /// <summary>Whether this was cut from a text.</summary>
    public bool IsOf(string text) => text.StartsWith(Start, StringComparison.Ordinal) && HashOf(text) == Hash;

    private static string Cut(string text, int codePoints)
    {
        var end = 0;
        for (; codePoints > 0; codePoints--)
            end += char.IsSurrogatePair(text, end) ? 2 : 1;
        return text[..end];
    }

    private static string HashOf(string text) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes));
}
