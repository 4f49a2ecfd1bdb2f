using Microsoft.AspNetCore.Http.Extensions;

using SupportTickets.OData.Model;

namespace SupportTickets.Connect;

/// <summary>The address of the feed as the caller reaches it.</summary>
public static class FeedAddress
{
    /// <summary>
    /// The address with a slash at its end; null when the Host header is not a host name. With ALLOWED_HOSTS=* any header gets
    /// here, and a file must not repeat an invalid one.
    /// </summary>
    public static Uri? Of(HttpRequest request) =>
        Uri.CheckHostName(new HostString(request.Host.ToUriComponent()).Host) != UriHostNameType.Unknown
        && UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"/{Feed.Prefix}/") is var text
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : null;
}
