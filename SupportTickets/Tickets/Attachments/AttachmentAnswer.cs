using Microsoft.Net.Http.Headers;

namespace SupportTickets.Tickets.Attachments;

/// <summary>
/// Sends the content of a file to a browser or a program. It comes from people, so nothing in it may run here: it is saved and not
/// shown, its type is the one that its content shows, and a policy shuts in what a browser shows all the same.
/// </summary>
internal static class AttachmentAnswer
{
    /// <summary>The policy of a file, also of one that is shown inline.</summary>
    public const string ContentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";

    /// <summary>Writes the whole answer; 304 when the caller has the content already.</summary>
    /// <param name="http">The request, GET or HEAD.</param>
    /// <param name="file">The file; the caller may see it.</param>
    /// <param name="inline">Whether it may be shown in a page; has no effect on anything but an image.</param>
    public static async Task WriteAsync(HttpContext http, Attachment file, bool inline)
    {
        var contents = http.RequestServices.GetRequiredService<AttachmentContents>();
        var (response, headers) = (http.Response, http.Response.GetTypedHeaders());
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(file.Hash)}\"");
        headers.ETag = tag;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var disposition = new ContentDispositionHeaderValue(inline && MediaTypes.IsImage(file.MediaType) ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition;
        response.ContentType = file.MediaType;
        response.ContentLength = file.Size;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        await foreach (var piece in contents.ReadAsync(file, http.RequestAborted))
            await response.Body.WriteAsync(piece, http.RequestAborted);
    }
}
