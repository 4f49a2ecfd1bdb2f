using System.Text;
using System.Text.RegularExpressions;

namespace SupportTickets.Rest;

/// <summary>
/// Decodes the charset that a body states. The older system knew every charset of Python by all of Python's names, and took an
/// unknown charset for UTF-8.
/// </summary>
internal static class Charset
{
    // Charsets that Python names differently from the platform, without dashes.
    private static readonly (Regex Spelled, string Name)[] Families =
    [
        (new("^iso8859([0-9]{1,2})$"), "iso-8859-$1"),
        (new("^(?:cp|windows)(125[0-8]|874)$"), "windows-$1"),
        (new("^(?:cp|ibm)([0-9]{3})$"), "ibm$1"),
        (new("^euc(jp|kr)$"), "euc-$1"),
        (new("^koi8([ru])$"), "koi8-$1"),
        (new("^u(?:tf)?(16|32)([bl]e)?$"), "utf-$1$2"),
        (new("^macroman$"), "macintosh"),
    ];

    /// <summary>The encoding with a name; UTF-8 when the name is missing or unknown.</summary>
    public static Encoding Of(string? name)
    {
        var lower = name?.Trim().ToLowerInvariant() ?? "";
        var plain = string.Concat(lower.Where(char.IsAsciiLetterOrDigit));
        var names = Families.Where(family => family.Spelled.IsMatch(plain)).Select(family => family.Spelled.Replace(plain, family.Name));
        return names.Concat([lower, lower.Replace('_', '-'), plain])
            .Select(Find).FirstOrDefault(found => found is not null) ?? Encoding.UTF8;
    }

    /// <summary>Whether the charset encodes ASCII as UTF-8 does, so that a form can be split before it is decoded.</summary>
    public static bool HoldsAscii(this Encoding charset) => charset.GetByteCount("a") == 1;

    /// <summary>Converts a text from the charset to UTF-8; null when it is invalid.</summary>
    public static byte[]? InUtf8(this Encoding charset, ReadOnlySpan<byte> text)
    {
        var strict = (Encoding)Ordered(charset, text).Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        try
        {
            var decoded = strict.GetString(text);
            return Encoding.UTF8.GetBytes(decoded.StartsWith('\uFEFF') ? decoded[1..] : decoded);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // UTF-16 and UTF-32 may begin with a byte order mark; without one the order is the usual one.
    private static Encoding Ordered(Encoding charset, ReadOnlySpan<byte> text) => charset.WebName switch
    {
        "utf-16" when text.StartsWith(Encoding.BigEndianUnicode.Preamble) => Encoding.BigEndianUnicode,
        "utf-32" when text.StartsWith(BigEndianUtf32.Preamble) => BigEndianUtf32,
        _ => charset,
    };

    private static readonly UTF32Encoding BigEndianUtf32 = new(bigEndian: true, byteOrderMark: true);

    private static Encoding? Find(string name)
    {
        if (name.Length == 0)
            return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null; // UTF-7 is known and refused
        }
    }
}
