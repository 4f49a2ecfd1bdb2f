using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace SupportTickets.Hosting;

/// <summary>
/// Compresses pages too, but only for requests that the person made: typed, or from a page of this desk. A page may contain text from
/// its address next to what only its reader may know, and the size of the compressed page would tell another site, which made the
/// browser ask for it again and again, what that is (BREACH). The browser itself says where a request comes from, and no script can
/// change that (Fetch Metadata).
/// </summary>
internal sealed class PageCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    /// <summary>The media type of pages.</summary>
    public const string Html = "text/html";

    /// <inheritdoc />
    public override bool ShouldCompressResponse(HttpContext context) =>
        base.ShouldCompressResponse(context)
        && (context.Response.ContentType?.StartsWith(Html, StringComparison.OrdinalIgnoreCase) != true
            || context.Request.Headers["Sec-Fetch-Site"] is [("same-origin" or "none")]);
}
