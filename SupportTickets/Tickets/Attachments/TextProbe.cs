using System.Text;

namespace SupportTickets.Tickets.Attachments;

/// <summary>Tells whether bytes that arrive one buffer after the other are plain text in UTF-8.</summary>
internal sealed class TextProbe
{
    private const int PartLength = 8 * 1024;

    private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
    private readonly char[] _characters = new char[PartLength + 4]; // a character may have begun in the part before
    private bool _isText = true;

    /// <summary>Looks at the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => Look(bytes, isLast: false);

    /// <summary>Whether all of it was text.</summary>
    public bool End()
    {
        Look([], isLast: true);
        return _isText;
    }

    private void Look(ReadOnlySpan<byte> bytes, bool isLast)
    {
        do
        {
            var part = bytes[..Math.Min(bytes.Length, PartLength)];
            bytes = bytes[part.Length..];
            _isText = _isText && IsText(part, isLast);
        } while (_isText && bytes.Length > 0);
    }

    private bool IsText(ReadOnlySpan<byte> bytes, bool isLast)
    {
        try
        {
            var text = _characters.AsSpan(0, _decoder.GetChars(bytes, _characters, isLast));
            // Control characters, without white space and the escapes that colour a log.
            return !text.ContainsAnyInRange('\0', '\b') && !text.ContainsAnyInRange('\u000E', '\u001A')
                && !text.ContainsAny('\v', '\u007F');
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
