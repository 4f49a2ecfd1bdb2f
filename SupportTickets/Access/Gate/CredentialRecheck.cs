using SupportTickets.Configuration;

namespace SupportTickets.Access.Gate;

/// <summary>
/// Checks the credential of a request again while its answer is still being sent: the session may have ended, the token may have
/// been revoked, the role may have changed.
/// </summary>
internal sealed class CredentialRecheck(IServiceScopeFactory scopes, Settings settings)
{
    /// <summary>Whether the credential of a request still grants a right.</summary>
    public async Task<bool> HoldsAsync(HttpContext context, Right right, CancellationToken cancel)
    {
        // A new request context, because the caller of a request is looked up only once.
        await using var scope = scopes.CreateAsyncScope();
        var again = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancel };
        var (sent, request) = (context.Request, again.Request);
        (request.Method, request.Scheme, request.Host) = (sent.Method, sent.Scheme, sent.Host);
        (request.PathBase, request.Path) = (sent.PathBase, sent.Path);
        request.Headers.Authorization = sent.Headers.Authorization;
        request.Headers.Cookie = sent.Headers.Cookie;
        again.Connection.RemoteIpAddress = context.Connection.RemoteIpAddress;
        return await AccessGate.IdentifyAsync(again, settings, bySessionOnly: false) is { } caller && caller.May(right);
    }
}
