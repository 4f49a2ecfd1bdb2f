namespace SupportTickets.Hosting;

/// <summary>Headers that are right for every answer of every face, errors and files included.</summary>
internal static class SecurityHeaders
{
    // No inline script or style is allowed, so text from people could not run even if it was not encoded.
    internal const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    internal const string PermissionsPolicy =
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    private const string StrictTransportSecurity = "max-age=31536000"; // a year, without subdomains

    private static readonly string[] ThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Adds the headers as late as possible, because an error response clears earlier headers.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            headers.TryAdd("Content-Security-Policy", ContentSecurityPolicy); // a file that somebody uploaded has a stricter one
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers.TryAdd("Referrer-Policy", "same-origin"); // a page with a secret in its address has a stricter one
            headers["Permissions-Policy"] = PermissionsPolicy;
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin"; // is not asked where a script reads by CORS
            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    /// <summary>
    /// Sends HSTS to browsers that use HTTPS and an allowed host. The platform's own middleware sets the header at once, and then
    /// error responses lose it.
    /// </summary>
    public static void UseHttpsOnly(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.IsHttps && !ThisMachine.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            context.Response.OnStarting(static state =>
            {
                ((HttpResponse)state).Headers.StrictTransportSecurity = StrictTransportSecurity;
                return Task.CompletedTask;
            }, context.Response);
        }
        return next(context);
    });
}
