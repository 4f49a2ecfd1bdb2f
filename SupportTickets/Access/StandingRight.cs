using SupportTickets.Configuration;

namespace SupportTickets.Access;

/// <summary>
/// Asks again who sent a request whose answer goes on for long: the session may have ended, the token may be revoked, the role
/// another.
/// </summary>
internal sealed class StandingRight(IServiceScopeFactory scopes, Settings settings)
{
    /// <summary>Whether what the request showed as its credential still gives a right.</summary>
    public async Task<bool> HoldsAsync(HttpContext context, Right right, CancellationToken cancel)
    {
        // A request of its own, because who sent one is found out once.
        await using var scope = scopes.CreateAsyncScope();
        var again = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancel };
        var (sent, request) = (context.Request, again.Request);
        (request.Method, request.Scheme, request.Host, request.PathBase, request.Path) = (sent.Method, sent.Scheme, sent.Host, sent.PathBase, sent.Path);
        request.Headers.Authorization = sent.Headers.Authorization;
        request.Headers.Cookie = sent.Headers.Cookie;
        again.Connection.RemoteIpAddress = context.Connection.RemoteIpAddress;
        return await AccessGate.IdentifyAsync(again, settings, bySessionOnly: false) is { } caller && caller.May(right);
    }
}
