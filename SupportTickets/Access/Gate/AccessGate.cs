using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Extensions;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Sessions;
using SupportTickets.Access.Tokens;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Http;

namespace SupportTickets.Access.Gate;

/// <summary>
/// Identifies the caller of a request and lets the request through if the rule of its endpoint allows that caller. This is the only
/// place that does so. An endpoint without a rule is closed to everybody.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, RateLimits limits, Settings settings)
{
    private static readonly IsPublicAttribute NoEndpoint = new() { TellsCaller = true }; // the "not found" page shows the navigation bar

    /// <summary>
    /// The rule of an endpoint; null when it has none. An endpoint that is not a <see cref="RouteEndpoint"/> is an answer of
    /// routing itself, such as 405. In development the platform serves files that were added after the build through an endpoint of
    /// its own, which takes no metadata.
    /// </summary>
    public static AccessRuleAttribute? RuleOf(Endpoint? endpoint) =>
        endpoint is null or not RouteEndpoint and { Metadata.Count: 0 } or RouteEndpoint { RoutePattern.RawText: "{**path:file}" }
            ? NoEndpoint
            : endpoint.Metadata.GetMetadata<AccessRuleAttribute>();

    public async Task InvokeAsync(HttpContext context)
    {
        var rule = RuleOf(context.GetEndpoint());
        // Where a secret can be guessed, attempts are counted by caller, even if the page itself does not need the caller.
        if (rule is IsPublicAttribute { TellsCaller: false } && !RateLimits.LimitsGuesses(context.GetEndpoint()))
        {
            await next(context);
            return;
        }
        GoByCredential(context.Response, rule is IsPublicAttribute ? ["Cookie"] : ["Authorization", "Cookie"]);
        // A public page is also for people whose credential is no longer valid.
        var caller = await IdentifyAsync(context, settings, bySessionOnly: rule is IsPublicAttribute);
        if (caller is not null) context.Features.Set(caller);
        // Before any other answer: a caller over the limit does not even learn what it may do.
        if (limits.OnRequest(context, caller) is { } refused)
        {
            await context.WriteFaultAsync(refused);
            return;
        }
        if (caller is null)
        {
            await context.WriteFaultAsync(Fault.Unauthorized);
            return;
        }
        if (caller.IsKnown || rule is not IsPublicAttribute) KeepPrivate(context.Response);
        if (rule?.Allows(caller, context.Request.Method) == true)
        {
            context.RequestServices.ReadFor(caller);
            await next(context);
        }
        else if (caller.IsKnown)
            await context.WriteFaultAsync(Fault.Forbidden);
        else if (Faces.IsPage(context))
            context.Response.RedirectTo(SignInAddress(context.Request));
        else
            await context.WriteFaultAsync(Fault.Unauthorized);
    }

    /// <summary>The caller of a request; null when its credential is wrong.</summary>
    public static async Task<Caller?> IdentifyAsync(HttpContext context, Settings settings, bool bySessionOnly)
    {
        var address = context.Connection.RemoteIpAddress;
        if (!bySessionOnly && context.Request.Headers.Authorization.Count > 0)
        {
            var token = await context.AuthenticateAsync(TokenScheme.Name);
            return token.Succeeded ? Known(context, token) : null;
        }
        // Programs send no cookies, and to find that out is cheaper here than in the handler of sessions.
        if (context.Request.Headers.Cookie.Count > 0 && TakesSession(context))
        {
            var session = await context.AuthenticateAsync(SessionCookie.Scheme);
            if (session.Succeeded) return Known(context, session);
        }
        return Caller.Anonymous(settings.Access, address);
    }

    private static Caller Known(HttpContext context, AuthenticateResult result)
    {
        context.User = result.Principal!;
        return TokenScheme.IsDesk(result.Principal!) ? Caller.System : Caller.Of(result.Principal!, context.Connection.RemoteIpAddress);
    }

    // A browser sends the cookie with every request, even one that another site caused. Forms prove with their antiforgery token
    // that they come from this desk. A write to REST or OData proves it with the headers in which the browser states the origin.
    private static bool TakesSession(HttpContext context)
    {
        var request = context.Request;
        return Faces.IsPage(context) || AccessRules.IsRead(request.Method)
            || request.Headers["Sec-Fetch-Site"] == "same-origin" || request.Headers.Origin == $"{request.Scheme}://{request.Host}";
    }

    // A form cannot be sent again after signing in, but its page can be opened.
    private static string SignInAddress(HttpRequest request)
    {
        var back = request.PathBase + request.Path + (HttpMethods.IsGet(request.Method) ? request.QueryString : default);
        return UriHelper.BuildRelative(request.PathBase, "/sign-in", back is "/" or "" ? default : QueryString.Create("returnUrl", back));
    }

    // Set as late as possible, because an error response clears earlier headers.
    private static void GoByCredential(HttpResponse response, string[] headers) => response.OnStarting(() =>
    {
        response.VaryBy(headers);
        return Task.CompletedTask;
    });

    // What one person may see must not be kept in a shared cache, nor be shown to the next person at the same browser. The pages of
    // an open desk must not be shown from a cache once the desk is closed.
    private static void KeepPrivate(HttpResponse response) => response.OnStarting(static state =>
    {
        ((HttpResponse)state).Headers.TryAdd("Cache-Control", "private, no-cache");
        return Task.CompletedTask;
    }, response);
}
