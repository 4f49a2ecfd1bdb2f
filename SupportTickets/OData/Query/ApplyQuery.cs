using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;

namespace SupportTickets.OData.Query;

/// <summary>
/// A query with <c>$apply</c> and the options evaluated after it (OData 4.01, 11.2.1). Its rows are groups, entities with computed
/// properties, or some of the entities unchanged.
/// </summary>
internal sealed class ApplyQuery : BoundQuery
{
    private readonly ApplyResult _result;
    private readonly IReadOnlyList<Column>?[] _columns;
    private readonly EntitySelection? _selection;

    /// <summary>Binds the options.</summary>
    public ApplyQuery(QueryInput input)
        : base(input)
    {
        var expressions = new ApplyExpressions(input.Options.Context, Settings, input.Request.Parts, Counter)
        {
            Kept = input.Request.Path.Count == 1 ? input.Request.FeedSet.Kept(input.Request.Http.RequestServices) : [],
        };
        var pipeline = new ApplyPipeline(expressions, input.Search, input.NullsSortHigh);
        _result = new(pipeline, expressions, input.Options, input.Found);
        _columns = new IReadOnlyList<Column>?[_result.Parts.Count];
        if (_result.IsEntities) _selection = new(input, Settings, compute: null);
    }

    /// <inheritdoc />
    protected override IReadOnlyList<ApplyRows> Rows => _result.Parts;

    /// <inheritdoc />
    public override bool GivesEntities => _result.IsEntities;

    /// <inheritdoc />
    public override (SelectExpandClause? Select, ApplyClause? Apply) Context =>
        _selection is null ? _result.Context() : (_selection.ForContext, null);

    /// <inheritdoc />
    public override SelectExpandClause? SelectExpand => _selection?.Clause;

    /// <inheritdoc />
    public override IEnumerable<string> Computed => _selection?.Computed ?? [];

    /// <inheritdoc />
    public override IReadOnlyList<Column> Columns(int part) => _columns[part] ??= _result.Shown(Rows[part].Shape);

    /// <inheritdoc />
    protected override Expression Projection(int part)
    {
        var shape = Rows[part].Shape;
        if (!shape.IsEntities)
            return Cells.Of([.. Columns(part).Select(column => column.Value)]);
        return _selection?.Of(shape.Row) ?? shape.Row;
    }
}
