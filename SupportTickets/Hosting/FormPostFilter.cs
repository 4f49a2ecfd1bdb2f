using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace SupportTickets.Hosting;

/// <summary>
/// Lets a form in when it came from one of our own pages (it carries the antiforgery token) or from an origin of
/// CSRF_TRUSTED_ORIGINS. A browser sets Origin itself, so a foreign page cannot claim one. Takes the place of the
/// framework's own check, which knows no other origins and answers a body over the limit with 400.
/// </summary>
public sealed class FormPostFilter(IAntiforgery antiforgery, Settings settings) : IAsyncAuthorizationFilter, IAntiforgeryPolicy, IOrderedFilter
{
    /// <summary>After the framework's own (1000): the last policy is the one in effect.</summary>
    public int Order => 1001;

    /// <inheritdoc />
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var request = context.HttpContext.Request;
        if (context.ActionDescriptor is not PageActionDescriptor || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method))
            return;
        if (await ReadFormAsync(request) is { } status)
            context.Result = new StatusCodeResult(status);
        else if (!FromTrustedOrigin(request) && !await antiforgery.IsRequestValidAsync(context.HttpContext))
            context.Result = new BadRequestResult();
    }

    private bool FromTrustedOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && settings.CsrfTrustedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    // Read here, so that what is wrong with the body is not taken for a missing token. Null when it could be read.
    private async Task<int?> ReadFormAsync(HttpRequest request)
    {
        if (!request.HasFormContentType) return StatusCodes.Status415UnsupportedMediaType;
        if (request.ContentLength > settings.MaxRequestBytes) return StatusCodes.Status413PayloadTooLarge;
        try
        {
            await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return null;
        }
        catch (BadHttpRequestException error)
        {
            return error.StatusCode;
        }
        catch (InvalidDataException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }
}
