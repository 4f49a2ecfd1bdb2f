using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SupportTickets.Configuration;
using SupportTickets.Http;

namespace SupportTickets.Access.Sessions;

/// <summary>
/// The browsers in which a person has signed in before. Each keeps an encrypted cookie for each such person, which does not sign
/// anybody in. Passwords entered there are counted separately, so that strangers who guess cannot keep the owner out.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection, Settings settings, TimeProvider clock)
{
    /// <summary>How long a device is known after the last sign-in there.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly IDataProtector _protector = protection.CreateProtector("SupportTickets.Access.Device");

    /// <summary>The device of a request, if this person has signed in there before; else null.</summary>
    public Guid? Find(HttpContext context, int personId)
    {
        if (context.Request.Cookies[CookieFor(personId).Name!] is not { Length: > 0 } text)
            return null;
        try
        {
            return _protector.Unprotect(text).Split(' ') is [var person, var device, var until]
                && person == Number(personId) && long.Parse(until, CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds()
                ? Guid.ParseExact(device, "N")
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Marks the device of a request as one where this person has signed in.</summary>
    public void Remember(HttpContext context, int personId)
    {
        var (now, device, cookie) = (clock.GetUtcNow(), Find(context, personId) ?? Guid.NewGuid(), CookieFor(personId));
        var text = _protector.Protect($"{Number(personId)} {device:N} {Number((now + Lifetime).ToUnixTimeSeconds())}");
        context.Response.Cookies.Append(cookie.Name!, text, cookie.Build(context, now));
    }

    private CookieBuilder CookieFor(int personId)
    {
        var cookie = new CookieBuilder { Expiration = Lifetime, IsEssential = true };
        Cookies.Protect(cookie, $"support-tickets-device-{Number(personId)}", SameSiteMode.Lax, settings);
        if (!settings.Debug) cookie.SecurePolicy = CookieSecurePolicy.Always;
        return cookie;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
