using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SupportTickets.Pages.Shared;

namespace SupportTickets.Hosting;

/// <summary>
/// Lets a form in when it came from one of our own pages (it carries the antiforgery token) or from an origin of
/// CSRF_TRUSTED_ORIGINS. A browser sets Origin itself, so a foreign page cannot claim one. Takes the place of the
/// framework's own check, which knows no other origins and answers a body over the limit with 400.
/// </summary>
public sealed class FormPostFilter(IAntiforgery antiforgery, Settings settings) : IAsyncAuthorizationFilter, IAntiforgeryPolicy
{
    /// <summary>After the framework's own (1000): the last policy is the one in effect.</summary>
    public const int Order = 1001;

    /// <inheritdoc />
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var request = context.HttpContext.Request;
        if (context.ActionDescriptor is not CompiledPageActionDescriptor page || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return;
        // The framework renders a page that has no handler for the method as if nothing had been asked of it.
        if (!page.HandlerMethods.Any(handler => HttpMethods.Equals(handler.HttpMethod, request.Method)))
        {
            context.HttpContext.Response.Headers.Allow = string.Join(", ", page.HandlerMethods.Select(handler => handler.HttpMethod.ToUpperInvariant()).Union(["GET", "HEAD"]).Order());
            context.Result = new FaultResult(FaultPage.Of(StatusCodes.Status405MethodNotAllowed));
        }
        else if (await ReadFormAsync(request) is { } fault)
            context.Result = new FaultResult(fault);
        else if (!FromTrustedOrigin(request) && !await antiforgery.IsRequestValidAsync(context.HttpContext))
            context.Result = new BadRequestResult();
    }

    private bool FromTrustedOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && settings.CsrfTrustedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    // Read here, so that what is wrong with the body is not taken for a missing token. Null when it could be read.
    private static async Task<Fault?> ReadFormAsync(HttpRequest request)
    {
        if (!request.HasFormContentType) return FaultPage.Of(StatusCodes.Status415UnsupportedMediaType);
        try
        {
            await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return null;
        }
        catch (BadHttpRequestException error)
        {
            return FaultPage.Of(error.StatusCode);
        }
        catch (InvalidDataException)
        {
            return FaultPage.Of(StatusCodes.Status400BadRequest) with { Message = "The form holds something that cannot be read, such as a null character. Go back, remove it and send it again." };
        }
    }

    private sealed class FaultResult(Fault fault) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) =>
            context.HttpContext.RequestServices.GetRequiredService<FaultPage>().WriteAsync(context.HttpContext, fault);
    }
}
