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
/// Finds out who sends a request and lets it through when the rule of its endpoint allows that caller. The one place
/// that does: an endpoint that states no rule is closed to everybody.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, RateLimits limits, Settings settings)
{
    private static readonly IsPublicAttribute NothingThere = new() { TellsCaller = true }; // the page that says so has the bar

    /// <summary>
    /// The rule of an endpoint; null when it states none. What is no <see cref="RouteEndpoint"/> is an answer of routing
    /// itself, such as 405. In development the platform looks for files that came after the build by an endpoint of its
    /// own that takes no metadata.
    /// </summary>
    public static AccessRuleAttribute? RuleOf(Endpoint? endpoint) =>
        endpoint is null or not RouteEndpoint and { Metadata.Count: 0 } or RouteEndpoint { RoutePattern.RawText: "{**path:file}" }
            ? NothingThere
            : endpoint.Metadata.GetMetadata<AccessRuleAttribute>();

    public async Task InvokeAsync(HttpContext context)
    {
        var rule = RuleOf(context.GetEndpoint());
        // Where something can be guessed, who asks is counted, whether or not the page is told who it is.
        if (rule is IsPublicAttribute { TellsCaller: false } && !RateLimits.LimitsGuesses(context.GetEndpoint()))
        {
            await next(context);
            return;
        }
        GoByCredential(context.Response, rule is IsPublicAttribute ? ["Cookie"] : ["Authorization", "Cookie"]);
        // A public page is also for those whose credential is not valid any more.
        var caller = await IdentifyAsync(context, settings, bySessionOnly: rule is IsPublicAttribute);
        if (caller is not null) context.Features.Set(caller);
        // Before any other answer: who asks too often is not even told what they may do.
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

    /// <summary>Who sends a request; null when there is a credential and it is wrong.</summary>
    public static async Task<Caller?> IdentifyAsync(HttpContext context, Settings settings, bool bySessionOnly)
    {
        var address = context.Connection.RemoteIpAddress;
        if (!bySessionOnly && context.Request.Headers.Authorization.Count > 0)
        {
            var token = await context.AuthenticateAsync(TokenScheme.Name);
            return token.Succeeded ? Known(context, token) : null;
        }
        if (TakesSession(context))
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

    // A browser sends the cookie along with whatever another site makes it send. Forms prove by their antiforgery token
    // that they are ours; a write for programs proves it by where the browser says it comes from.
    private static bool TakesSession(HttpContext context)
    {
        var request = context.Request;
        return Faces.IsPage(context) || AccessRules.IsRead(request.Method)
            || request.Headers["Sec-Fetch-Site"] == "same-origin" || request.Headers.Origin == $"{request.Scheme}://{request.Host}";
    }

    // A form that was sent cannot be sent again after signing in; its page can be opened.
    private static string SignInAddress(HttpRequest request)
    {
        var back = request.PathBase + request.Path + (HttpMethods.IsGet(request.Method) ? request.QueryString : default);
        return UriHelper.BuildRelative(request.PathBase, "/sign-in", back is "/" or "" ? default : QueryString.Create("returnUrl", back));
    }

    // As late as possible, because an error clears what was set before it.
    private static void GoByCredential(HttpResponse response, string[] headers) => response.OnStarting(() =>
    {
        response.VaryBy(headers);
        return Task.CompletedTask;
    });

    // What one person may see is for no shared cache, and not for the next person at the same browser. What an open desk
    // shows to everybody may be seen by its rules only as long as it is open.
    private static void KeepPrivate(HttpResponse response) => response.OnStarting(static state =>
    {
        ((HttpResponse)state).Headers.TryAdd("Cache-Control", "private, no-cache");
        return Task.CompletedTask;
    }, response);
}
