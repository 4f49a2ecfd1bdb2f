using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Access;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;
using SupportTickets.Tickets;

namespace SupportTickets.OData.Request;

/// <summary>One request to the feed, with its path parsed and the library's services for it.</summary>
internal sealed class FeedRequest : IDisposable
{
    private readonly IServiceScope _scope;

    private FeedRequest(HttpContext http, Feed feed, IServiceScope scope, ODataPath path, Uri root) =>
        (Http, Feed, _scope, Path, Root, Preferences) = (http, feed, scope, path, root, Preferences.Of(http.Request));

    /// <summary>The HTTP request and its answer.</summary>
    public HttpContext Http { get; }

    /// <summary>The model.</summary>
    public Feed Feed { get; }

    /// <summary>What the path names.</summary>
    public ODataPath Path { get; }

    /// <summary>The set that the path ends in: of its entities, or of what it names of them.</summary>
    public IEdmEntitySetBase Set => (IEdmEntitySetBase)Path.Select(SourceOf).Last(source => source is not null)!;

    /// <summary>Whether the path names a collection of entities, or references to them.</summary>
    public bool NamesMany => Path.Last() switch
    {
        NavigationPropertyLinkSegment link => link.NavigationProperty.Type.IsCollection(),
        ReferenceSegment => Path.ElementAt(Path.Count - 2).EdmType is IEdmCollectionType,
        var last => last.EdmType is IEdmCollectionType,
    };

    /// <summary>The address of the feed as the caller sees it, with a slash at its end.</summary>
    public Uri Root { get; }

    /// <summary>The library's services.</summary>
    public IServiceProvider Parts => _scope.ServiceProvider;

    /// <summary>The caller went away.</summary>
    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>Who writes, for the history.</summary>
    public Origin Origin => Http.Caller().Origin(Channel.odata);

    /// <summary>The protocol version of the answer.</summary>
    public ODataVersion Version => Negotiation.Version(Http.Request);

    /// <summary>What the caller would like.</summary>
    public Preferences Preferences { get; }

    /// <summary>The page size to use: the caller's <c>Prefer: maxpagesize</c> within bounds, else the usual one.</summary>
    public int PageSize => Preferences.MaxPageSize is { } preferred ? Math.Min(preferred, Feed.Limits.MaxPageSize) : Feed.Limits.PageSize;

    /// <summary>Parses path and options of a request; fails with what is wrong with them.</summary>
    public static FeedRequest Parse(HttpContext http, Feed feed)
    {
        Negotiation.CheckVersions(http.Request);
        Negotiation.CheckIsolation(http.Request);
        FeedUrl.Check(http.Request, feed.Limits);
        var isById = PathRewriting.IsEntity(http.Request);
        PathRewriting.Apply(http.Request, feed.Limits);
        OptionNames.MakeParsable(http.Request);
        var root = new Uri(UriHelper.BuildAbsolute(http.Request.Scheme, http.Request.Host, http.Request.PathBase, $"/{Feed.Prefix}/"));
        var scope = feed.Services.CreateScope();
        var path = ParsePath(http.Request, feed, root, scope.ServiceProvider);
        if (isById && path.LastOrDefault() is not (KeySegment or NavigationPropertySegment { EdmType: IEdmEntityType }))
            throw new FeedException(PathRewriting.NoEntity);
        var feature = http.ODataFeature();
        (feature.Model, feature.Path, feature.RoutePrefix, feature.BaseAddress, feature.Services) =
            (feed.Model, path, Feed.Prefix, root.AbsoluteUri, scope.ServiceProvider);
        return new(http, feed, scope, path, root);
    }

    /// <summary>The query options, parsed as far as they can be without binding them.</summary>
    public ODataQueryOptions Options(Type element) => new(new ODataQueryContext(Feed.Model, element, Path), Http.Request);

    /// <summary>This address with another $skiptoken, which is told how many characters it may have.</summary>
    public Uri NextLink(Func<int, string> token) => Link(["$skiptoken"], "$skiptoken", token);

    /// <summary>Whether it follows a delta link (OData 4.01, 11.3.2).</summary>
    public bool AsksForChanges => Http.Request.Query.ContainsKey("$deltatoken");

    /// <summary>
    /// The address of the changes to these rows: a delta link, or the next page of one. Order, count and page are no part of it
    /// (OData 4.01, 11.3.1).
    /// </summary>
    public Uri DeltaLink(Func<int, string> token) => Link(NotInDeltaLinks, "$deltatoken", token);

    /// <summary>The address of the rows whose changes this one asks for.</summary>
    public Uri WholeLink() => Link(NotInDeltaLinks);

    private static readonly string[] NotInDeltaLinks = ["$deltatoken", "$skiptoken", "$orderby", "$count"];

    private Uri Link(string[] without, string name, Func<int, string> token)
    {
        var room = OpaqueToken.MaxLink - Link(without, KeyValuePair.Create(name, (string?)"")).AbsoluteUri.Length;
        return Link(without, KeyValuePair.Create(name, (string?)token(room)));
    }

    private Uri Link(string[] without, params KeyValuePair<string, string?>[] with)
    {
        var request = Http.Request;
        var options = request.Query.Where(option => !without.Contains(option.Key))
            .SelectMany(option => option.Value, (option, value) => (option.Key, Value: value))
            .Select(option => KeyValuePair.Create(option.Key, OptionNames.Written(request, option.Key, option.Value)));
        var address = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path);
        return new(QueryHelpers.AddQueryString(address, options.Concat(with)));
    }

    /// <inheritdoc />
    public void Dispose() => _scope.Dispose();

    private static IEdmNavigationSource? SourceOf(ODataPathSegment segment) => segment switch
    {
        EntitySetSegment set => set.EntitySet,
        NavigationPropertySegment step => step.NavigationSource,
        NavigationPropertyLinkSegment step => step.NavigationSource,
        _ => null,
    };

    private static ODataPath ParsePath(HttpRequest request, Feed feed, Uri root, IServiceProvider parts)
    {
        try
        {
            var address = new Uri(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path));
            // The service root has a slash at its end, the request for it may have none.
            if (address.AbsolutePath + "/" == root.AbsolutePath)
                address = root;
            var path = new ODataUriParser(feed.Model, root, address, parts) { UrlKeyDelimiter = ODataUrlKeyDelimiter.Slash }.ParsePath();
            // An alias is no key of ours: it has no value in a path.
            // A cast to the type that the path has anyway changes nothing; there are no derived types (URL Conventions 4.01, 4.11).
            if (path.OfType<KeySegment>().SelectMany(segment => segment.Keys).All(key => key.Value is IConvertible))
                return new(path.Where(segment => segment is not TypeSegment));
        }
        catch (Exception error) when (error is ODataException or UriFormatException)
        {
            // Said below.
        }
        throw new FeedException(FeedError.NotFound());
    }
}
