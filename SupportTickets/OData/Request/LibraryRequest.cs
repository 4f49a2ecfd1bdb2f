using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OData.Extensions;
using SupportTickets.OData.Model;

namespace SupportTickets.OData.Request;

/// <summary>
/// The request that the library is given. It reads the options from an HttpRequest, so it gets one of its own: the request as received
/// with the options in their plain form.
/// </summary>
internal static class LibraryRequest
{
    /// <summary>Makes it.</summary>
    /// <param name="request">The request that it is for, with its path parsed.</param>
    /// <param name="parsable">Its options as the library's parser takes them.</param>
    public static HttpRequest Of(FeedRequest request, RequestTarget parsable)
    {
        // What is not set here is taken from the features of the request as received.
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
