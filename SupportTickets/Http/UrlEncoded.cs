using System.Net;
using System.Text;

namespace SupportTickets.Http;

/// <summary>
/// Parses application/x-www-form-urlencoded (WHATWG URL, section 5.1), in queries and bodies. The platform's own reader keeps
/// invalid percent-encoding, ignores the case of names and refuses null characters; the older system does none of these.
/// </summary>
internal static class UrlEncoded
{
    /// <summary>The most pairs one query or form may have.</summary>
    public const int MaxPairs = 1000;

    /// <summary>
    /// Reads the pairs in order. Bytes that are invalid in the charset (UTF-8 when null) become U+FFFD, if it does not throw at them.
    /// Null when there are too many pairs.
    /// </summary>
    /// <exception cref="DecoderFallbackException">Bytes are invalid in a charset that throws at them.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>>? Parse(ReadOnlySpan<byte> encoded, Encoding? charset = null)
    {
        charset ??= Encoding.UTF8;
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var range in encoded.Split((byte)'&'))
        {
            var pair = encoded[range];
            if (pair.IsEmpty)
                continue;
            if (pairs.Count == MaxPairs)
                return null;
            var at = pair.IndexOf((byte)'=');
            pairs.Add(at < 0 ? new(Decode(pair, charset), "") : new(Decode(pair[..at], charset), Decode(pair[(at + 1)..], charset)));
        }
        return pairs;
    }

    private static string Decode(ReadOnlySpan<byte> encoded, Encoding charset) =>
        encoded.ContainsAny((byte)'%', (byte)'+')
            ? charset.GetString(WebUtility.UrlDecodeToBytes(encoded.ToArray(), 0, encoded.Length))
            : charset.GetString(encoded);
}
