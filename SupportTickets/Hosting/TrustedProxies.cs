using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;

namespace SupportTickets.Hosting;

/// <summary>TRUSTED_PROXIES: from whom X-Forwarded-For is believed, so that the address of a request is its client's.</summary>
internal static class TrustedProxies
{
    /// <summary>Reads them: addresses and networks, with commas between.</summary>
    /// <exception cref="SettingException">One is neither.</exception>
    public static IReadOnlyList<System.Net.IPNetwork> Read(IEnumerable<string> list) => [.. list.Select(Parse)];

    /// <summary>Takes the scheme from anybody, and from these the address of their client.</summary>
    public static void UseForwarded(this WebApplication app, Settings settings)
    {
        app.UseForwardedHeaders();
        if (settings.TrustedProxies.Count > 0)
        {
            // From the right, until an address is none of theirs: that is whom the last of them spoke to.
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in settings.TrustedProxies) options.KnownIPNetworks.Add(network);
            app.UseForwardedHeaders(options);
        }
        if (settings.Rates is not { SignIn: null, Anonymous: null, Api: null })
            app.UseMiddleware<ProxyComplaint>();
    }

    private static System.Net.IPNetwork Parse(string text)
    {
        var parts = text.Split('/', 2);
        // The platform takes "10" and "10.1" for addresses as well.
        if (IPAddress.TryParse(parts[0], out var address) && (address.AddressFamily is AddressFamily.InterNetworkV6 || address.ToString() == parts[0]))
        {
            var bits = address.AddressFamily is AddressFamily.InterNetworkV6 ? 128 : 32;
            if (parts.Length == 1)
                return new(address, bits);
            if (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits)
                return new(address, length);
        }
        throw new SettingException($"TRUSTED_PROXIES takes addresses and networks like 10.0.0.7, 10.0.0.0/8 or fd00::/8, but has \"{text}\".");
    }
}

/// <summary>Says once that there seems to be a proxy that nobody named: then all who come through it are counted as one.</summary>
internal sealed class ProxyComplaint(RequestDelegate next, ILogger<ProxyComplaint> log)
{
    private int _said;

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName) && !headers.ContainsKey(ForwardedHeadersDefaults.XOriginalForHeaderName) && Interlocked.Exchange(ref _said, 1) == 0)
            log.LogWarning("A request came with X-Forwarded-For from an address that TRUSTED_PROXIES does not name. If that is your proxy, name it: until then all who come through it count as one address for RATE_LIMIT_*");
        return next(context);
    }
}
