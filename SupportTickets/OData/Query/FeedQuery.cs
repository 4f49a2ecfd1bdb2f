using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.EntityFrameworkCore;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.Data;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Request;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Query;

/// <summary>The input of a query.</summary>
/// <param name="Request">The request that it is for.</param>
/// <param name="Options">Its options, parsed.</param>
/// <param name="All">The rows that the path names and the caller may see.</param>
/// <param name="Found">The rows of <paramref name="All"/> that $search finds.</param>
/// <param name="PageSize">The most rows on one page.</param>
/// <param name="NullsSortHigh">Whether the database sorts rows without a value above all others, as PostgreSQL does.</param>
/// <param name="Search">Searches rows in the middle of $apply.</param>
/// <param name="Db">Where the rows are, and for whom they are read.</param>
internal sealed record QueryInput(
    FeedRequest Request, ODataQueryOptions Options, IQueryable All, IQueryable Found, int PageSize, bool NullsSortHigh,
    Func<IQueryable, SearchClause, IQueryable> Search, TicketDb Db);

/// <summary>
/// The options of one request, bound to a query that is run later, page by page. The library does the filtering. Sorting and paging
/// are our own, because the library's paging loses rows with null values on PostgreSQL and cannot use an index there.
/// </summary>
internal abstract class FeedQuery
{
    private const int MaxSplit = 100;

    private readonly PageToken? _token;
    private readonly string _id;
    private readonly QueryInstant _instant;
    private object?[]? _lastKeys;

    /// <summary>Checks the query against the limits and reads its $skiptoken.</summary>
    protected FeedQuery(QueryInput input)
    {
        Input = input;
        Counter = Limits.Check(input.Options, input.Request.Feed.Limits);
        _id = PageToken.QueryOf(input.Request);
        _token = input.Options.RawValues.SkipToken is { } token ? PageToken.Decode(input.Request.Tokens, token, _id) : null;
        _instant = input.Request.Parts.GetRequiredService<QueryInstant>();
        if (_token?.Now is { } now) _instant.Continue(now);
        Mark = _token?.Mark;
        Left = _token?.Left ?? input.Options.Top?.Value;
    }

    /// <summary>Binds the options of a request.</summary>
    public static FeedQuery Of(QueryInput input)
    {
        FeedQuery query = input.Options.Apply is null ? new EntityQuery(input) : new ApplyQuery(input);
        if (query.First >= query.Rows.Count)
            throw PageToken.NotOfThisQuery;
        if (query._token?.Keys is { } keys) query._lastKeys = query.Read(keys);
        return query;
    }

    /// <summary>The input.</summary>
    protected QueryInput Input { get; }

    /// <summary>Counts the nodes of its expressions.</summary>
    protected Limits.Counter Counter { get; }

    /// <summary>The library's settings for binding.</summary>
    protected ODataQuerySettings Settings { get; } =
        new() { TimeZone = TimeZoneInfo.Utc, HandleNullPropagation = HandleNullPropagationOption.False };

    /// <summary>The rows of each part of the answer, in order. Only <c>concat</c> in $apply makes more than one part.</summary>
    protected abstract IReadOnlyList<ApplyRows> Rows { get; }

    /// <summary>The projection of a row of a part onto what the answer shows.</summary>
    protected abstract Expression Projection(int part);

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

    /// <summary>The number of parts, each of which is a query of its own.</summary>
    public int Parts => Rows.Count;

    /// <summary>The part that this page begins in.</summary>
    public int First => _token?.Part ?? 0;

    /// <summary>All rows of each part, unsorted: what $count counts.</summary>
    public IEnumerable<IQueryable> Filtered =>
        Rows.Select(rows => rows.Rows.Provider.CreateQuery(Checked(rows.Rows.Expression)));

    /// <summary>Whether the rows are all that the path names.</summary>
    public bool IsWhole => Input.Options is { Filter: null, Search: null, Apply: null };

    /// <summary>Whether $count=true was requested and the count is not known from the first page.</summary>
    public bool CountsRows => Input.Options.Count?.Value == true && KnownCount is null;

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
        : room => DeltaToken.From(Mark, Input.Request).Encode(Input.Request.Tokens, room);

    /// <summary>
    /// The most rows on this page. The statements of a page that needs several are not read at once, so its rows are kept in memory until
    /// the last one.
    /// </summary>
    public int PageSize => IsSplit ? Math.Min(Input.PageSize, MaxSplit) : Input.PageSize;

    /// <summary>Bytes after which a page ends.</summary>
    public int MaxPageBytes => Input.Request.Feed.Limits.MaxPageBytes;

    /// <summary>How many rows of $top are left; null without $top.</summary>
    public int? Left { get; }

    /// <summary>How many rows this page gives at most.</summary>
    public int Take => Math.Min(Left ?? int.MaxValue, PageSize);

    /// <summary>How many rows are read: one more than the page gives when there may be another page.</summary>
    public int Reads => Left <= PageSize ? Take : Take + 1;

