using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.Data;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Query.Known;

/// <summary>A query that is known: a request gives its keys and its place in the pages to a compiled statement.</summary>
internal sealed class RepeatedQuery : FeedQuery
{
    private readonly QueryFacts _facts;
    private readonly QueryShape _shape;
    private readonly TicketDb _db;

    /// <summary>Reads the $skiptoken.</summary>
    public RepeatedQuery(FeedRequest request, QueryShape shape, QueryFacts facts, int pageSize, TicketDb db)
        : base(request, facts.Paging, pageSize)
    {
        (_shape, _facts, _db) = (shape, facts, db);
        Continue();
    }

    /// <summary>Whether there is a statement for this page, and nothing else is needed for the answer.</summary>
    public bool IsReady => !CountsRows && Variant is { } variant && _facts.Pages.ContainsKey(variant);

    /// <inheritdoc />
    public override object Shared => _facts;

    /// <inheritdoc />
    public override int Parts => 1;

    /// <inheritdoc />
    public override bool GivesEntities => true;

    /// <inheritdoc />
    public override (SelectExpandClause? Select, ApplyClause? Apply) Context => (_facts.Context, null);

    /// <inheritdoc />
    public override SelectExpandClause? SelectExpand => _facts.SelectExpand;

    /// <inheritdoc />
    public override IReadOnlyList<Column> Columns(int part) =>
        throw new InvalidOperationException("Entities have the properties of their type.");

    /// <inheritdoc />
    public override IAsyncEnumerable<PageRow> Read(int part) => _facts.Pages[Variant!].Read(_db, ValueOf);

    /// <inheritdoc />
    public override IEnumerable<IQueryable> Filtered => throw new InvalidOperationException("Rows are counted by a query that is bound.");

    /// <inheritdoc />
    public override IQueryable<object?[]>? CutTexts => null; // a page after such a row has no variant

    /// <inheritdoc />
    public override SortOrder? Order(int part) => _facts.Order;

    /// <inheritdoc />
    protected override bool IsGrouped(int part) => false;

    private object? ValueOf(string slot)
    {
        if (slot == nameof(Queryable.Take)) return Reads;
        if (slot == nameof(Queryable.Skip)) return Skipped(0);
        for (var i = 0; i < _shape.Keys.Count; i++)
        {
            if (slot == FeedRows.SlotOf(i)) return _shape.Keys[i];
        }
        for (var i = 0; i < LastKeys?.Length; i++)
        {
            if (slot == SortOrder.SlotOf(i)) return LastKeys[i];
        }
        throw new InvalidOperationException($"A statement has no value {slot}.");
    }
}
