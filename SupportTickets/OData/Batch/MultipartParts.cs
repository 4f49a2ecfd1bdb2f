using System.Text;

namespace SupportTickets.OData.Batch;

/// <summary>
/// Splits multipart/mixed (RFC 2046, 5.1.1). Lines end in CRLF; a bare LF, which some clients write, is accepted too. A part is
/// exactly the bytes between two boundaries; the line end before a boundary belongs to the boundary. The platform's reader is not
/// used, because it accepts only CRLF.
/// </summary>
internal static class MultipartParts
{
    /// <summary>The parts in order, without the text before the first boundary and after the last.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> text, string boundary)
    {
        var mark = Encoding.ASCII.GetBytes("--" + boundary);
        int? begin = null;
        for (var line = Next(text.Span, mark, 0); line is not null; line = Next(text.Span, mark, line.End))
        {
            if (begin is { } start)
                yield return text[start..Math.Max(start, line.Start)];
            if (line.IsLast)
                yield break;
            begin = line.End;
        }
        throw BatchRules.Malformed("The parts of the batch are not as multipart/mixed has them: a boundary is missing.");
    }

    /// <summary>Removes the first line and gives it without its line end; null when there is nothing left.</summary>
    public static string? TakeLine(ref ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty)
            return null;
        var end = text.Span.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return Encoding.UTF8.GetString(line.Span.EndsWith("\r"u8) ? line.Span[..^1] : line.Span);
    }

    /// <summary>Removes the header lines and the empty line after them from the beginning, and gives the headers.</summary>
    public static HeaderDictionary TakeHeaders(ref ReadOnlyMemory<byte> text, string target)
    {
        var headers = new HeaderDictionary();
        var all = text.Length;
        while (TakeLine(ref text) is { Length: > 0 } header)
        {
            if (all - text.Length > BatchLimits.MaxHeaderBytes)
                throw BatchLimits.TooManyHeaders(target);
            if (header.IndexOf(':') is var colon && colon <= 0)
                throw BatchRules.Malformed("A header of a part has no name.", target);
            PartHeaders.Add(headers, header[..colon], header[(colon + 1)..], target);
        }
        return headers;
    }

    // A line of two dashes and the boundary; after the last part two more dashes follow. Blanks may follow.
    private static Delimiter? Next(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark, int from)
    {
        for (int found; (found = text[from..].IndexOf(mark)) >= 0; from += found + 1)
        {
            var start = from + found;
            if (start > 0 && text[start - 1] != '\n')
                continue;
            var rest = text[(start + mark.Length)..];
            var isLast = rest.StartsWith("--"u8);
            if (isLast) rest = rest[2..];
            var end = rest.IndexOf((byte)'\n');
            if ((end < 0 ? rest : rest[..end]).ContainsAnyExcept(" \t\r"u8))
                continue;
            var lineEnd = start > 1 && text[start - 2] == '\r' ? 2 : 1;
            return new(start - lineEnd, end < 0 ? text.Length : text.Length - rest.Length + end + 1, isLast);
        }
        return null;
    }

    /// <param name="Start">The start of the line end before it.</param>
    /// <param name="End">The start of the text after it.</param>
    /// <param name="IsLast">Whether no part follows.</param>
    private sealed record Delimiter(int Start, int End, bool IsLast);
}
