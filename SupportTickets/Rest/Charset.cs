using System.Text;
using System.Text.RegularExpressions;

namespace SupportTickets.Rest;

/// <summary>
/// The charset that a body says it is in. The older system read every charset that Python knows, under all of Python's
/// names for it, and took what it did not know for UTF-8.
/// </summary>
internal static class Charset
{
    // What Python calls otherwise than the platform, without dashes.
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

    /// <summary>The encoding of a name; UTF-8 when there is none, or one that is not known.</summary>
    public static Encoding Of(string? name)
    {
        var lower = name?.Trim().ToLowerInvariant() ?? "";
        var plain = string.Concat(lower.Where(char.IsAsciiLetterOrDigit));
        var names = Families.Where(family => family.Spelled.IsMatch(plain)).Select(family => family.Spelled.Replace(plain, family.Name));
        return names.Concat([lower, lower.Replace('_', '-'), plain])
            .Select(Find).FirstOrDefault(found => found is not null) ?? Encoding.UTF8;
    }

    /// <summary>Whether ASCII looks in it as it does in UTF-8, so that a form can be taken apart before it is decoded.</summary>
    public static bool HoldsAscii(this Encoding charset) => charset.GetByteCount("a") == 1;

    /// <summary>A text of the charset in UTF-8; null when it is none.</summary>
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

    // UTF-16 and UTF-32 may say the order of their bytes at the beginning; else it is the usual one.
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
