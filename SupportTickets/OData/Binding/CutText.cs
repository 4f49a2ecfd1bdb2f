using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using SupportTickets.Core;

namespace SupportTickets.OData.Binding;

/// <summary>
/// A text that a row was sorted by and that is too long for an address: its beginning, and a hash by which the row's text is known
/// again.
/// </summary>
/// <param name="Start">Its first characters.</param>
/// <param name="Hash">Of the whole.</param>
internal sealed record CutText([property: JsonPropertyName("p")] string Start, [property: JsonPropertyName("h")] string Hash)
{
    /// <summary>Bytes of a hash: enough to tell the text of one row from what became of it.</summary>
    private const int HashBytes = 12;

    /// <summary>Code points that stay in any case: a text this short is no longer than what would stand for it.</summary>
    private const int Least = 12;

    /// <summary>A sort value as a token holds it: a text of more than some code points is cut, all else stays.</summary>
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
