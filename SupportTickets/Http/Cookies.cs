using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using SupportTickets.Configuration;

namespace SupportTickets.Http;

/// <summary>The attributes of all cookies of the desk.</summary>
internal static class Cookies
{
    /// <summary>
    /// Hides a cookie from scripts. Where all requests use HTTPS, the cookie is Secure and has the prefix for that (RFC 6265bis,
    /// 4.1.3.2): browsers then accept it from this host only, and from no other host of the domain.
    /// </summary>
    public static void Protect(CookieBuilder cookie, string name, SameSiteMode sameSite, Settings settings)
    {
        var httpsOnly = !settings.Debug && settings.SecureSslRedirect;
        cookie.Name = httpsOnly ? "__Host-" + name : name;
        cookie.HttpOnly = true;
        cookie.SameSite = sameSite;
        cookie.Path = "/";
        cookie.SecurePolicy = httpsOnly ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    /// <summary>Configures the cookies of the pages: for antiforgery, and for messages from one page to the next.</summary>
    public static void AddPageCookies(this IServiceCollection services)
    {
        services.AddOptions<AntiforgeryOptions>().Configure<Settings>((options, settings) =>
        {
            Protect(options.Cookie, "support-tickets-form", SameSiteMode.Strict, settings);
            options.SuppressXFrameOptionsHeader = true; // it would be SAMEORIGIN, but every answer has DENY
        });
        services.AddOptions<CookieTempDataProviderOptions>().Configure<Settings>((options, settings) =>
            Protect(options.Cookie, "support-tickets-note", SameSiteMode.Lax, settings));
    }
}
