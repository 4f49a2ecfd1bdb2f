using System.Globalization;
using Microsoft.Net.Http.Headers;
using SupportTickets.Configuration;

namespace SupportTickets.OData.Batch;

/// <summary>Reads a batch in multipart/mixed (OData 4.01 Protocol, 11.7.7).</summary>
internal static class MultipartBatchReader
{
    private const int MaxBoundaryLength = 70; // RFC 2046, 5.1.1

    /// <summary>Reads the batch; throws when its form is wrong.</summary>
    public static IReadOnlyList<BatchUnit> Read(ReadOnlyMemory<byte> body, MediaTypeHeaderValue type, FeedLimits limits)
    {
        var units = new List<BatchUnit>();
        var count = 0;
        foreach (var section in Sections(body, type))
        {
            var target = $"part {units.Count + 1}";
            var (headers, content) = Open(section, target);
            if (TypeOf(headers, target) is { } set)
            {
                var parts = new List<BatchPart>();
                foreach (var change in Sections(content, set))
                {
                    var (own, request) = Open(change, target);
                    if (TypeOf(own, target) is not null)
                        throw BatchRules.Malformed("A change set holds requests, no other change set.", target);
                    Count();
                    parts.Add(Part(own, request, $"{target}, change {parts.Count + 1}"));
                }
                units.Add(new(parts, IsAtomic: true));
            }
            else
            {
                Count();
                units.Add(new([Part(headers, content, target)]));
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

    private static IEnumerable<ReadOnlyMemory<byte>> Sections(ReadOnlyMemory<byte> body, MediaTypeHeaderValue type)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary) || boundary.Length > MaxBoundaryLength || boundary.Any(c => c is < ' ' or > '~'))
            throw BatchRules.Malformed($"multipart/mixed needs a boundary of 1 to {MaxBoundaryLength} characters.");
        return MultipartParts.Split(body, boundary);
    }

    private static (HeaderDictionary Headers, ReadOnlyMemory<byte> Content) Open(ReadOnlyMemory<byte> section, string target)
    {
        var headers = MultipartParts.TakeHeaders(ref section, target);
        return (headers, section);
    }

    /// <summary>The type of a change set; null for a request.</summary>
    private static MediaTypeHeaderValue? TypeOf(IHeaderDictionary headers, string target)
    {
        if (headers.TryGetValue("Content-Transfer-Encoding", out var encoding)
            && !encoding.ToString().Equals("binary", StringComparison.OrdinalIgnoreCase))
            throw BatchRules.Malformed("The Content-Transfer-Encoding of a part is binary.", target);
        if (MediaTypeHeaderValue.TryParse(headers.ContentType.ToString(), out var type))
        {
            if (type.MediaType.Equals("application/http", StringComparison.OrdinalIgnoreCase)) return null;
            if (type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase)) return type;
        }
        throw BatchRules.Malformed("The Content-Type of a part is application/http, or multipart/mixed for a change set.", target);
    }

    // An HTTP request as text: request line, headers, an empty line, the body.
    private static BatchPart Part(HeaderDictionary section, ReadOnlyMemory<byte> text, string target)
    {
        string? line;
        while ((line = MultipartParts.TakeLine(ref text)) is { Length: 0 })
        {
        }
        var (method, url) = RequestLine(line, target);
        var headers = MultipartParts.TakeHeaders(ref text, target);
        var id =
            section.TryGetValue("Content-ID", out var given) ? given.ToString()
            : headers.TryGetValue("Content-ID", out given) ? given.ToString()
            : null;
        return new(id, method, AtHost(url, headers, target), headers, Body(text, headers, target), []);
    }

    private static (string Method, string Url) RequestLine(string? line, string target)
    {
        var (first, last) = (line?.IndexOf(' ') ?? -1, line?.LastIndexOf(' ') ?? -1);
        if (first <= 0
            || last <= first + 1
            || !line![(last + 1)..].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || line.Any(char.IsControl))
            throw BatchRules.Malformed("A part begins with a line like \"GET Tickets HTTP/1.1\".", target);
        return (line[..first], line[(first + 1)..last].Trim());
    }

    // A URL without a host is at the host of the part's own Host header, which may be another service.
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
}
