using System.Buffers;

namespace SupportTickets.Configuration;

/// <summary>Whether what a request says in its Host header can be a host at all.</summary>
internal static class HostNames
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    /// <summary>
    /// A name or an address in ASCII, and a port from 1 to 65535 where there is one (RFC 9110, 7.2). Links are made from it, so
    /// what no link can have is refused: no user, no dot or colon at the end, no international name that cannot be decoded.
    /// </summary>
    /// <param name="header">
    /// The header as it was sent: the platform decodes international names when <see cref="HttpRequest.Host"/> is read.
    /// </param>
    public static bool IsHost(string header) =>
        header.Length > 0 && !header.AsSpan().ContainsAnyExcept(Characters) && header[^1] is not ('.' or ':')
        && !new HostString(header).Host.EndsWith('.') && IsReadable(header)
        && Uri.TryCreate($"http://{header}/", UriKind.Absolute, out var uri) && uri.Port > 0;

    /// <summary>
    /// A name as a Host header has it: müller.example is xn--mller-kva.example, ::1 is [::1]. Null when it has no such form.
    /// </summary>
    public static string? InAscii(string name)
    {
        try
        {
            var ascii = Uri.CheckHostName(name) is UriHostNameType.IPv6 && !name.StartsWith('[')
                ? $"[{name}]"
                : new HostString(name.ToLowerInvariant()).ToUriComponent();
            return IsReadable(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Whether it is unchanged after it was read and written into a link.
    private static bool IsReadable(string header)
    {
        try
        {
            var again = HostString.FromUriComponent(header.ToLowerInvariant()).ToUriComponent();
            return again.Equals(header, StringComparison.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
