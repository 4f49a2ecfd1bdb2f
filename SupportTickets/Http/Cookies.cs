using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using SupportTickets.Configuration;

namespace SupportTickets.Http;

/// <summary>How every cookie of the desk is set.</summary>
internal static class Cookies
{
    /// <summary>
    /// No script reads it. Where every request comes by HTTPS it goes by HTTPS only, and its name says so (RFC 6265bis,
    /// 4.1.3.2): browsers then take it from this host alone, from no other one of the domain.
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

    /// <summary>Those of the pages: of forms, and of what one page leaves for the next.</summary>
    public static void AddPageCookies(this IServiceCollection services)
    {
        services.AddOptions<AntiforgeryOptions>().Configure<Settings>((options, settings) =>
        {
            Protect(options.Cookie, "support-tickets-form", SameSiteMode.Strict, settings);
            options.SuppressXFrameOptionsHeader = true; // it would be SAMEORIGIN; every answer says DENY
        });
        services.AddOptions<CookieTempDataProviderOptions>().Configure<Settings>((options, settings) =>
            Protect(options.Cookie, "support-tickets-note", SameSiteMode.Lax, settings));
    }
}
