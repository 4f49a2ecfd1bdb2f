using System.Globalization;
using System.Net;
using System.Security.Claims;
using SupportTickets.Configuration;

namespace SupportTickets.Access;

/// <summary>Who sends a request, and what they may do.</summary>
public sealed class Caller
{
    /// <summary>The name in the history for callers without a credential.</summary>
    public const string AnonymousName = "anonymous";

    /// <summary>The name in the history for automatic scoring.</summary>
    public const string TriageName = "triage";

    /// <summary>An unknown caller who may do nothing.</summary>
    public static readonly Caller Nobody = new() { Name = AnonymousName, _mode = AccessMode.closed };

    /// <summary>The desk itself, which checks and warms up its own faces.</summary>
    public static readonly Caller System = new() { Name = "system", Role = Access.Role.admin };

    private AccessMode _mode;

    private Caller()
    {
    }

    /// <summary>The name in the history and in the navigation bar of the pages.</summary>
    public required string Name { get; init; }

    /// <summary>The person; null for those without a credential and for the desk itself.</summary>
    public int? PersonId { get; private init; }

    /// <summary>Their role; null without a credential.</summary>
    public Role? Role { get; private init; }

    /// <summary>What the token allows; null when there is none.</summary>
    public TokenScope? Scope { get; private init; }

    /// <summary>The token that was sent; null when there is none.</summary>
    public int? TokenId { get; private init; }

    /// <summary>The session; null when there is none, or when it began before sessions had ids.</summary>
    public Guid? SessionId { get; private init; }

    /// <summary>
    /// The IP address of the request; null for the desk itself. It is the proxy's if TRUSTED_PROXIES does not name the proxy.
    /// </summary>
    public string? Address { get; private init; }

    /// <summary>Whether the caller is known by a credential.</summary>
    public bool IsKnown => Role is not null;

    /// <summary>Whether a person signed in with a browser. Only such a caller may change their own account; a token may not.</summary>
    public bool IsSignedIn => PersonId is not null && Scope is null;

    /// <summary>Whether anything at all is allowed.</summary>
    public bool MayDoSomething => Enum.GetValues<Right>().Any(May);

    /// <summary>Whether this is allowed.</summary>
    public bool May(Right right) => Rights.Grant(_mode, Role, Scope, right);

    /// <summary>
    /// The scope of their idempotency keys: each person has their own, whatever credential they use; all callers without a
    /// credential share one.
    /// </summary>
    public string SubmissionScope => PersonId is { } id ? string.Create(CultureInfo.InvariantCulture, $"person {id}") : Name;

    /// <summary>Somebody without a credential.</summary>
    public static Caller Anonymous(AccessMode mode, IPAddress? address) =>
        new() { Name = AnonymousName, Address = Text(address), _mode = mode };

    /// <summary>The person that a credential is for.</summary>
    /// <param name="claims">Claims made by <see cref="Claims"/>.</param>
    /// <param name="address">The IP address of the connection.</param>
    public static Caller Of(ClaimsPrincipal claims, IPAddress? address) => new()
    {
        Name = claims.FindFirstValue(ClaimTypes.Name)!,
        PersonId = int.Parse(claims.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture),
        Role = Enum.Parse<Role>(claims.FindFirstValue(ClaimTypes.Role)!),
        TokenId = claims.FindFirstValue(TokenClaim) is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : null,
        Scope = claims.FindFirstValue(ScopeClaim) is { } scope ? Enum.Parse<TokenScope>(scope) : null,
        SessionId = Guid.TryParseExact(claims.FindFirstValue(SessionClaim), "N", out var session) ? session : null,
        Address = Text(address),
    };

    /// <summary>This caller, now known to be a person.</summary>
    internal Caller As(int personId, string name, Role role) => new() { Name = name, PersonId = personId, Role = role, Address = Address };

    /// <summary>The claims of a credential, with the person's current name and role.</summary>
    internal static ClaimsPrincipal Claims(string scheme, int id, string name, Role role, TokenScope? scope, params IEnumerable<Claim> more)
    {
        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, name),
            new(ClaimTypes.Role, role.ToString()),
            .. more,
        ];
        var identity = new ClaimsIdentity(claims, scheme);
        if (scope is { } limit) identity.AddClaim(new(ScopeClaim, limit.ToString()));
        return new(identity);
    }

    /// <summary>The id of the token.</summary>
    internal const string TokenClaim = "token";

    /// <summary>The id of the session.</summary>
    internal const string SessionClaim = "session";

    private const string ScopeClaim = "scope";

    private static string? Text(IPAddress? address) =>
        (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
}

/// <summary>The caller of a request.</summary>
public static class CallerOfRequest
{
    /// <summary>Who sent the request; <see cref="Caller.Nobody"/> until that is looked up.</summary>
    public static Caller Caller(this HttpContext context) => context.Features.Get<Caller>() ?? Access.Caller.Nobody;
}
