using System.Text.Json;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Request;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Query;

/// <summary>What the options of a query say about its pages.</summary>
/// <param name="IsWhole">Whether the rows are all that the path names.</param>
/// <param name="Counts">Whether $count=true was requested.</param>
/// <param name="Top">$top; null without.</param>
/// <param name="Skip">$skip; null without.</param>
internal sealed record Paging(bool IsWhole, bool Counts, int? Top, int? Skip)
{
    /// <summary>Reads them.</summary>
    public static Paging Of(ODataQueryOptions options) => new(
        options is { Filter: null, Search: null, Apply: null }, options.Count?.Value == true, options.Top?.Value, options.Skip?.Value);
}

/// <summary>
/// The query of one request, ready to run page by page. Sorting and paging are our own, because the library's paging loses rows with
/// null values on PostgreSQL and cannot use an index there.
/// </summary>
internal abstract class FeedQuery
{
    private const int MaxSplit = 100;

    private readonly int _pageSize;
    private readonly PageToken? _token;
    private readonly Lazy<string> _id;

    /// <summary>Reads the $skiptoken.</summary>
    /// <param name="request">The request.</param>
    /// <param name="paging">What its options say about pages.</param>
    /// <param name="pageSize">The most rows on one page.</param>
    protected FeedQuery(FeedRequest request, Paging paging, int pageSize)
    {
        (Request, Paging, _pageSize) = (request, paging, pageSize);
        _id = new(() => PageToken.QueryOf(request));
        _token = request.Options["$skiptoken"] is [{ } token] ? PageToken.Decode(request.Tokens, token, _id.Value) : null;
        Instant = request.Parts.GetRequiredService<QueryInstant>();
        if (_token?.Now is { } now) Instant.Continue(now);
        Mark = _token?.Mark;
        Left = _token?.Left ?? paging.Top;
    }

    /// <summary>The request that it is for.</summary>
    protected FeedRequest Request { get; }

    /// <summary>The value of now().</summary>
    protected QueryInstant Instant { get; }

    /// <summary>The sort keys of the last row of the page before; null on the first page, and where rows have none.</summary>
    protected object?[]? LastKeys { get; private set; }

    /// <summary>What the options say about pages.</summary>
    public Paging Paging { get; }

    /// <summary>What all requests for this query have in common, as one object; null for a query that was bound for its request.</summary>
    public virtual object? Shared => null;

    /// <summary>The order of the rows of a part; null when it has at most one row.</summary>
    public abstract SortOrder? Order(int part);

    /// <summary>Whether the rows of a part are groups, which have no key to be looked up by.</summary>
    protected abstract bool IsGrouped(int part);

    /// <summary>The number of parts, each of which is a query of its own. Only <c>concat</c> in $apply makes more than one part.</summary>
    public abstract int Parts { get; }

    /// <summary>
    /// Tells apart the statements of one query of a single part: the first page, and the pages after rows with and without values in their
    /// sort keys. Null where the place in the pages is a rare one, whose statement is not used again.
    /// </summary>
    public string? Variant
    {
        get
        {
            if (LastKeys is null)
                return Skipped(0) > 0 ? "skipped" : "first";
            return Array.Exists(LastKeys, key => key is CutText || Parameter.IsMinOrMax(key))
                ? null
                : string.Create(LastKeys.Length, LastKeys, (text, keys) =>
                {
                    for (var i = 0; i < keys.Length; i++)
                        text[i] = keys[i] is null ? '0' : '1';
                });
        }
    }

    /// <summary>Reads a part of this page: one row more than the page gives, to see whether another page follows.</summary>
    public abstract IAsyncEnumerable<PageRow> Read(int part);

    /// <summary>All rows of each part, unsorted: what $count counts.</summary>
    public abstract IEnumerable<IQueryable> Filtered { get; }

    /// <summary>
    /// A query for those sort texts of the last row that the $skiptoken holds only the beginning of; null when it holds all of them whole.
    /// </summary>
    public abstract IQueryable<object?[]>? CutTexts { get; }

    /// <summary>The columns of a part whose rows are not entities.</summary>
    public abstract IReadOnlyList<Column> Columns(int part);

    /// <summary>Whether the rows are entities, whole or reduced by $select.</summary>
    public abstract bool GivesEntities { get; }

    /// <summary>The clauses that the context URL describes the rows with.</summary>
    public abstract (SelectExpandClause? Select, ApplyClause? Apply) Context { get; }

    /// <summary>$select and $expand of entities, with the properties from $compute; null when there are none.</summary>
    public virtual SelectExpandClause? SelectExpand => null;

