using System.Buffers;

namespace SupportTickets.Configuration;

/// <summary>Checks and converts host names.</summary>
internal static class HostNames
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    /// <summary>
    /// Whether a Host header is a name or an address in ASCII, with an optional port from 1 to 65535 (RFC 9110, 7.2). Links are
    /// made from it, so anything that a link cannot have is refused: a user, a dot or colon at the end, an international name that
    /// cannot be decoded.
    /// </summary>
    /// <param name="header">
    /// The header as it was sent; <see cref="HttpRequest.Host"/> would decode international names.
    /// </param>
    public static bool IsHost(string header) =>
        header.Length > 0 && !header.AsSpan().ContainsAnyExcept(Characters) && header[^1] is not ('.' or ':')
        && !new HostString(header).Host.EndsWith('.') && IsReadable(header)
        && Uri.TryCreate($"http://{header}/", UriKind.Absolute, out var uri) && uri.Port > 0;

    /// <summary>
    /// A name in the form of a Host header: müller.example is xn--mller-kva.example, ::1 is [::1]. Null when it has no such form.
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

    // Whether the header stays the same when it is parsed and written into a link.
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
