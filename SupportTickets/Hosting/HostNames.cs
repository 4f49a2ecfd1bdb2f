using System.Buffers;

namespace SupportTickets.Hosting;

/// <summary>Whether what a request says in its Host header can be a host at all.</summary>
internal static class HostNames
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    /// <summary>
    /// A name or an address in ASCII, and a port from 1 to 65535 where there is one (RFC 9110, 7.2). Links are made from it, so
    /// what no link can have is refused: no user, no dot or colon at the end.
    /// </summary>
    public static bool IsHost(HostString host) =>
        host.Value is { Length: > 0 } text && !text.AsSpan().ContainsAnyExcept(Characters) && text[^1] is not ('.' or ':')
        && !host.Host.EndsWith('.') && Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri) && uri.Port > 0;
}
