using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SupportTickets.Core;
using SupportTickets.Tickets;

namespace SupportTickets.Rest;

/// <summary>Reads the bodies that HTML forms send.</summary>
internal static class FormBody
{
    /// <summary>The longest boundary (RFC 2046, 5.1.1).</summary>
    private const int MaxBoundary = 70;

    private static readonly Refused NoText = new(StatusCodes.Status400BadRequest, "The form is not valid in the charset that it states.");

    private static readonly Refused TooManyFields = new(
        StatusCodes.Status400BadRequest, $"The form has more than {UrlEncoded.MaxPairs} fields.");

    /// <summary>Reads application/x-www-form-urlencoded, in UTF-8 when no charset is given.</summary>
    public static Result<TicketInput> ParseUrlEncoded(ReadOnlySpan<byte> body, Encoding? charset = null)
    {
        charset ??= Encoding.UTF8;
        if (!charset.HoldsAscii())
            return charset.InUtf8(body) is { } utf8 ? ParseUrlEncoded(utf8, Encoding.UTF8) : NoText;
        if (UrlEncoded.Parse(body, charset) is not { } fields)
            return TooManyFields;
        return fields.Aggregate(new TicketInput(), (input, field) => WithText(input, field.Key, field.Value));
    }

    /// <summary>Reads multipart/form-data (RFC 7578). A file where a text is expected does not count as text.</summary>
    public static async Task<Result<TicketInput>> ParseMultipartAsync(
        string? boundary, Stream body, Encoding charset, CancellationToken cancel)
    {
        if (boundary is not { Length: > 0 and <= MaxBoundary })
            return Error("The boundary is missing or too long.");
        var reader = new MultipartReader(boundary, body);
        var input = new TicketInput();
        try
        {
            for (var parts = 0; await reader.ReadNextSectionAsync(cancel) is { } section; parts++)
            {
                if (parts == UrlEncoded.MaxPairs)
                    return TooManyFields;
                input = await WithPartAsync(input, section, charset, cancel);
            }
            return input;
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return Error("The body ends before its last boundary, or a part has too many headers.");
        }
    }

    private static async Task<TicketInput> WithPartAsync(
        TicketInput input, MultipartSection section, Encoding charset, CancellationToken cancel)
    {
        if (section.GetContentDispositionHeader() is not { } disposition || !TicketFields.IsKnown(Unquoted(disposition.Name)))
            return input;
        var name = Unquoted(disposition.Name);
        if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
        {
            // A browser sends a part without a file name for a file that nobody chose.
            var file = Unquoted(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
            return file.Length == 0 ? input : input.With(name, Supplied.NotText(file));
        }
        using var content = new MemoryStream();
        await section.Body.CopyToAsync(content, cancel);
        return WithText(input, name, charset.GetString(content.GetBuffer().AsSpan(0, (int)content.Length)));
    }

    private static TicketInput WithText(TicketInput input, string name, string text) =>
        input.With(name, name == TicketFields.Status && text.Length == 0 ? Supplied.Missing : Supplied.Of(text));

    private static string Unquoted(Microsoft.Extensions.Primitives.StringSegment text) => HeaderUtilities.RemoveQuotes(text).Value ?? "";

    private static Refused Error(string what) => new(StatusCodes.Status400BadRequest, $"Multipart form parse error - {what}");
}
