using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Configuration;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Request;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Query;

/// <summary>A row with what the next page needs to know of it.</summary>
internal sealed class PageRow
{
    /// <summary>An entity, one of the library's wrappers of what was selected of it, or the values of a row of $apply.</summary>
    public object Item { get; init; } = null!;

    /// <summary>The sort keys; null where rows have none.</summary>
    public object?[]? Keys { get; init; }

    /// <summary>Of which part of the query; only <c>concat</c> has more than one.</summary>
    public int Part { get; set; }

    /// <summary>How many rows of its part are given up to this one; null when nobody counted.</summary>
    public int? Position { get; set; }
}

/// <summary>
/// The options of one request, bound to a query that is run later. Filtering is the library's; sorting and paging is
/// ours, because the library's loses rows without a value on PostgreSQL and cannot use an index there.
/// </summary>
internal sealed class FeedQuery
{
    private readonly ODataQueryOptions _options;
    private readonly ODataQuerySettings _settings;
    private readonly IServiceProvider _parts;
    private readonly PageToken? _token;
    private readonly string _id;
    private readonly IQueryable _all;
    private readonly QueryInstant _instant;
    private readonly object?[]? _behind;
    private readonly bool _nullsSortHigh;
    private readonly IReadOnlyList<ApplyRows> _rows;
    private readonly IReadOnlyList<Column>?[] _columns;
    private ComputedSelection? _selection;

    /// <summary>Checks and binds.</summary>
    /// <param name="options">As received.</param>
    /// <param name="all">The rows that the path names and the caller may see.</param>
    /// <param name="source">Those of them that $search finds.</param>
    /// <param name="parts">The library's services.</param>
    /// <param name="pageSize">The most rows to give at once.</param>
    /// <param name="limits">How much it may ask for.</param>
    /// <param name="nullsSortHigh">Whether the database sorts rows without a value above all others, as PostgreSQL does.</param>
    /// <param name="search">Searches rows in the middle of $apply.</param>
    public FeedQuery(
        ODataQueryOptions options, IQueryable all, IQueryable source, IServiceProvider parts, int pageSize, FeedLimits limits, bool nullsSortHigh,
        Func<IQueryable, SearchClause, IQueryable> search)
    {
        var walk = Limits.Check(options, limits);
        (_options, _all, _parts, _nullsSortHigh) = (options, all, parts, nullsSortHigh);
        _settings = new ODataQuerySettings { TimeZone = TimeZoneInfo.Utc, HandleNullPropagation = HandleNullPropagationOption.False };
        _id = PageToken.QueryOf(options.Request, options.RawValues);
        _token = options.RawValues.SkipToken is { } token ? PageToken.Decode(token, _id) : null;
        _instant = parts.GetRequiredService<QueryInstant>();
        if (_token?.Now is { } now) _instant.Continue(now);
        Mark = _token?.Mark;
        Left = _token?.Left ?? options.Top?.Value;
        (PageSize, MaxPageBytes) = (pageSize, limits.MaxPageBytes);
        if (options.Apply is null)
        {
            Select(options.Compute?.ComputeClause);
            (_rows, _columns) = ([Entities(source)], [null]);
        }
        else
        {
            var expressions = new ApplyExpressions(options.Context, _settings, parts, walk);
            Apply = new ApplyResult(new ApplyPipeline(expressions, search, nullsSortHigh), expressions, options, source);
            (_rows, _columns) = (Apply.Parts, new IReadOnlyList<Column>?[Apply.Parts.Count]);
            if (Apply.IsEntities) Select(compute: null);
        }
        if (First >= _rows.Count)
            throw PageToken.NotOfThisQuery;
        if (_token?.Keys is { } keys) _behind = Read(keys);
    }

    /// <summary>What $apply gives; null without it.</summary>
    public ApplyResult? Apply { get; }

    /// <summary>How many queries it takes, to be given one after the other.</summary>
    public int Parts => _rows.Count;

    /// <summary>The part that this page begins in.</summary>
    public int First => _token?.Part ?? 0;

    /// <summary>All rows of each part, unsorted: what $count counts.</summary>
    public IEnumerable<IQueryable> Filtered => _rows.Select(rows => rows.Rows.Provider.CreateQuery(Nesting.CheckBound(rows.Rows.Expression)));

