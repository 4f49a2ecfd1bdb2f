using Microsoft.Extensions.Primitives;

namespace SupportTickets.Http;

/// <summary>The WWW-Authenticate header of a 401: which credentials are accepted (RFC 9110, 11.6.1; RFC 7617; RFC 6750).</summary>
internal static class Challenge
{
    private static readonly StringValues Schemes = new(["Basic realm=\"SupportTickets\", charset=\"UTF-8\"", "Bearer"]);

    public static void Write(HttpResponse response) => response.Headers.WWWAuthenticate = Schemes;
}
