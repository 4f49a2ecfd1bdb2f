using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using SupportTickets.Configuration;

namespace SupportTickets.Hosting;

/// <summary>
/// TRUSTED_PROXIES: the proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted, so that a request has the address and
/// scheme of its client.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>Takes the client's address and scheme from these proxies, and from nobody else.</summary>
    public static void UseForwarded(this WebApplication app, Settings settings)
    {
        if (settings.TrustedProxies.Count > 0)
        {
            // Read from the right up to the first address that is not a trusted proxy: that is the client.
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

    // A header that is dropped counts as not sent.
    private static Task DropUnreadable(HttpContext context, RequestDelegate next)
    {
        DropOtherSchemes(context.Request.Headers);
        DropBeforeUnknown(context.Request.Headers);
        return next(context);
    }

    // The platform accepts any word as a scheme, which would then be in every link.
    private static void DropOtherSchemes(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(ForwardedHeadersDefaults.XForwardedProtoHeaderName, out var value)) return;
        var schemes = value.ToString().Split(',', StringSplitOptions.TrimEntries).Select(s => s.ToLowerInvariant()).ToArray();
        if (Array.TrueForAll(schemes, s => s == Uri.UriSchemeHttp || s == Uri.UriSchemeHttps))
            headers[ForwardedHeadersDefaults.XForwardedProtoHeaderName] = string.Join(", ", schemes);
        else
            headers.Remove(ForwardedHeadersDefaults.XForwardedProtoHeaderName);
    }

    // A proxy may name its peer by "unknown" or by an identifier of its own (RFC 7239, 6). Only the addresses after that one count.
    // The scheme still comes from the proxy, but the platform would drop it too.
    private static void DropBeforeUnknown(IHeaderDictionary headers)
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
/// Logs once that requests seem to come from a proxy that TRUSTED_PROXIES does not name. All clients of such a proxy are counted as
/// one and as using plain HTTP.
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
                + "is your proxy, name it: until then all its clients count as one address, and as using plain HTTP");
        }
        return next(context);
    }

    // The platform keeps the replaced values under these other names.
    private static bool IsIgnored(IHeaderDictionary headers) =>
        IsThereWithout(headers, ForwardedHeadersDefaults.XForwardedForHeaderName, ForwardedHeadersDefaults.XOriginalForHeaderName)
        || IsThereWithout(headers, ForwardedHeadersDefaults.XForwardedProtoHeaderName, ForwardedHeadersDefaults.XOriginalProtoHeaderName);

    private static bool IsThereWithout(IHeaderDictionary headers, string sent, string replaced) =>
        headers.ContainsKey(sent) && !headers.ContainsKey(replaced);
}