    /// <summary>Whether $count=true was asked and is not known from the first page.</summary>
    public bool CountsRows => _options.Count?.Value == true && KnownCount is null;

    /// <summary>The count that the first page had.</summary>
    public long? KnownCount => _token?.Count;

    /// <summary>Whether this is the first page.</summary>
    public bool IsFirst => _token is null;

    /// <summary>Where the changes stood before the first page, when they are tracked; else null.</summary>
    public ChangeMark? Mark { get; set; }

    /// <summary>The $deltatoken to ask with for what changes from then on, of so many characters; null when nothing is tracked.</summary>
    public Func<int, string>? ChangesToken => Mark is null ? null : DeltaToken.From(Mark, _options).Encode;

    /// <summary>The most rows this page has.</summary>
    public int PageSize { get; }

    /// <summary>Bytes after which a page ends.</summary>
    public int MaxPageBytes { get; }

    /// <summary>Rows of $top that are still to come; null without $top.</summary>
    public int? Left { get; }

    /// <summary>How many rows this page gives at most.</summary>
    public int Take => Math.Min(Left ?? int.MaxValue, PageSize);

    /// <summary>How many rows are read for it: one more, when there may be another page.</summary>
    public int Reads => Left <= PageSize ? Take : Take + 1;

    /// <summary>$select and $expand of entities, with what is computed for them; null when there is nothing of it.</summary>
    public SelectExpandClause? SelectExpand => _selection?.Clause;

    /// <summary>$select and $expand as the context address says them; null when neither was given.</summary>
    public SelectExpandClause? Asked { get; private set; }

    /// <summary>The names that are computed of entities.</summary>
    public IEnumerable<string> Computed => _selection?.Computed.Select(item => item.Alias) ?? [];

    /// <summary>What the values of the rows of a part are, where they are no entities.</summary>
    public IReadOnlyList<Column> Columns(int part) => _columns[part] ??= Apply!.Shown(_rows[part].Shape);

    /// <summary>
    /// The texts of the last row that the token has only the beginnings of, as they are now; null when it has all of them.
    /// </summary>
    public IQueryable<object?[]>? CutTexts
    {
        get
        {
            if (_behind is null || !_behind.Any(value => value is CutText))
                return null;
            var order = Order(First)!;
            var key = order.Keys[^1].Value;
            var row = Expression.Lambda(Expression.Equal(key, Parameter.Of(_behind[^1], key.Type)), order.Row);
            var texts = order.Keys.Where((_, i) => _behind[i] is CutText).Select(text => Expression.Convert(text.Value, typeof(object)));
            var rows = Expression.Call(typeof(Queryable), nameof(Queryable.Where), [order.Row.Type], _all.Expression, Expression.Quote(row));
            var values = Expression.Lambda(Expression.NewArrayInit(typeof(object), texts), order.Row);
            var select = Expression.Call(typeof(Queryable), nameof(Queryable.Select), [order.Row.Type, typeof(object[])], rows, Expression.Quote(values));
            return _all.Provider.CreateQuery<object?[]>(select);
        }
    }

    /// <summary>Puts texts in the place of their beginnings, where they are still what they were.</summary>
    public void Restore(object?[] texts)
    {
        for (var (i, next) = (0, 0); i < _behind!.Length; i++)
        {
            if (_behind[i] is CutText cut && texts[next++] is string text && cut.IsOf(text))
                _behind[i] = text;
        }
    }

    /// <summary>The page of a part as one statement, with one row more than it gives, to see whether there is another.</summary>
    public IQueryable<PageRow> Page(int part)
    {
        var source = _rows[part];
        var (rows, row) = (source.Rows.Expression, source.Shape.Row);
        var order = Order(part);
        if (order is not null)
        {
            var last = part == First ? _behind : null;
            if (last is not null) rows = order.After(rows, last);
            rows = order.Apply(rows, _nullsSortHigh, last);
        }
        if ((part != First || _behind is null) && Skipped(part) is > 0 and var skipped) rows = Call(nameof(Queryable.Skip), row, rows, skipped);
        if (order is not null || Left is not null) rows = Call(nameof(Queryable.Take), row, rows, Reads);

        var page = Expression.MemberInit(
            Expression.New(typeof(PageRow)),
            Expression.Bind(typeof(PageRow).GetProperty(nameof(PageRow.Item))!, Expression.Convert(Projection(source, part), typeof(object))),
            Expression.Bind(typeof(PageRow).GetProperty(nameof(PageRow.Keys))!, KeysOf(order)));
        var select = Expression.Call(typeof(Queryable), nameof(Queryable.Select), [row.Type, typeof(PageRow)], rows, Expression.Quote(Expression.Lambda(page, row)));
        return source.Rows.Provider.CreateQuery<PageRow>(Nesting.CheckBound(select));
    }

