namespace SupportTickets.Tickets.Attachments;

/// <summary>
/// The media type of a file, as its content shows it. Only types that a browser shows without running anything are told; everything
/// else is <see cref="Unknown"/> and so is only ever saved.
/// </summary>
public static class MediaTypes
{
    /// <summary>The type of everything that is not on the list.</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>The type of plain text in UTF-8.</summary>
    public const string Text = "text/plain; charset=utf-8";

    /// <summary>How many bytes at the beginning of a file tell its type.</summary>
    internal const int HeadLength = 512;

    private static readonly string[] Images = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    /// <summary>Whether it is an image that pages may show: its format cannot hold anything that runs.</summary>
    public static bool IsImage(string mediaType) => Images.Contains(mediaType);

    /// <summary>The type.</summary>
    /// <param name="head">The first <see cref="HeadLength"/> bytes, or all of them.</param>
    /// <param name="isText">Whether the whole content is text (<see cref="TextProbe"/>).</param>
    internal static string Of(ReadOnlySpan<byte> head, bool isText)
    {
        if (head.StartsWith(Png)) return "image/png";
        if (head.StartsWith(Jpeg)) return "image/jpeg";
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return "image/gif";
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8)) return "image/webp";
        if (head.StartsWith("%PDF-"u8)) return "application/pdf";
        return isText && !IsMarkup(head) ? Text : Unknown;
    }

    // HTML, SVG and other XML are text too, but a browser may run what is in them.
    private static bool IsMarkup(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        return head.TrimStart(" \t\r\n\f"u8) is [(byte)'<', ..];
    }
}
