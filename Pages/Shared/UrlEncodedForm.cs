using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace SupportTickets.Pages.Shared;

/// <summary>
/// Reads a form in the encoding that browsers use for texts. The platform's reader refuses a whole form for a null character in it, and
/// puts another character in the place of bytes that are no text.
/// </summary>
internal static class UrlEncodedForm
{
    /// <summary>A form with more fields is not read at all.</summary>
    public const int MaxRead = 1000;

    private const int MaxNameLength = 2048;

    /// <summary>The fields; null when they cannot be read.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="charset">What the request calls its encoding; null for UTF-8.</param>
    public static FormCollection? Read(ReadOnlyMemory<byte> body, Encoding? charset)
    {
        var encoding = charset is null or UTF8Encoding ? new UTF8Encoding(false, throwOnInvalidBytes: true) : charset;
        var fields = new KeyValueAccumulator();
        try
        {
            foreach (var range in body.Span.Split((byte)'&'))
            {
                var field = body[range];
                if (field.Length == 0)
                    continue;
                var end = field.Span.IndexOf((byte)'=');
                var name = Text(encoding, end < 0 ? field : field[..end]);
                if (name.Length > MaxNameLength || fields.ValueCount == MaxRead)
                    return null;
                fields.Append(name, end < 0 ? "" : Text(encoding, field[(end + 1)..]));
            }
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        return new(fields.GetResults());
    }

    private static string Text(Encoding encoding, ReadOnlyMemory<byte> encoded) =>
        encoding.GetString(WebUtility.UrlDecodeToBytes(encoded.ToArray(), 0, encoded.Length) ?? []);
}
