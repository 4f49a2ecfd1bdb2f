using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.People;
using SupportTickets.Configuration;
using SupportTickets.Data;
using SupportTickets.Http;

namespace SupportTickets.Access.Sessions;

/// <summary>
/// Browser sessions: an encrypted cookie with the ids of the session and the person, and the security stamp of that time. Each
/// request checks it against the database, so that signing out, here or everywhere, and deactivating an account take effect at once
/// on every instance.
/// </summary>
internal sealed class SessionCookie(TicketDb db) : CookieAuthenticationEvents
{
    public static readonly string Scheme = IdentityConstants.ApplicationScheme;

    /// <summary>How long a session lasts without use if the person chose to stay signed in.</summary>
    private static readonly TimeSpan Stay = TimeSpan.FromDays(14);

    /// <summary>
    /// How long a session lasts without use if the browser should forget it when it closes. Browsers that restore their windows keep it.
    /// </summary>
    private static readonly TimeSpan Visit = TimeSpan.FromDays(1);

    /// <summary>How long a cookie of a session can be valid after its last renewal, with a day added for requests in progress.</summary>
    internal static readonly TimeSpan Longest = Stay + TimeSpan.FromDays(1);

    private const string StampClaim = "stamp";

    public static void Configure(CookieAuthenticationOptions cookie, Settings settings)
    {
        cookie.EventsType = typeof(SessionCookie);
        Cookies.Protect(cookie.Cookie, "support-tickets-session", SameSiteMode.Lax, settings);
        if (!settings.Debug) cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        cookie.ExpireTimeSpan = Stay;
        cookie.SlidingExpiration = true;
    }

    /// <summary>Begins a session in this browser.</summary>
    /// <param name="context">The request.</param>
    /// <param name="person">Who signed in.</param>
    /// <param name="stay">Whether the browser keeps it when it closes; null leaves that as it is.</param>
    public static async Task BeginAsync(HttpContext context, Person person, bool? stay)
    {
        stay ??= (await context.AuthenticateAsync(Scheme)).Properties?.IsPersistent;
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = Guid.NewGuid().ToString("N");
        await context.SignInAsync(Scheme, Claims(person.Id, person.Name, person.Role, person.SecurityStamp!, id), new()
        {
            IsPersistent = stay == true,
            IssuedUtc = now,
            ExpiresUtc = now + (stay == true ? Stay : Visit),
        });
        context.RequestServices.GetRequiredService<KnownDevices>().Remember(context, person.Id);
    }

    /// <summary>Ends the session in this browser.</summary>
    public static Task EndAsync(HttpContext context) => context.SignOutAsync(Scheme);

    /// <inheritdoc />
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var id = int.Parse(context.Principal!.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);
        var stamp = context.Principal!.FindFirstValue(StampClaim);
        // A session that began before sessions had ids has no id.
        var session = context.Principal!.FindFirstValue(Caller.SessionClaim);
        var people = db.People.Where(p => p.Id == id && p.SecurityStamp == stamp && p.DeactivatedAt == null);
        var endedSessions = db.EndedSessions;
        if (Guid.TryParseExact(session, "N", out var ended))
            people = people.Where(p => !endedSessions.Any(s => s.Id == ended));
        var person = await people.Select(p => new { p.Name, p.Role }).TagWith(PreparedStatements.OnePlan)
            .SingleOrDefaultAsync(context.HttpContext.RequestAborted);
        if (person is not null)
        {
            context.ReplacePrincipal(Claims(id, person.Name, person.Role, stamp!, session));
            return;
        }
        context.RejectPrincipal();
        await EndAsync(context.HttpContext);
    }

    private static ClaimsPrincipal Claims(int id, string name, Role role, string stamp, string? session)
    {
        Claim[] more = session is null ? [new(StampClaim, stamp)] : [new(StampClaim, stamp), new(Caller.SessionClaim, session)];
        return Caller.Claims(Scheme, id, name, role, scope: null, more);
    }
}
