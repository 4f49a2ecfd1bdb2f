using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Access;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets;

namespace SupportTickets.OData.Request;

/// <summary>
/// One request to the feed, normalized: its path is parsed, its options have their full names, and parameter aliases are replaced
/// by their values. Immutable.
/// </summary>
internal sealed class FeedRequest : IDisposable
{
    private static readonly string[] NotInDeltaLinks = ["$deltatoken", "$skiptoken", "$orderby", "$count"];

    private readonly IServiceScope _scope;
    private readonly RequestTarget _target;
    private readonly Lazy<HttpRequest> _library;

    private FeedRequest(HttpContext http, Feed feed, IServiceScope scope, ODataPath path, Uri root, RequestTarget target)
    {
        (Http, Feed, _scope, Path, Root, _target) = (http, feed, scope, path, root, target);
        Preferences = Preferences.Of(http.Request);
        _library = new(() => LibraryRequest.Of(this, OptionNames.Parsable(target)));
    }

    /// <summary>The HTTP request as received, and its response. The members below give what was asked for in normalized form.</summary>
    public HttpContext Http { get; }

    /// <summary>The HTTP method; GET where a POST stands for one.</summary>
    public string Method => _target.Method;

    /// <summary>The query options as they were written, by their full names.</summary>
    public IQueryCollection Options => _target.Options;

    /// <summary>The path as text, below the application.</summary>
    public string PathText => _target.Path.Value!;

    /// <summary>The request as the library is given it: the options as its parser takes them.</summary>
    public HttpRequest Library => _library.Value;

    /// <summary>The model.</summary>
    public Feed Feed { get; }

    /// <summary>What the path names.</summary>
    public ODataPath Path { get; }

    /// <summary>The entity set that the path ends in, or that has the entity, property or references at its end.</summary>
    public IEdmEntitySetBase Set => (IEdmEntitySetBase)Path.Select(SourceOf).Last(source => source is not null)!;

    /// <summary>The declaration of that set.</summary>
    public FeedSet FeedSet => FeedSets.Named(Set.Name);

    /// <summary>The commands that write to that set.</summary>
    public ISetCommands Commands =>
        FeedSet.Commands(Http.RequestServices) ?? throw new InvalidOperationException($"{FeedSet.Name} is only read.");

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

    /// <summary>The encoding of the tokens in links.</summary>
    public OpaqueTokens Tokens => Http.RequestServices.GetRequiredService<OpaqueTokens>();

    /// <summary>The caller went away.</summary>
    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>Who writes, for the history.</summary>
    public Origin Origin => Http.Caller().Origin(Channel.odata);

    /// <summary>The protocol version of the answer.</summary>
    public ODataVersion Version => ProtocolVersion.Of(Http.Request);

    /// <summary>What the caller would like.</summary>
    public Preferences Preferences { get; }

    /// <summary>The page size to use: the caller's <c>Prefer: maxpagesize</c> within bounds, else the usual one.</summary>
    public int PageSize => Preferences.MaxPageSize is { } preferred ? Math.Min(preferred, Feed.Limits.MaxPageSize) : Feed.Limits.PageSize;

    /// <summary>Reads a request and parses its path; throws a <see cref="FeedException"/> when something is wrong with it.</summary>
    public static async Task<FeedRequest> ReadAsync(HttpContext http, Feed feed)
    {
        var unparsed = await UnparsedTarget.ReadAsync(http.Request);
        ProtocolVersion.Check(http.Request);
        ProtocolVersion.CheckIsolation(http.Request);
        var root = new Uri(UriHelper.BuildAbsolute(http.Request.Scheme, http.Request.Host, http.Request.PathBase, $"/{Feed.Prefix}/"));
        var received = FeedUrl.Read(unparsed, feed.Limits);
        var target = PlainPath.Of(received, root, http.Request.PathBase, feed.Limits);
        var scope = feed.Services.CreateScope();
        try
        {
            var path = ParsePath(http.Request, target.Path, feed, root, scope.ServiceProvider);
            if (PlainPath.IsEntity(received)
                && path.LastOrDefault() is not (KeySegment or NavigationPropertySegment { EdmType: IEdmEntityType }))
                throw new FeedException(PlainPath.NoEntity);
            return new(http, feed, scope, path, root, target);
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    /// <summary>The query options, parsed as far as they can be without binding them.</summary>
    public ODataQueryOptions Parsed(Type element) => new(new ODataQueryContext(Feed.Model, element, Path), Library);

    /// <summary>A copy of this request with another value of an option that does not hold an expression.</summary>
    public FeedRequest With(string option, string value) => new(
        Http, Feed, _scope, Path, Root,
        _target.With(_target.Each().Select(each => each.Key == option ? KeyValuePair.Create(option, (string?)value) : each)));

    /// <summary>A copy of this request that is answered with an entity of another set, which its options then shape.</summary>
    public FeedRequest AnsweredFrom(FeedSet set) => new(
        Http, Feed, _scope, new(new EntitySetSegment(Feed.Model.EntityContainer.FindEntitySet(set.Name))), Root, _target);

    /// <summary>This address with another $skiptoken. The function gets the number of characters that the token may have.</summary>
    public Uri NextLink(Func<int, string> token) => Link(["$skiptoken"], "$skiptoken", token);

    /// <summary>Whether it follows a delta link (OData 4.01, 11.3.2).</summary>
    public bool AsksForChanges => Options.ContainsKey("$deltatoken");

    /// <summary>
    /// The address of the changes to these rows: a delta link, or the next page of one. Order, count and page are no part of it
    /// (OData 4.01, 11.3.1).
    /// </summary>
    public Uri DeltaLink(Func<int, string> token) => Link(NotInDeltaLinks, "$deltatoken", token);

    /// <summary>The address of the rows whose changes this request asks for.</summary>
    public Uri WholeLink() => Link(NotInDeltaLinks);

    private Uri Link(string[] without, string name, Func<int, string> token)
    {
        var room = OpaqueTokens.MaxLink - Link(without, KeyValuePair.Create(name, (string?)"")).AbsoluteUri.Length;
        return Link(without, KeyValuePair.Create(name, (string?)token(room)));
    }

    private Uri Link(string[] without, params KeyValuePair<string, string?>[] with)
    {
        var request = Http.Request;
        var options = _target.Each().Where(option => !without.Contains(option.Key));
        var address = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, _target.Path);
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

    private static ODataPath ParsePath(HttpRequest request, PathString asked, Feed feed, Uri root, IServiceProvider parts)
    {
        if (ShortPath.Of(asked, feed.Model) is { } known)
            return known;
        try
        {
            var address = new Uri(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, asked));
            // The service root has a slash at its end, the request for it may have none.
            if (address.AbsolutePath + "/" == root.AbsolutePath)
                address = root;
            var path = new ODataUriParser(feed.Model, root, address, parts) { UrlKeyDelimiter = ODataUrlKeyDelimiter.Slash }.ParsePath();
            // A parameter alias cannot be a key here, because it has no value in a path.
            // A cast to the type that the path already has changes nothing; there are no derived types (URL Conventions 4.01, 4.11).
            if (path.OfType<KeySegment>().SelectMany(segment => segment.Keys).All(key => key.Value is IConvertible))
                return new(path.Where(segment => segment is not TypeSegment));
        }
        catch (Exception error) when (error is ODataException or UriFormatException)
        {
            // Answered with 404 below.
        }
        throw new FeedException(FeedError.NotFound());
    }
}
