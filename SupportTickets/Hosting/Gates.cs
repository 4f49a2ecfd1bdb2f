using Microsoft.AspNetCore.StaticAssets;
using SupportTickets.Access.Tokens;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Http;

namespace SupportTickets.Hosting;

/// <summary>The checks that a request has to pass before it reaches a face.</summary>
internal static class Gates
{
    public const string HealthPath = "/healthz";

    /// <summary>
    /// Answers 400 to a Host header that is not a host name, and to a host name that is not in ALLOWED_HOSTS, so that no other
    /// site's name can be pointed at the desk. Not for /healthz, which platforms request by IP address and which contains no links.
    /// </summary>
    public static void UseAllowedHosts(this WebApplication app, Settings settings)
    {
        var none = new Fault(StatusCodes.Status400BadRequest, "bad_request", "The Host header must be a host name with an optional port.");
        app.Use((context, next) =>
        {
            if (HostNames.IsHost(HostHeader(context))) return next(context);
            context.Request.Headers.Host = default; // so that later middleware does not fail on it
            return IsHealth(context) ? next(context) : context.WriteFaultAsync(none);
        });
        if (settings.AllowedHosts.Contains("*")) return;
        var patterns = settings.AllowedHosts
            .SelectMany<string, string>(host => host.StartsWith('.') ? [host[1..], "*" + host] : [host])
            .Select(pattern => new Microsoft.Extensions.Primitives.StringSegment(pattern))
            .ToArray();
        var refusal = new Fault(StatusCodes.Status400BadRequest, "bad_request",
            "This host name is not served here: the administrator can add it to ALLOWED_HOSTS.");
        app.Use((context, next) => IsHealth(context) || HostString.MatchesAny(HostHeader(context), patterns)
            ? next(context)
            : context.WriteFaultAsync(refusal));
    }

    /// <summary>
    /// Redirects plain HTTP to HTTPS. Not for /healthz, which platforms request without TLS. The warm-up requests of the desk to
    /// itself count as HTTPS: the pages set cookies that need it.
    /// </summary>
    public static void UseRedirectToHttps(this WebApplication app)
    {
        var pass = app.Services.GetRequiredService<WarmUpToken>();
        app.Use((context, next) =>
        {
            if (pass.IsOn(context.Request)) context.Request.Scheme = Uri.UriSchemeHttps;
            return next(context);
        });
        app.UseWhen(context => !IsHealth(context), branch => branch.UseHttpsRedirection());
    }

    /// <summary>
    /// Answers 503 for every route that needs the database until its schema is ready. Runs after routing: files and /healthz
    /// pass.
    /// </summary>
    public static void UseSchemaGate(this WebApplication app)
    {
        var schema = app.Services.GetRequiredService<DatabaseMigrator>();
        app.Use((context, next) => schema.IsReady || !NeedsDatabase(context.GetEndpoint()) || IsHealth(context)
            ? next(context)
            : context.WriteFaultAsync(Fault.Unavailable));
    }

    private static bool NeedsDatabase(Endpoint? endpoint) =>
        endpoint is not null && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null;

    // The header as it was sent, the form in which the settings have the hosts.
    private static string HostHeader(HttpContext context) => context.Request.Headers.Host.ToString();

    private static bool IsHealth(HttpContext context) => context.Request.Path.Equals(HealthPath, StringComparison.OrdinalIgnoreCase);
}
