using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace SupportTickets.OData;

/// <summary>A row with what the next page needs to know of it.</summary>
internal sealed class PageRow
{
    /// <summary>An entity, or one of the library's wrappers of what was selected or aggregated.</summary>
    public object Item { get; init; } = null!;

    /// <summary>The sort keys; null where rows have none.</summary>
    public object?[]? Keys { get; init; }
}

/// <summary>
/// The options of one request, bound to a query that is run later. Filtering and aggregating is the library's; sorting
/// and paging is ours, because the library's loses rows without a value on PostgreSQL and cannot use an index there.
/// </summary>
internal sealed class FeedQuery
{
    private readonly ODataQueryOptions _options;
    private readonly ODataQuerySettings _settings;
    private readonly IServiceProvider _parts;
    private readonly Type _entity;
    private readonly SortOrder? _order;
    private readonly PageToken? _token;
    private readonly string _id;

    /// <summary>Checks and binds.</summary>
    /// <param name="options">As received.</param>
    /// <param name="source">The rows that the path names and the caller may see.</param>
    /// <param name="parts">The library's services.</param>
    /// <param name="pageSize">The most rows to give at once.</param>
    public FeedQuery(ODataQueryOptions options, IQueryable source, IServiceProvider parts, int pageSize)
    {
        Limits.Check(options);
        (_options, _parts, _entity) = (options, parts, source.ElementType);
        _settings = new ODataQuerySettings { TimeZone = TimeZoneInfo.Utc, HandleNullPropagation = HandleNullPropagationOption.False };
        _id = PageToken.QueryOf(options.Request.Path.Value!, options.RawValues);
        _token = options.RawValues.SkipToken is { } token ? PageToken.Decode(token, _id) : null;

        var paging = AllowedQueryOptions.OrderBy | AllowedQueryOptions.Top | AllowedQueryOptions.Skip | AllowedQueryOptions.SkipToken
            | AllowedQueryOptions.Count | AllowedQueryOptions.Select | AllowedQueryOptions.Expand | AllowedQueryOptions.Search; // searched already
        Filtered = options.ApplyTo(source, _settings, paging);
        Element = Filtered.ElementType;
        Left = _token?.Left ?? options.Top?.Value;
        PageSize = pageSize;
        IsEntities = Element == _entity;
        _order = IsEntities ? EntityOrder() : RowOrder();
    }

    /// <summary>All rows, unsorted: what $count counts.</summary>
    public IQueryable Filtered { get; }

    /// <summary>What a row is before $select and $expand: an entity, or a wrapper that the library made for $apply.</summary>
    public Type Element { get; }

    /// <summary>Whether rows are entities, which have keys to page by.</summary>
    public bool IsEntities { get; }

    /// <summary>Whether $count=true was asked and is not known from the first page.</summary>
    public bool CountsRows => _options.Count?.Value == true && KnownCount is null;

    /// <summary>The count that the first page had.</summary>
    public long? KnownCount => _token?.Count;

    /// <summary>The most rows this page has.</summary>
    public int PageSize { get; }

    /// <summary>Rows of $top that are still to come; null without $top.</summary>
    public int? Left { get; }

    /// <summary>How many rows this page gives: one less than is read, when there may be more.</summary>
    public int Take => Math.Min(Left ?? int.MaxValue, PageSize);

    /// <summary>$select and $expand; null when neither was given.</summary>
    public SelectExpandClause? SelectExpand { get; private set; }

    /// <summary>The parsed $apply.</summary>
    public ApplyClause? Apply => _options.Apply?.ApplyClause;

    /// <summary>The names that $compute adds.</summary>
    public IEnumerable<string> Computed => _options.Compute?.ComputeClause.ComputedItems.Select(item => item.Alias) ?? [];

    /// <summary>The page as one statement, with one row more than it gives, to see whether there is another.</summary>
    /// <param name="nullsSortHigh">Whether the database sorts rows without a value above all others, as PostgreSQL does.</param>
    public IQueryable<PageRow> Page(bool nullsSortHigh)
    {
        var rows = Filtered.Expression;
        if (_order is not null)
        {
            if (_token?.Keys is { } keys) rows = Behind(_order, rows, keys);
            rows = _order.Apply(rows, nullsSortHigh, _token?.Keys);
        }
        if (Skipped > 0) rows = Call(nameof(Queryable.Skip), rows, Skipped);
        if (_order is not null || Left is not null) rows = Call(nameof(Queryable.Take), rows, Left <= PageSize ? Take : Take + 1);

        var row = _order?.Row ?? Expression.Parameter(Element, "row");
        var page = Expression.MemberInit(
            Expression.New(typeof(PageRow)),
            Expression.Bind(typeof(PageRow).GetProperty(nameof(PageRow.Item))!, Expression.Convert(Projection(row), typeof(object))),
            Expression.Bind(typeof(PageRow).GetProperty(nameof(PageRow.Keys))!, KeysOf(row)));
        var select = Expression.Call(typeof(Queryable), nameof(Queryable.Select), [Element, typeof(PageRow)], rows, Expression.Quote(Expression.Lambda(page, row)));
        return Filtered.Provider.CreateQuery<PageRow>(select);
    }