    /// <summary>
    /// A query for those sort texts of the last row that the $skiptoken holds only the beginning of; null when it holds all of them whole.
    /// </summary>
    public IQueryable<object?[]>? CutTexts
    {
        get
        {
            if (_lastKeys is null || !_lastKeys.Any(value => value is CutText))
                return null;
            var order = Order(First)!;
            var key = order.Keys[^1].Value;
            var row = Expression.Lambda(Expression.Equal(key, Parameter.Of(_lastKeys[^1], key.Type)), order.Row);
            var texts = order.Keys.Where((_, i) => _lastKeys[i] is CutText).Select(text => Expression.Convert(text.Value, typeof(object)));
            var rows = Expression.Call(
                typeof(Queryable), nameof(Queryable.Where), [order.Row.Type], Input.All.Expression, Expression.Quote(row));
            var values = Expression.Lambda(Expression.NewArrayInit(typeof(object), texts), order.Row);
            var select = Expression.Call(
                typeof(Queryable), nameof(Queryable.Select), [order.Row.Type, typeof(object[])], rows, Expression.Quote(values));
            return Input.All.Provider.CreateQuery<object?[]>(select);
        }
    }

    /// <summary>Replaces each beginning by the whole text, unless the text has changed since.</summary>
    public void Restore(object?[] texts)
    {
        for (var (i, next) = (0, 0); i < _lastKeys!.Length; i++)
        {
            if (_lastKeys[i] is CutText cut && texts[next++] is string text && cut.IsOf(text))
                _lastKeys[i] = text;
        }
    }

    /// <summary>
    /// The page of a part as one statement. It reads one row more than the page gives, to see whether another page follows.
    /// </summary>
    public IQueryable<PageRow> Page(int part)
    {
        var source = Rows[part];
        var (rows, row) = (source.Rows.Expression, source.Shape.Row);
        var order = Order(part);
        if (order is not null)
        {
            var last = part == First ? _lastKeys : null;
            if (last is not null) rows = order.After(rows, last);
            rows = order.Apply(rows, Input.NullsSortHigh, last);
        }
        if ((part != First || _lastKeys is null) && Skipped(part) is > 0 and var skipped)
            rows = Call(nameof(Queryable.Skip), row, rows, skipped);
        if (order is not null || Left is not null)
            rows = Call(nameof(Queryable.Take), row, rows, Reads);

        var shown = Expression.MemberInit(
            Expression.New(typeof(PageRow)),
            Expression.Bind(typeof(PageRow).GetProperty(nameof(PageRow.Item))!, Expression.Convert(Projection(part), typeof(object))),
            Expression.Bind(typeof(PageRow).GetProperty(nameof(PageRow.Keys))!, KeysOf(order))
        );
        var select = Expression.Call(
            typeof(Queryable), nameof(Queryable.Select), [row.Type, typeof(PageRow)], rows,
            Expression.Quote(Expression.Lambda(shown, row)));
        var page = source.Rows.Provider.CreateQuery<PageRow>(Checked(select));
        return IsSplit ? page.AsSplitQuery() : page;
    }

    /// <summary>How many rows of a part came before this page.</summary>
    public int Skipped(int part) => part != First ? 0 : _token is null ? Input.Options.Skip?.Value ?? 0 : _token.Skip ?? 0;

    /// <summary>The $skiptoken of the next page.</summary>
    /// <param name="last">The last row of this page.</param>
    /// <param name="given">How many rows the page has.</param>
    /// <param name="count">The $count, if it was requested.</param>
    /// <param name="room">How many characters the token may have.</param>
    public string TokenAfter(PageRow last, int given, long? count, int room) => new PageToken
    {
        Query = _id,
        Left = Left - given,
        Count = count,
        Mark = Mark,
        Now = _instant.IsUsed ? _instant.Value : null,
        Skip = last.Keys is null || IsGrouped(last.Part) ? last.Position ?? (Skipped(last.Part) + given) : null,
        Part = last.Part == 0 ? null : last.Part,
    }.Encode(Input.Request.Tokens, last.Keys, room, canCut: !IsGrouped(last.Part));

    private Expression Checked(Expression query) => RowBarrier.Shield(Input.Db, Nesting.CheckBound(query));

    // A group has no key to look it up by.
    private bool IsGrouped(int part) => Rows[part].Shape.Collapsed;

    private SortOrder? Order(int part) => Rows[part].Total((IEdmEntityType)Input.Options.Context.ElementType);

    private object?[] Read(JsonElement[] keys)
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

    private static MethodCallExpression Call(string method, ParameterExpression row, Expression rows, int count) =>
        Expression.Call(typeof(Queryable), method, [row.Type], rows, Parameter.Of(count));

    private static int CollectionsOf(SelectExpandClause? clause) => clause is null ? 0
        : clause.SelectedItems.OfType<ExpandedNavigationSelectItem>().Sum(item =>
            (item.PathToNavigationProperty.LastSegment is NavigationPropertySegment { EdmType: IEdmCollectionType } ? 1 : 0)
            + CollectionsOf(item.SelectAndExpand));

    // A result of at most one row has no order and no next page.
    private static Expression KeysOf(SortOrder? order) => order is null
        ? Expression.Constant(null, typeof(object[]))
        : Expression.NewArrayInit(typeof(object), order.Keys.Select(key => Expression.Convert(key.Value, typeof(object))));
}
