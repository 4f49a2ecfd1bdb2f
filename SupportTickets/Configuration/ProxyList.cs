using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SupportTickets.Configuration;

/// <summary>TRUSTED_PROXIES: the proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted.</summary>
internal static class ProxyList
{
    /// <summary>Reads the list: addresses and networks, separated by commas.</summary>
    /// <exception cref="SettingException">An entry is neither an address nor a network.</exception>
    public static IReadOnlyList<System.Net.IPNetwork> Read(IEnumerable<string> list) => [.. list.Select(Parse)];

    private static System.Net.IPNetwork Parse(string text)
    {
        var parts = text.Split('/', 2);
        // The platform would accept "10" and "10.1" as addresses too.
        if (IPAddress.TryParse(parts[0], out var address)
            && (address.AddressFamily is AddressFamily.InterNetworkV6 || address.ToString() == parts[0]))
        {
            var bits = address.AddressFamily is AddressFamily.InterNetworkV6 ? 128 : 32;
            if (parts.Length == 1)
                return new(address, bits);
            if (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits)
                return new(address, length);
        }
        throw new SettingException(
            $"TRUSTED_PROXIES takes addresses and networks like 10.0.0.7, 10.0.0.0/8 or fd00::/8, but has \"{text}\".");
    }
}
