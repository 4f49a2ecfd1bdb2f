using Microsoft.AspNetCore.StaticAssets;
using SupportTickets.Access.Tokens;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Http;

namespace SupportTickets.Hosting;

/// <summary>What a request has to pass before any face sees it.</summary>
internal static class Gates
{
    public const string HealthPath = "/healthz";

    /// <summary>
    /// 400 for a Host header that is no host, and for a host name that is not ours, so that no other site's name can be pointed
    /// at the desk. Not for /healthz, which platforms ask for by address and which links to nothing.
    /// </summary>
    public static void UseAllowedHosts(this WebApplication app, Settings settings)
    {
        var none = new Fault(StatusCodes.Status400BadRequest, "bad_request", "The Host header is no host name with an optional port.");
        app.Use((context, next) =>
        {
            if (HostNames.IsHost(HostHeader(context))) return next(context);
            context.Request.Headers.Host = default; // so that nothing behind stumbles over it
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
    /// Redirects plain HTTP to HTTPS. Not for /healthz, which platforms ask for without TLS. The requests by which the desk warms
    /// itself up count as HTTPS, like every other one that gets past here: its forms have cookies that need it.
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

    /// <summary>503 for every route that needs the database until its schema is there. After routing: files and /healthz pass.</summary>
    public static void UseSchemaGate(this WebApplication app)
    {
        var schema = app.Services.GetRequiredService<DatabaseMigrator>();
        app.Use((context, next) => schema.IsReady || !NeedsDatabase(context.GetEndpoint()) || IsHealth(context)
            ? next(context)
            : context.WriteFaultAsync(Fault.Unavailable));
    }

    private static bool NeedsDatabase(Endpoint? endpoint) =>
        endpoint is not null && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null;

    // As it was sent, which is how the hosts of the settings are written.
    private static string HostHeader(HttpContext context) => context.Request.Headers.Host.ToString();

    private static bool IsHealth(HttpContext context) => context.Request.Path.Equals(HealthPath, StringComparison.OrdinalIgnoreCase);
}