    /// <summary>
    /// Whether several collections are expanded. Joined in one statement, each row of one would come with each row of the others; so each
    /// has a statement of its own.
    /// </summary>
    public bool IsSplit => CollectionsOf(SelectExpand) > 1;

    /// <summary>The names that $compute adds to entities.</summary>
    public virtual IEnumerable<string> Computed => [];

    /// <summary>The part that this page begins in.</summary>
    public int First => _token?.Part ?? 0;

    /// <summary>Whether the rows are all that the path names.</summary>
    public bool IsWhole => Paging.IsWhole;

    /// <summary>Whether $count=true was requested and the count is not known from the first page.</summary>
    public bool CountsRows => Paging.Counts && KnownCount is null;

    /// <summary>The count from the first page; null when there is none.</summary>
    public long? KnownCount => _token?.Count;

    /// <summary>Whether this is the first page.</summary>
    public bool IsFirst => _token is null;

    /// <summary>The change mark taken before the first page; null when changes are not tracked.</summary>
    public ChangeMark? Mark { get; set; }

    /// <summary>
    /// Makes the $deltatoken for changes after that mark, with at most the given number of characters; null when changes are not
    /// tracked.
    /// </summary>
    public Func<int, string>? ChangesToken => Mark is null ? null
        : room => DeltaToken.From(Mark, Request).Encode(Request.Tokens, room);

    /// <summary>
    /// The most rows on this page. The statements of a page that needs several are not read at once, so its rows are kept in memory until
    /// the last one.
    /// </summary>
    public int PageSize => IsSplit ? Math.Min(_pageSize, MaxSplit) : _pageSize;

    /// <summary>Bytes after which a page ends.</summary>
    public int MaxPageBytes => Request.Feed.Limits.MaxPageBytes;

    /// <summary>How many rows of $top are left; null without $top.</summary>
    public int? Left { get; }

    /// <summary>How many rows this page gives at most.</summary>
    public int Take => Math.Min(Left ?? int.MaxValue, PageSize);

    /// <summary>How many rows are read: one more than the page gives when there may be another page.</summary>
    public int Reads => Left <= PageSize ? Take : Take + 1;

    /// <summary>Replaces each beginning of a sort text by the whole text, unless the text has changed since.</summary>
    public void Restore(object?[] texts)
    {
        for (var (i, next) = (0, 0); i < LastKeys!.Length; i++)
        {
            if (LastKeys[i] is CutText cut && texts[next++] is string text && cut.IsOf(text))
                LastKeys[i] = text;
        }
    }

    /// <summary>How many rows of a part came before this page.</summary>
    public int Skipped(int part) => part != First ? 0 : _token is null ? Paging.Skip ?? 0 : _token.Skip ?? 0;

    /// <summary>The $skiptoken of the next page.</summary>
    /// <param name="last">The last row of this page.</param>
    /// <param name="given">How many rows the page has.</param>
    /// <param name="count">The $count, if it was requested.</param>
    /// <param name="room">How many characters the token may have.</param>
    public string TokenAfter(PageRow last, int given, long? count, int room) => new PageToken
    {
        Query = _id.Value,
        Left = Left - given,
        Count = count,
        Mark = Mark,
        Now = Instant.IsUsed ? Instant.Value : null,
        Skip = last.Keys is null || IsGrouped(last.Part) ? last.Position ?? (Skipped(last.Part) + given) : null,
        Part = last.Part == 0 ? null : last.Part,
    }.Encode(Request.Tokens, last.Keys, room, canCut: !IsGrouped(last.Part));

    /// <summary>Continues after the row in the $skiptoken; throws when the token is not one of this query.</summary>
    protected void Continue()
    {
        if (First >= Parts)
            throw PageToken.NotOfThisQuery;
        if (_token?.Keys is { } keys) LastKeys = Keys(keys);
    }

    private object?[] Keys(JsonElement[] keys)
    {
        try
        {
            var values = Order(First)?.Read(keys);
            if (values is not null && !(IsGrouped(First) && values.Any(value => value is CutText)))
                return values;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            // Answered below.
        }
        throw PageToken.NotOfThisQuery;
    }

    private static int CollectionsOf(SelectExpandClause? clause) => clause is null ? 0
        : clause.SelectedItems.OfType<ExpandedNavigationSelectItem>().Sum(item =>
            (item.PathToNavigationProperty.LastSegment is NavigationPropertySegment { EdmType: IEdmCollectionType } ? 1 : 0)
            + CollectionsOf(item.SelectAndExpand));
}
