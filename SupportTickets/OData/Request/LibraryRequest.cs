using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OData.Extensions;
using SupportTickets.OData.Model;

namespace SupportTickets.OData.Request;

/// <summary>
/// Makes the request that the library gets. The library reads options from an HttpRequest, so it gets a copy of the received
/// request with normalized options.
/// </summary>
internal static class LibraryRequest
{
    /// <summary>Makes the request.</summary>
    /// <param name="request">The received request with its parsed path.</param>
    /// <param name="parsable">Its options in a form for the library's parser.</param>
    public static HttpRequest Of(FeedRequest request, RequestTarget parsable)
    {
        // All features that are not set here come from the received request.
        var features = new FeatureCollection(request.Http.Features);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Protocol = request.Http.Request.Protocol,
            Scheme = request.Http.Request.Scheme,
            Method = parsable.Method,
            PathBase = request.Http.Request.PathBase.Value!,
            Path = parsable.Path.Value!,
            Headers = request.Http.Request.Headers,
        });
        features.Set<IQueryFeature>(new QueryFeature(parsable.Options));
        var http = new DefaultHttpContext(features);
        var feature = http.ODataFeature();
        (feature.Model, feature.Path, feature.RoutePrefix, feature.BaseAddress, feature.Services) =
            (request.Feed.Model, request.Path, Feed.Prefix, request.Root.AbsoluteUri, request.Parts);
        return http.Request;
    }
}
