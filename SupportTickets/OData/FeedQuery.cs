using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Apply;
using SupportTickets.Tickets;

namespace SupportTickets.OData;

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
    private readonly bool _nullsSortHigh;
    private readonly IReadOnlyList<ApplyRows> _rows;
    private readonly IReadOnlyList<Column>?[] _columns;
    private ComputedSelection? _selection;

    /// <summary>Checks and binds.</summary>
    /// <param name="options">As received.</param>
    /// <param name="source">The rows that the path names and the caller may see, searched already.</param>
    /// <param name="parts">The library's services.</param>
    /// <param name="pageSize">The most rows to give at once.</param>
    /// <param name="limits">How much it may ask for.</param>
    /// <param name="nullsSortHigh">Whether the database sorts rows without a value above all others, as PostgreSQL does.</param>
    /// <param name="search">Searches rows in the middle of $apply.</param>
    public FeedQuery(
        ODataQueryOptions options, IQueryable source, IServiceProvider parts, int pageSize, FeedLimits limits, bool nullsSortHigh, Func<IQueryable, SearchClause, IQueryable> search)
    {
        var walk = Limits.Check(options, limits);
        (_options, _parts, _nullsSortHigh) = (options, parts, nullsSortHigh);
        _settings = new ODataQuerySettings { TimeZone = TimeZoneInfo.Utc, HandleNullPropagation = HandleNullPropagationOption.False };
        _id = PageToken.QueryOf(options.Request, options.RawValues);
        _token = options.RawValues.SkipToken is { } token ? PageToken.Decode(token, _id) : null;
        Mark = _token?.Mark;
        Left = _token?.Left ?? options.Top?.Value;
        PageSize = pageSize;
        if (options.Apply is null)
        {
            Select(options.Compute?.ComputeClause);
            (_rows, _columns) = ([Entities(source)], [null]);
            return;
        }
        var expressions = new ApplyExpressions(options.Context, _settings, parts, walk);
        Apply = new ApplyResult(new ApplyPipeline(expressions, search, nullsSortHigh), expressions, options, source);
        (_rows, _columns) = (Apply.Parts, new IReadOnlyList<Column>?[Apply.Parts.Count]);
        if (First >= _rows.Count)
            throw PageToken.NotOfThisQuery;
        if (Apply.IsEntities)
            Select(compute: null);
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

    /// <summary>The $deltatoken to ask with for what changes from then on; null when nothing is tracked.</summary>
    public string? ChangesToken => Mark is null ? null : DeltaToken.From(Mark, _options).Encode();

    /// <summary>The most rows this page has.</summary>
    public int PageSize { get; }

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

    /// <summary>The page of a part as one statement, with one row more than it gives, to see whether there is another.</summary>
    public IQueryable<PageRow> Page(int part)
    {
        var source = _rows[part];
        var (rows, row) = (source.Rows.Expression, source.Shape.Row);
        var order = source.Total((IEdmEntityType)_options.Context.ElementType);
        if (order is not null)
        {
            var keys = part == First ? _token?.Keys : null;
            if (keys is not null) rows = Behind(order, rows, keys);
            rows = order.Apply(rows, _nullsSortHigh, keys);
        }
        if (Skipped(part) is > 0 and var skipped) rows = Call(nameof(Queryable.Skip), row, rows, skipped);
        if (order is not null || Left is not null) rows = Call(nameof(Queryable.Take), row, rows, Reads);

        var page = Expression.MemberInit(
            Expression.New(typeof(PageRow)),
            Expression.Bind(typeof(PageRow).GetProperty(nameof(PageRow.Item))!, Expression.Convert(Projection(source, part), typeof(object))),
            Expression.Bind(typeof(PageRow).GetProperty(nameof(PageRow.Keys))!, KeysOf(source, order)));
        var select = Expression.Call(typeof(Queryable), nameof(Queryable.Select), [row.Type, typeof(PageRow)], rows, Expression.Quote(Expression.Lambda(page, row)));
        return source.Rows.Provider.CreateQuery<PageRow>(Nesting.CheckBound(select));
    }

    /// <summary>How many rows of a part come before this page.</summary>
    public int Skipped(int part) => part != First ? 0 : _token is null ? _options.Skip?.Value ?? 0 : _token.Skip ?? 0;

    /// <summary>The $skiptoken behind the last row of this page.</summary>
    public string TokenAfter(PageRow last, long? count) => new PageToken
    {
        Query = _id,
        Left = Left - Take,
        Count = count,
        Mark = Mark,
        Keys = last.Keys?.Select(key => JsonSerializer.SerializeToElement(key)).ToArray(),
        Skip = last.Keys is null ? last.Position ?? (Skipped(last.Part) + Take) : null,
        Part = last.Part == 0 ? null : last.Part,
    }.Encode();

    private static Expression Behind(SortOrder order, Expression rows, JsonElement[] keys)
    {
        try
        {
            return order.After(rows, keys);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw PageToken.NotOfThisQuery;
        }
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
        return new(filtered, new(context.CurrentParameter, false, []), Bound(_options.OrderBy?.OrderByClause, context));
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

    private List<SortKey> Bound(OrderByClause? clause, QueryBinderContext context)
    {
        var keys = new List<SortKey>();
        if (clause is null)
            return keys;
        var binder = _parts.GetRequiredService<IOrderByBinder>();
        for (var bound = binder.BindOrderBy(clause, context); bound is not null; bound = bound.ThenBy, clause = clause!.ThenBy)
        {
            var lambda = (LambdaExpression)bound.OrderByExpression;
            keys.Add(SortOrder.Key(lambda.Body, bound.Direction, Nulls.MayBe(clause!.Expression)));
        }
        return keys;
    }

    // Grouped rows have no key; they are few, and paged by number.
    private static Expression KeysOf(ApplyRows source, SortOrder? order) => source.Shape.Collapsed || order is null
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
