using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.WebUtilities;
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
        var handlers = HandlersOf(page, request.Query["handler"] is [{ Length: > 0 } name, ..] ? name : null);
        if (handlers.Find(h => string.Equals(h.HttpMethod, request.Method, StringComparison.OrdinalIgnoreCase)) is not { } handler)
        {
            context.HttpContext.Response.Headers.Allow =
                string.Join(", ", handlers.Select(h => h.HttpMethod.ToUpperInvariant()).Union(["GET", "HEAD"]).Order());
            context.Result = new FaultResult(FaultPage.Of(StatusCodes.Status405MethodNotAllowed));
        }
        else if (await ReadAsync(context.HttpContext, handler.MethodInfo.IsDefined(typeof(KeepsFormAttribute), false)) is { } fault)
            context.Result = new FaultResult(fault);
        else if (!FromTrustedOrigin(request) && !await antiforgery.IsRequestValidAsync(context.HttpContext))
            context.Result = new BadRequestResult();
    }

    /// <summary>No form has more than a few dozen fields, and one for each uploaded file.</summary>
    private const int MaxFields = 200;

    private static readonly Fault TooManyFields = new(StatusCodes.Status413PayloadTooLarge, "too_many_fields",
        $"The form came with more than {MaxFields} fields, more than are taken. Nothing was saved: look over what is here and send it "
            + "again.");

    /// <summary>UTF-8 that throws at invalid bytes: what somebody typed is not changed unseen.</summary>
    internal static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly MediaTypeHeaderValue UrlEncodedType = new("application/x-www-form-urlencoded");

    private static readonly Fault Unreadable = FaultPage.Of(StatusCodes.Status400BadRequest) with
    {
        Message = "The form holds something that cannot be read, such as a null character, or it was cut off. "
            + "Go back, remove what is wrong and send it again.",
    };

    private bool FromTrustedOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && settings.CsrfTrustedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    private static List<HandlerMethodDescriptor> HandlersOf(CompiledPageActionDescriptor page, string? name) =>
        [.. page.HandlerMethods.Where(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase))];

    // Null when the form could be read, or when a handler that keeps it gets what could.
    private async Task<Fault?> ReadAsync(HttpContext http, bool keeps)
    {
        if (!http.Request.HasFormContentType)
            return FaultPage.Of(StatusCodes.Status415UnsupportedMediaType);
        var fault = await (TakesFilesAttribute.Limit(http, settings) is null ? ReadFormAsync(http.Request, keeps) : ReadFilesAsync(http));
        if (fault is not null)
            return fault;
        if (http.Request.Form.Sum(field => field.Value.Count) > MaxFields)
            http.Features.Set(new FormRefused(TooManyFields));
        return keeps ? null : http.Features.Get<FormRefused>()?.Fault;
    }

    // Reads the body here, so that an error in it is not taken for a missing token; null when it could be read. The whole body is
    // read before it is parsed, so that a broken connection is not taken for an invalid form.
    private static async Task<Fault?> ReadFormAsync(HttpRequest request, bool keeps)
    {
        MemoryStream body;
        try
        {
            body = await RequestBody.ReadAsync(request, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            return FaultPage.Of(error.StatusCode);
        }
        try
        {
            if (request.GetTypedHeaders().ContentType is { } type && type.IsSubsetOf(UrlEncodedType))
            {
                if (Parse(body.Bytes().Span, type.Encoding) is not { } form || (!keeps && HasNull(form)))
                    return Unreadable;
                request.Form = form;
                return null;
            }
            request.Body = body;
            return HasLostText(await request.ReadFormAsync(CancellationToken.None), body.Bytes()) ? Unreadable : null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            return Unreadable; // in this order: over a limit, cut off, a charset that the platform refuses
        }
    }

    // The platform's reader refuses a whole form for a null character in it. Null when the form cannot be read.
    private static FormCollection? Parse(ReadOnlySpan<byte> body, Encoding? charset)
    {
        var fields = new KeyValueAccumulator();
        try
        {
            if (UrlEncoded.Parse(body, charset is null or UTF8Encoding ? StrictUtf8 : charset) is not { } pairs)
                return null;
            foreach (var (name, value) in pairs)
                fields.Append(name, value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        return new(fields.GetResults());
    }

    private static bool HasNull(FormCollection form) =>
        form.Any(field => field.Key.Contains('\0') || field.Value.Any(text => text!.Contains('\0')));

    // The files of a form are not text, and are not kept in memory.
    private async Task<Fault?> ReadFilesAsync(HttpContext http)
    {
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

    // Invalid bytes become U+FFFD when they are read; somebody may also have typed these. The parts of a multipart form may be in other
    // charsets, and files, which nobody reads here, are not text.
    private static bool HasLostText(IFormCollection form, ReadOnlyMemory<byte> body) =>
        form.Any(field => $"{field.Key}{field.Value}".Contains('\uFFFD')) && !Utf8.IsValid(body.Span);

    private sealed class FaultResult(Fault fault) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) =>
            context.HttpContext.RequestServices.GetRequiredService<FaultPage>().WriteAsync(context.HttpContext, fault);
    }
}
