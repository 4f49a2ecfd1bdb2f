using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using SupportTickets.Configuration;

namespace SupportTickets.Hosting;

/// <summary>
/// TRUSTED_PROXIES: from whom X-Forwarded-For and X-Forwarded-Proto are believed, so that address and scheme of a request are
/// its client's.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>Takes from these, and from nobody else, the address of their client and by which scheme it came.</summary>
    public static void UseForwarded(this WebApplication app, Settings settings)
    {
        if (settings.TrustedProxies.Count > 0)
        {
            // From the right, until an address is none of theirs: that is whom the last of them spoke to.
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
                ForwardLimit = null,
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in settings.TrustedProxies) options.KnownIPNetworks.Add(network);
            app.Use(DropUnreadable);
            app.UseForwardedHeaders(options);
        }
        app.UseMiddleware<ProxyWarning>();
    }

    // What is dropped counts as not sent.
    private static Task DropUnreadable(HttpContext context, RequestDelegate next)
    {
        DropOtherSchemes(context.Request.Headers);
        DropBehindNoAddress(context.Request.Headers);
        return next(context);
    }

    // The platform takes any word for a scheme, and it would stand in every link.
    private static void DropOtherSchemes(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(ForwardedHeadersDefaults.XForwardedProtoHeaderName, out var value)) return;
        var schemes = value.ToString().Split(',', StringSplitOptions.TrimEntries).Select(s => s.ToLowerInvariant()).ToArray();
        if (Array.TrueForAll(schemes, s => s == Uri.UriSchemeHttp || s == Uri.UriSchemeHttps))
            headers[ForwardedHeadersDefaults.XForwardedProtoHeaderName] = string.Join(", ", schemes);
        else
            headers.Remove(ForwardedHeadersDefaults.XForwardedProtoHeaderName);
    }

    // A proxy may name whom it spoke to by "unknown" or by a word of its own (RFC 7239, 6). The chain of addresses begins behind
    // that one; its scheme is still the proxy's word, and the platform would drop it, too.
    private static void DropBehindNoAddress(IHeaderDictionary headers)
    {
        var clients = headers.GetCommaSeparatedValues(ForwardedHeadersDefaults.XForwardedForHeaderName);
        var first = Array.FindLastIndex(clients, client => !IPEndPoint.TryParse(client, out _)) + 1;
        if (first == 0) return;
        Keep(headers, ForwardedHeadersDefaults.XForwardedForHeaderName, clients[first..]);
        var schemes = headers.GetCommaSeparatedValues(ForwardedHeadersDefaults.XForwardedProtoHeaderName);
        Keep(headers, ForwardedHeadersDefaults.XForwardedProtoHeaderName, schemes.TakeLast(clients.Length - first + 1));
    }

    private static void Keep(IHeaderDictionary headers, string name, IEnumerable<string> values)
    {
        headers.Remove(name);
        if (string.Join(", ", values) is { Length: > 0 } kept) headers[name] = kept;
    }
}

/// <summary>
/// Logs once that there seems to be a proxy that TRUSTED_PROXIES does not name: then all who come through it are counted as one,
/// and as coming by plain HTTP.
/// </summary>
internal sealed class ProxyWarning(RequestDelegate next, ILogger<ProxyWarning> log)
{
    private int _said;

    public Task InvokeAsync(HttpContext context)
    {
        if (_said == 0 && IsIgnored(context.Request.Headers) && Interlocked.Exchange(ref _said, 1) == 0)
        {
            log.LogWarning(
                "A request came with X-Forwarded-For or X-Forwarded-Proto from an address that TRUSTED_PROXIES does not name. If that "
                + "is your proxy, name it: until then all who come through it count as one address, and as coming by plain HTTP");
        }
        return next(context);
    }

    // The platform keeps what it replaces under these other names.
    private static bool IsIgnored(IHeaderDictionary headers) =>
        IsThereWithout(headers, ForwardedHeadersDefaults.XForwardedForHeaderName, ForwardedHeadersDefaults.XOriginalForHeaderName)
        || IsThereWithout(headers, ForwardedHeadersDefaults.XForwardedProtoHeaderName, ForwardedHeadersDefaults.XOriginalProtoHeaderName);

    private static bool IsThereWithout(IHeaderDictionary headers, string sent, string replaced) =>
        headers.ContainsKey(sent) && !headers.ContainsKey(replaced);
}