    /// <summary>The $skiptoken behind the last row of this page.</summary>
    public string TokenAfter(PageRow last, long? count) => new PageToken
    {
        Query = _id,
        Left = Left - Take,
        Count = count,
        Keys = last.Keys?.Select(key => JsonSerializer.SerializeToElement(key)).ToArray(),
        Skip = last.Keys is null ? Skipped + Take : null,
    }.Encode();

    private int Skipped => _token is null ? _options.Skip?.Value ?? 0 : _token.Skip ?? 0;

    private static Expression Behind(SortOrder order, Expression rows, JsonElement[] keys)
    {
        try
        {
            return order.After(rows, keys);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new FeedException(FeedError.BadQuery("This $skiptoken does not belong to this query: take the nextLink as it was given.", "$skiptoken"));
        }
    }

    private MethodCallExpression Call(string method, Expression rows, int count) =>
        Expression.Call(typeof(Queryable), method, [Element], rows, Parameter.Of(count));

    private QueryBinderContext BinderContext()
    {
        var context = new QueryBinderContext(_options.Context.Model, _settings, Element) { NavigationSource = _options.Context.NavigationSource };
        foreach (var item in _options.Compute?.ComputeClause.ComputedItems ?? [])
            context.ComputedProperties[item.Alias] = item;
        return context;
    }

    private SortOrder EntityOrder()
    {
        var context = BinderContext();
        var keys = Bound(_options.OrderBy?.OrderByClause, context);
        var entity = (IEdmEntityType)_options.Context.ElementType;
        foreach (var key in entity.Key())
            keys.Add(SortOrder.Key(Expression.Property(context.CurrentParameter, key.Name), OrderByDirection.Ascending, nullable: false));
        return new(context.CurrentParameter, keys);
    }

    // Rows of $apply: the library knows which of their properties make the order total.
    private SortOrder? RowOrder()
    {
        if (Apply?.Transformations.LastOrDefault(t => t.Kind is TransformationNodeKind.Aggregate or TransformationNodeKind.GroupBy) is AggregateTransformationNode)
            return null; // a single row
        if (_options.GenerateStableOrder() is not { } stable)
            return null;
        var sorted = stable.ApplyTo(Filtered, _settings);
        var keys = new List<SortKey>();
        for (var call = sorted.Expression; call is MethodCallExpression { Arguments: [var source, UnaryExpression { Operand: LambdaExpression by }] } step && call != Filtered.Expression; call = source)
            keys.Insert(0, SortOrder.Key(new Rename(by.Parameters[0], Row).Visit(by.Body), step.Method.Name.EndsWith("Descending", StringComparison.Ordinal) ? OrderByDirection.Descending : OrderByDirection.Ascending, nullable: !IsKey(by.Body)));
        return new(Row, keys);
    }

    // Rows of compute() are sorted by the key of what they were: it is always there, and told so its index does.
    private bool IsKey(Expression value) => value is MemberExpression { Member: { } member } && member.DeclaringType == _entity
        && _options.Context.NavigationSource.EntityType.Key().Any(key => key.Name == member.Name);

    private ParameterExpression Row => field ??= Expression.Parameter(Element, "row");

    private List<SortKey> Bound(OrderByClause? clause, QueryBinderContext context)
    {
        var keys = new List<SortKey>();
        if (clause is null)
            return keys;
        var binder = _parts.GetRequiredService<IOrderByBinder>();
        for (var bound = binder.BindOrderBy(clause, context); bound is not null; bound = bound.ThenBy, clause = clause!.ThenBy)
        {
            var lambda = (LambdaExpression)bound.OrderByExpression;
            keys.Add(SortOrder.Key(lambda.Body, bound.Direction, Values.MayBeNull(clause!.Expression)));
        }
        return keys;
    }

    private Expression KeysOf(ParameterExpression row) => IsEntities && _order is not null
        ? Expression.NewArrayInit(typeof(object), _order.Keys.Select(key => Expression.Convert(key.Value, typeof(object))))
        : Expression.Constant(null, typeof(object[]));

    private Expression Projection(ParameterExpression row)
    {
        if (_options.SelectExpand is null)
            return row;
        if (!IsEntities)
            throw new FeedException(FeedError.NotImplemented("$select and $expand are not offered on the result of $apply: leave out in $apply what you do not need.", "$select"));
        SelectExpand = _options.SelectExpand.SelectExpandClause;
        var context = BinderContext();
        var projection = (LambdaExpression)_parts.GetRequiredService<ISelectExpandBinder>().BindSelectExpand(SelectExpand, context);
        return new Rename(projection.Parameters[0], row).Visit(projection.Body);
    }

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
