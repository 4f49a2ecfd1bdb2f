using System.Net;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Net.Http.Headers;
using SupportTickets.Core;
using SupportTickets.Http;

namespace SupportTickets.Pages.Shared;

/// <summary>
/// Accepts a form from a page of this desk (it has the antiforgery token) or from an origin of CSRF_TRUSTED_ORIGINS. A browser sets
/// Origin itself, so a foreign page cannot forge it. Replaces the framework's own check, which knows no other origins and answers a
/// body over the limit with 400.
/// </summary>
public sealed class FormPostFilter(IAntiforgery antiforgery, Configuration.Settings settings)
    : IAsyncAuthorizationFilter, IAntiforgeryPolicy
{
    /// <summary>After the framework's own (1000), because the last policy is the one in effect.</summary>
    public const int Order = 1001;

    /// <inheritdoc />
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var request = context.HttpContext.Request;
        if (context.ActionDescriptor is not CompiledPageActionDescriptor page)
            return;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            // The framework would read a form in the body of such a request too.
            context.HttpContext.Features.Set<IFormFeature>(new FormFeature(FormCollection.Empty));
            return;
        }
        // For a method without a handler the framework renders the page as if it were a GET, and for an unknown handler it calls
        // the unnamed one.
        var methods = MethodsOf(page, request.Query["handler"] is [{ Length: > 0 } name, ..] ? name : null);
        if (!methods.Contains(request.Method, StringComparer.OrdinalIgnoreCase))
        {
            context.HttpContext.Response.Headers.Allow = string.Join(", ", methods.Union(["GET", "HEAD"]).Order());
            context.Result = new FaultResult(FaultPage.Of(StatusCodes.Status405MethodNotAllowed));
        }
        else if (await (TakesFilesAttribute.Limit(context.HttpContext, settings) is null
            ? ReadFormAsync(request) : ReadFilesAsync(context.HttpContext)) is { } fault)
            context.Result = new FaultResult(fault);
        else if (!FromTrustedOrigin(request) && !await antiforgery.IsRequestValidAsync(context.HttpContext))
            context.Result = new BadRequestResult();
    }

    private static readonly MediaTypeHeaderValue UrlEncoded = new("application/x-www-form-urlencoded");

    private static readonly Fault Unreadable = FaultPage.Of(StatusCodes.Status400BadRequest) with
    {
        Message = "The form holds something that cannot be read, such as a null character, or it was cut off. "
            + "Go back, remove what is wrong and send it again.",
    };

    private bool FromTrustedOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && settings.CsrfTrustedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    private static string[] MethodsOf(CompiledPageActionDescriptor page, string? name) =>
        [
            .. page.HandlerMethods.Where(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase))
                .Select(h => h.HttpMethod.ToUpperInvariant()),
        ];

    // Reads the body here, so that an error in it is not taken for a missing token; null when it could be read. The whole body is
    // read before it is parsed, so that a broken connection is not taken for an invalid form.
    private static async Task<Fault?> ReadFormAsync(HttpRequest request)
    {
        if (!request.HasFormContentType) return FaultPage.Of(StatusCodes.Status415UnsupportedMediaType);
        MemoryStream body;
        try
        {
            body = await RequestBody.ReadAsync(request, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            return FaultPage.Of(error.StatusCode);
        }
        request.Body = body;
        try
        {
            return HasLostText(await request.ReadFormAsync(CancellationToken.None), request, body.Bytes()) ? Unreadable : null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            return Unreadable; // in this order: over a limit, cut off, a charset that the platform refuses
        }
    }

    // The files of a form are not text, and are not kept in memory.
    private async Task<Fault?> ReadFilesAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return FaultPage.Of(StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return await FormWithFiles.ReadAsync(http, settings) ? null : Unreadable;
        }
        catch (BadHttpRequestException error)
        {
            return FaultPage.Of(error.StatusCode);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return Unreadable;
        }
    }

    // Invalid bytes become U+FFFD when they are read, or stay percent-encoded; somebody may also have typed these. The parts of a
    // multipart form may be in other charsets, and files, which nobody reads here, are not text.
    private static bool HasLostText(IFormCollection form, HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var type = request.GetTypedHeaders().ContentType!;
        if (type.IsSubsetOf(UrlEncoded))
        {
            return (type.Encoding ?? Encoding.UTF8) is UTF8Encoding
                && !Utf8.IsValid(WebUtility.UrlDecodeToBytes(body.ToArray(), 0, body.Length));
        }
        return form.Any(field => $"{field.Key}{field.Value}".Contains('\uFFFD')) && !Utf8.IsValid(body.Span);
    }

    private sealed class FaultResult(Fault fault) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) =>
            context.HttpContext.RequestServices.GetRequiredService<FaultPage>().WriteAsync(context.HttpContext, fault);
    }
}
