using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SupportTickets.Configuration;

namespace SupportTickets.Http;

/// <summary>Where the server listens, and how this program reaches it.</summary>
internal static class Addresses
{
    private const string DefaultUrl = "http://localhost:8000";

    // The settings that ASP.NET Core reads itself, from --urls, ASPNETCORE_URLS and the like.
    private static readonly string[] OwnPorts = [WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];

    /// <summary>--urls and ASPNETCORE_URLS, then PORT on every interface, then ASPNETCORE_HTTP_PORTS, then localhost only.</summary>
    public static void Listen(WebApplicationBuilder builder, Settings settings)
    {
        if (Chosen(builder.Configuration, settings.Port) is { } url) builder.WebHost.UseUrls(url);
    }

    /// <summary>
    /// The address at which a process on this machine reaches the server with these settings; null when the server has no plain HTTP.
    /// </summary>
    public static Uri? Local(IConfiguration configuration, int? port)
    {
        if ((Chosen(configuration, port) ?? configuration[WebHostDefaults.ServerUrlsKey]) is { Length: > 0 } urls)
            return Local(urls.Split(';'));
        return configuration[WebHostDefaults.HttpPortsKey] is { Length: > 0 } ports ? Local([$"http://*:{ports.Split(';')[0]}"]) : null;
    }

    /// <summary>The address of the server that runs in this process; null for one that has no address, as in tests.</summary>
    public static Uri? Local(IServer server) => Local(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);

    /// <summary>Whether the server itself serves HTTPS; else a proxy in front does.</summary>
    public static bool ServeTls(IConfiguration configuration) =>
        (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Contains("https://", StringComparison.OrdinalIgnoreCase)
        || Set(configuration, WebHostDefaults.HttpsPortsKey);

    // The address that the desk chooses; null when ASP.NET Core has been told one.
    private static string? Chosen(IConfiguration configuration, int? port)
    {
        if (Set(configuration, WebHostDefaults.ServerUrlsKey)) return null;
        if (port is not null) return $"http://*:{port}";
        return OwnPorts.Any(key => Set(configuration, key)) ? null : DefaultUrl;
    }

    private static Uri? Local(IEnumerable<string> addresses)
    {
        foreach (var text in addresses)
        {
            var address = BindingAddress.Parse(text);
            if (address.Scheme != Uri.UriSchemeHttp || address.IsUnixPipe || address.IsNamedPipe) continue;
            var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
            return new UriBuilder(Uri.UriSchemeHttp, host, address.Port).Uri;
        }
        return null;
    }

    private static bool Set(IConfiguration configuration, string key) => !string.IsNullOrEmpty(configuration[key]);
}
