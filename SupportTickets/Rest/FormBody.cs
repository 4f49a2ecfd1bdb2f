using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SupportTickets.Core;
using SupportTickets.Http;

namespace SupportTickets.Rest;

/// <summary>Reads the bodies that HTML forms send.</summary>
internal static class FormBody
{
    /// <summary>The longest boundary (RFC 2046, 5.1.1).</summary>
    private const int MaxBoundary = 70;

    private static readonly Refused NoText = new(StatusCodes.Status400BadRequest, "The form is not valid in the charset that it states.");

    private static readonly Refused TooManyFields = new(
        StatusCodes.Status400BadRequest, $"The form has more than {UrlEncoded.MaxPairs} fields.");

    /// <summary>Reads application/x-www-form-urlencoded.</summary>
    public static Result<BodyValues> ParseUrlEncoded(ReadOnlySpan<byte> body, Encoding charset, BodyFields fields)
    {
        if (!charset.HoldsAscii())
            return charset.InUtf8(body) is { } utf8 ? ParseUrlEncoded(utf8, Encoding.UTF8, fields) : NoText;
        if (UrlEncoded.Parse(body, charset) is not { } pairs)
            return TooManyFields;
        var values = new BodyValues();
        foreach (var (name, text) in pairs.Where(pair => fields.Names.Contains(pair.Key)))
            values[name] = fields.OfForm(name, text);
        return values;
    }

    /// <summary>Reads multipart/form-data (RFC 7578). A file where a text is expected does not count as text.</summary>
    public static async Task<Result<BodyValues>> ParseMultipartAsync(
        string? boundary, Stream body, Encoding charset, BodyFields fields, CancellationToken cancel)
    {
        if (boundary is not { Length: > 0 and <= MaxBoundary })
            return Error("The boundary is missing or too long.");
        var reader = new MultipartReader(boundary, body);
        var values = new BodyValues();
        try
        {
            for (var parts = 0; await reader.ReadNextSectionAsync(cancel) is { } section; parts++)
            {
                if (parts == UrlEncoded.MaxPairs)
                    return TooManyFields;
                await ReadPartAsync(values, section, charset, fields, cancel);
            }
            return values;
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return Error("The body ends before its last boundary, or a part has too many headers.");
        }
    }

    private static async Task ReadPartAsync(
        BodyValues values, MultipartSection section, Encoding charset, BodyFields fields, CancellationToken cancel)
    {
        if (section.GetContentDispositionHeader() is not { } disposition || !fields.Names.Contains(Unquoted(disposition.Name)))
            return;
        var name = Unquoted(disposition.Name);
        if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
        {
            // A browser sends a part without a file name for a file that nobody chose.
            var file = Unquoted(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
            if (file.Length > 0) values[name] = Supplied.NotText(file);
            return;
        }
        using var content = new MemoryStream();
        await section.Body.CopyToAsync(content, cancel);
        values[name] = fields.OfForm(name, charset.GetString(content.GetBuffer().AsSpan(0, (int)content.Length)));
    }

    private static string Unquoted(Microsoft.Extensions.Primitives.StringSegment text) => HeaderUtilities.RemoveQuotes(text).Value ?? "";

    private static Refused Error(string what) => new(StatusCodes.Status400BadRequest, $"Multipart form parse error - {what}");
}
