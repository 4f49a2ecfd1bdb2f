using System.Linq.Expressions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.EntityFrameworkCore;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Request;

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

/// <summary>The options of one request, bound to a query. The library does the filtering.</summary>
internal abstract class BoundQuery : FeedQuery
{
    /// <summary>Checks the query against the limits.</summary>
    protected BoundQuery(QueryInput input) : base(input.Request, Paging.Of(input.Options), input.PageSize)
    {
        Input = input;
        Counter = Limits.Check(input.Options, input.Request.Feed.Limits);
    }

    /// <summary>Binds the options of a request.</summary>
    public static BoundQuery Of(QueryInput input)
    {
        BoundQuery query = input.Options.Apply is null ? new EntityQuery(input) : new ApplyQuery(input);
        query.Continue();
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

    /// <inheritdoc />
    public override int Parts => Rows.Count;

    /// <inheritdoc />
    public override IEnumerable<IQueryable> Filtered =>
        Rows.Select(rows => rows.Rows.Provider.CreateQuery(Checked(rows.Rows.Expression)));

    /// <inheritdoc />
    public override IAsyncEnumerable<PageRow> Read(int part) => Page(part).AsAsyncEnumerable();

    /// <inheritdoc />
    public override IQueryable<object?[]>? CutTexts
    {
        get
        {
            if (LastKeys is null || !LastKeys.Any(value => value is CutText))
                return null;
            var order = Order(First)!;
            var key = order.Keys[^1].Value;
            var row = Expression.Lambda(Expression.Equal(key, Parameter.Of(LastKeys[^1], key.Type)), order.Row);
            var texts = order.Keys.Where((_, i) => LastKeys[i] is CutText).Select(text => Expression.Convert(text.Value, typeof(object)));
            var rows = Expression.Call(
                typeof(Queryable), nameof(Queryable.Where), [order.Row.Type], Input.All.Expression, Expression.Quote(row));
            var values = Expression.Lambda(Expression.NewArrayInit(typeof(object), texts), order.Row);
            var select = Expression.Call(
                typeof(Queryable), nameof(Queryable.Select), [order.Row.Type, typeof(object[])], rows, Expression.Quote(values));
            return Input.All.Provider.CreateQuery<object?[]>(select);
        }
    }

    /// <summary>The page of a part as one statement.</summary>
    public IQueryable<PageRow> Page(int part)
    {
        var source = Rows[part];
        var (rows, row) = (source.Rows.Expression, source.Shape.Row);
        var order = Order(part);
        if (order is not null)
        {
            var last = part == First ? LastKeys : null;
            if (last is not null) rows = order.After(rows, last);
            rows = order.Apply(rows, Input.NullsSortHigh, last);
        }
        if ((part != First || LastKeys is null) && Skipped(part) is > 0 and var skipped)
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

    /// <inheritdoc />
    public override SortOrder? Order(int part) => Rows[part].Total((IEdmEntityType)Input.Options.Context.ElementType);

    /// <inheritdoc />
    protected override bool IsGrouped(int part) => Rows[part].Shape.Collapsed;

    private Expression Checked(Expression query) => RowBarrier.Shield(Input.Db, Nesting.CheckBound(query));

    private static MethodCallExpression Call(string method, ParameterExpression row, Expression rows, int count) =>
        Expression.Call(typeof(Queryable), method, [row.Type], rows, Parameter.Of(count, slot: method));

    // A result of at most one row has no order and no next page.
    private static Expression KeysOf(SortOrder? order) => order is null
        ? Expression.Constant(null, typeof(object[]))
        : Expression.NewArrayInit(typeof(object), order.Keys.Select(key => Expression.Convert(key.Value, typeof(object))));
}