    /// <summary>How many rows of a part came before this page.</summary>
    public int Skipped(int part) => part != First ? 0 : _token is null ? _options.Skip?.Value ?? 0 : _token.Skip ?? 0;

    /// <summary>The $skiptoken behind the last row of this page.</summary>
    /// <param name="last">The row.</param>
    /// <param name="given">How many rows the page has.</param>
    /// <param name="count">The $count, if asked.</param>
    /// <param name="room">How many characters it may have.</param>
    public string TokenAfter(PageRow last, int given, long? count, int room) => new PageToken
    {
        Query = _id,
        Left = Left - given,
        Count = count,
        Mark = Mark,
        Now = _instant.IsUsed ? _instant.Value : null,
        Skip = last.Keys is null || IsGrouped(last.Part) ? last.Position ?? (Skipped(last.Part) + given) : null,
        Part = last.Part == 0 ? null : last.Part,
    }.Encode(last.Keys, room, canCut: !IsGrouped(last.Part));

    // A group has no key to look it up by.
    private bool IsGrouped(int part) => _rows[part].Shape.Collapsed;

    private SortOrder? Order(int part) => _rows[part].Total((IEdmEntityType)_options.Context.ElementType);

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
            // Said below.
        }
        throw PageToken.NotOfThisQuery;
    }

    private static MethodCallExpression Call(string method, ParameterExpression row, Expression rows, int count) =>
        Expression.Call(typeof(Queryable), method, [row.Type], rows, Parameter.Of(count));

    private void Select(ComputeClause? compute)
    {
        var clause = _options.SelectExpand?.SelectExpandClause;
        _selection = ComputedSelection.Of(clause, compute, _options.Context.NavigationSource);
        Asked = ComputedSelection.Asked(clause);
    }

    private ApplyRows Entities(IQueryable source)
    {
        var paging = AllowedQueryOptions.OrderBy | AllowedQueryOptions.Top | AllowedQueryOptions.Skip | AllowedQueryOptions.SkipToken
            | AllowedQueryOptions.Count | AllowedQueryOptions.Select | AllowedQueryOptions.Expand | AllowedQueryOptions.Search;
        var filtered = _options.ApplyTo(source, _settings, paging);
        var context = BinderContext(filtered.ElementType);
        var shape = new RowShape(context.CurrentParameter, false, []);
        return new(filtered, shape, _options.OrderBy is null ? [] : [.. SortOrder.KeysOf(_parts.GetRequiredService<IOrderByBinder>(), _options.OrderBy.OrderByClause, context)]);
    }

    private QueryBinderContext BinderContext(Type element)
    {
        var context = new QueryBinderContext(_options.Context.Model, _settings, element) { NavigationSource = _options.Context.NavigationSource };
        if (Apply is null)
        {
            foreach (var item in _options.Compute?.ComputeClause.ComputedItems ?? [])
                context.ComputedProperties[item.Alias] = item;
        }
        return context;
    }

    // One row at most has no order, and no next page.
    private static Expression KeysOf(SortOrder? order) => order is null
        ? Expression.Constant(null, typeof(object[]))
        : Expression.NewArrayInit(typeof(object), order.Keys.Select(key => Expression.Convert(key.Value, typeof(object))));

    private Expression Projection(ApplyRows source, int part)
    {
        if (Apply is not null && !source.Shape.IsEntities)
            return Cells.Of([.. Columns(part).Select(column => column.Value)]);
        if (SelectExpand is null)
            return source.Shape.Row;
        var context = BinderContext(source.Shape.Row.Type);
        foreach (var item in _selection!.Computed)
            context.ComputedProperties[item.Alias] = item;
        var projection = (LambdaExpression)_parts.GetRequiredService<ISelectExpandBinder>().BindSelectExpand(SelectExpand, context);
        return new Rename(projection.Parameters[0], source.Shape.Row).Visit(projection.Body);
    }

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
