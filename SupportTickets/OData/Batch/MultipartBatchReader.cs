using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace SupportTickets.OData.Batch;

/// <summary>Reads a batch in multipart/mixed (OData 4.01 Protocol, 11.7.7).</summary>
internal static class MultipartBatchReader
{
    private const int MaxBoundaryLength = 70; // RFC 2046, 5.1.1

    /// <summary>Reads all of it; fails with what is wrong with its form.</summary>
    public static async Task<IReadOnlyList<BatchUnit>> ReadAsync(Stream body, MediaTypeHeaderValue type, FeedLimits limits)
    {
        var units = new List<BatchUnit>();
        var count = 0;
        await foreach (var section in SectionsAsync(body, type))
        {
            var target = $"part {units.Count + 1}";
            if (TypeOf(section, target) is { } set)
            {
                var parts = new List<BatchPart>();
                await foreach (var change in SectionsAsync(section.Body, set))
                {
                    if (TypeOf(change, target) is not null)
                        throw BatchRules.Malformed("A change set holds requests, no other change set.", target);
                    Count();
                    parts.Add(await PartAsync(change, $"{target}, change {parts.Count + 1}"));
                }
                units.Add(new(parts, IsAtomic: true));
            }
            else
            {
                Count();
                units.Add(new([await PartAsync(section, target)]));
            }
            if (units.Count > limits.MaxBatchParts)
                throw BatchLimits.TooManyParts(limits);
        }
        return units;

        void Count()
        {
            if (++count > limits.MaxBatchParts)
                throw BatchLimits.TooManyParts(limits);
        }
    }

    private static async IAsyncEnumerable<MultipartSection> SectionsAsync(Stream body, MediaTypeHeaderValue type)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary) || boundary.Length > MaxBoundaryLength || boundary.Any(c => c is < ' ' or > '~'))
            throw BatchRules.Malformed($"multipart/mixed needs a boundary of 1 to {MaxBoundaryLength} characters.");
        var reader = new MultipartReader(boundary, body) { HeadersCountLimit = BatchLimits.MaxHeaders, HeadersLengthLimit = BatchLimits.MaxHeaderBytes };
        while (await NextAsync(reader) is { } section)
            yield return section;
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader)
    {
        try
        {
            var section = await reader.ReadNextSectionAsync();
            if (section is null)
                return null;
            var bytes = new MemoryStream();
            await section.Body.CopyToAsync(bytes);
            bytes.Position = 0;
            section.Body = bytes;
            return section;
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw BatchRules.Malformed("The parts of the batch are not as multipart/mixed has them: a boundary or a part's headers are missing, broken or too long.");
        }
    }

    /// <summary>The type of a change set; null for a request.</summary>
    private static MediaTypeHeaderValue? TypeOf(MultipartSection section, string target)
    {
        if (section.Headers?.TryGetValue("Content-Transfer-Encoding", out var encoding) == true && !encoding.ToString().Equals("binary", StringComparison.OrdinalIgnoreCase))
            throw BatchRules.Malformed("The Content-Transfer-Encoding of a part is binary.", target);
        if (MediaTypeHeaderValue.TryParse(section.ContentType, out var type))
        {
            if (type.MediaType.Equals("application/http", StringComparison.OrdinalIgnoreCase)) return null;
            if (type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase)) return type;
        }
        throw BatchRules.Malformed("The Content-Type of a part is application/http, or multipart/mixed for a change set.", target);
    }

    // An HTTP request as text: request line, headers, an empty line, the body.
    private static async Task<BatchPart> PartAsync(MultipartSection section, string target)
    {
        var bytes = ((MemoryStream)section.Body).ToArray().AsMemory();
        await section.Body.DisposeAsync();
        var headers = new HeaderDictionary();
        var start = bytes.Length;
        string? line;
        while ((line = TakeLine(ref bytes)) is { Length: 0 })
        {
        }
        var (method, url) = RequestLine(line, target);
        while (TakeLine(ref bytes) is { Length: > 0 } header)
        {
            if (start - bytes.Length > BatchLimits.MaxHeaderBytes)
                throw BatchLimits.TooManyHeaders(target);
            if (header.IndexOf(':') is var colon && colon <= 0)
                throw BatchRules.Malformed("A header of a part has no name.", target);
            PartHeaders.Add(headers, header[..colon], header[(colon + 1)..], target);
        }
        var id = section.Headers!.TryGetValue("Content-ID", out var given) ? given.ToString() : headers.TryGetValue("Content-ID", out given) ? given.ToString() : null;
        return new(id, method, AtHost(url, headers, target), headers, Body(bytes, headers, target), []);
    }

    private static (string Method, string Url) RequestLine(string? line, string target)
    {
        var (first, last) = (line?.IndexOf(' ') ?? -1, line?.LastIndexOf(' ') ?? -1);
        if (first <= 0 || last <= first + 1 || !line![(last + 1)..].StartsWith("HTTP/1.", StringComparison.Ordinal) || line.Any(char.IsControl))
            throw BatchRules.Malformed("A part begins with a line like \"GET Tickets HTTP/1.1\".", target);
        return (line[..first], line[(first + 1)..last].Trim());
    }

    // A path names the resource of the host in the part's own Host header, which may be another service's.
    private static string AtHost(string url, IHeaderDictionary headers, string target)
    {
        if (headers.Host.Count == 0 || !url.StartsWith('/'))
            return url;
        return headers.Host.Count == 1 && Uri.CheckHostName(new HostString(headers.Host.ToString()).Host) != UriHostNameType.Unknown
            ? $"//{headers.Host}{url}"
            : throw BatchRules.Malformed("The Host header of a part names no host.", target);
    }

    private static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> rest, HeaderDictionary headers, string target)
    {
        if (headers[HeaderNames.ContentLength] is not { Count: > 0 } length)
            return rest;
        return int.TryParse(length.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes <= rest.Length
            ? rest[..bytes]
            : throw BatchRules.Malformed("The Content-Length of a part is not that of its body.", target);
    }

    private static string? TakeLine(ref Memory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        var end = bytes.Span.IndexOf((byte)'\n');
        var line = end < 0 ? bytes : bytes[..end];
        bytes = end < 0 ? default : bytes[(end + 1)..];
        return Encoding.UTF8.GetString(line.Span.EndsWith("\r"u8) ? line.Span[..^1] : line.Span);
    }
}
