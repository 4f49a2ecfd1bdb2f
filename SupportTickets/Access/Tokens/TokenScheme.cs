using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Tokens;

/// <summary>
/// Authenticates programs by their tokens: <c>Authorization: Bearer TOKEN</c>, or Basic with the token as the password and any user
/// name, which is what Excel and Power BI can send.
/// </summary>
internal sealed class TokenScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    TicketDb db, TokenUse use, WarmUpToken pass, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Token";

    private const string DeskIdentity = "Desk";

    /// <summary>Whether the desk itself sent the request.</summary>
    public static bool IsDesk(ClaimsPrincipal claims) => claims.Identity?.AuthenticationType == DeskIdentity;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Read(Request.Headers.Authorization) is not { } text)
            return AuthenticateResult.Fail("No token in the Authorization header.");
        if (HttpMethods.IsGet(Request.Method) && pass.Is(text))
            return Success(new(new ClaimsIdentity([new(ClaimTypes.Name, Caller.System.Name)], DeskIdentity)));
        if (!TokenText.LooksLikeOne(text))
            return AuthenticateResult.Fail("Not a token.");
        var hash = TokenText.Hash(text);
        var token = await db.AccessTokens.TagWith(PreparedStatements.OnePlan).Where(t => t.Hash == hash)
            .Select(t => new
            {
                t.Id,
                t.Scope,
                t.IsWithoutNotes,
                t.ExpiresAt,
                t.RevokedAt,
                t.PersonId,
                t.Person!.Name,
                t.Person.Role,
                t.Person.DeactivatedAt,
            })
            .SingleOrDefaultAsync(Context.RequestAborted);
        if (token is null || token.ExpiresAt <= clock.Now() || token.RevokedAt is not null || token.DeactivatedAt is not null)
            return AuthenticateResult.Fail("Not a token of this desk, or no longer valid.");
        await use.RememberAsync(token.Id);
        var scope = AccessToken.FullScopeOf(token.Scope, token.IsWithoutNotes);
        var id = new Claim(Caller.TokenClaim, token.Id.ToString(CultureInfo.InvariantCulture));
        return Success(Caller.Claims(Name, token.PersonId, token.Name, token.Role, scope, id));
    }

    private AuthenticateResult Success(ClaimsPrincipal claims) => AuthenticateResult.Success(new(claims, Scheme.Name));

    private static string? Read(Microsoft.Extensions.Primitives.StringValues header)
    {
        if (header is not [{ } value] || !AuthenticationHeaderValue.TryParse(value, out var credential)
            || credential.Parameter is not { Length: > 0 } parameter)
            return null;
        if (credential.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return parameter;
        return credential.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Password(parameter) : null;
    }

    // The text after the first colon (RFC 7617, 2). The user name before it may be in any charset.
    private static string? Password(string parameter)
    {
        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
            return null;
        var credentials = bytes.AsSpan(0, length);
        return credentials.IndexOf((byte)':') is >= 0 and var colon ? Encoding.UTF8.GetString(credentials[(colon + 1)..]) : null;
    }
}
