using Microsoft.AspNetCore.OData.Query;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Apply;

/// <summary>The result of $apply and of the options evaluated after it (OData 4.01, 11.2.1), and how an answer shows it.</summary>
internal sealed class ApplyResult
{
    private readonly ApplyExpressions _expressions;
    private readonly ODataQueryOptions _options;

    /// <summary>Binds $apply and the options after it.</summary>
    public ApplyResult(ApplyPipeline pipeline, ApplyExpressions expressions, ODataQueryOptions options, IQueryable source)
    {
        (_expressions, _options) = (expressions, options);
        var parts = pipeline.Run(new(source, RowShape.Entities(source.ElementType), []), options.Apply.RawValue);
        if (parts.Count > 1 && Other() is { } other)
            throw new FeedException(
                FeedError.NotImplemented($"{other} is not offered together with concat: write it into the sequences.", other));
        var raw = options.RawValues;
        foreach (var (name, text) in new[] { ("compute", raw.Compute), ("filter", raw.Filter), ("orderby", raw.OrderBy) })
        {
            if (text is not null)
                parts = [pipeline.Apply(parts[0], new(name, text))];
        }
        Parts = parts;
        if (!parts.All(part => part.Shape.IsEntities) && raw.Expand is not null)
            throw new FeedException(FeedError.NotImplemented(
                "$expand is not offered on the rows that $apply makes: group by the properties of what is related.", "$expand"));
    }

    /// <summary>The queries, whose rows follow each other in the answer.</summary>
    public IReadOnlyList<ApplyRows> Parts { get; }

    /// <summary>Whether all rows are unchanged entities of their set.</summary>
    public bool IsEntities => Parts.All(part => part.Shape.IsEntities);

    /// <summary>The columns that an answer shows of the rows of a part, in order.</summary>
    public IReadOnlyList<Column> Shown(RowShape shape)
    {
        var all = shape.Shown(_expressions.Entity);
        if (_options.RawValues.Select is not { } select)
            return all;
        var shown = new List<Column>();
        foreach (var name in SeparatedText.Split(select, ',').Select(item => item.Trim()))
        {
            var named = name == "*" ? all : [.. all.Where(column => Names(name, column.Path))];
            shown.AddRange(
                named.Count > 0
                    ? named
                    : throw new FeedException(FeedError.BadQuery($"There is no property {name} in the result of $apply.", "$select")));
        }
        return [.. shown.Distinct()];
    }

    /// <summary>The clauses for the context URL: the properties that all rows have (Data Aggregation 4.0, 3.1.1).</summary>
    public (SelectExpandClause? Select, ApplyClause? Apply) Context()
    {
        if (IsEntities)
            return default;
        var shown = Parts.Select(part => Shown(part.Shape)).ToList();
        var common = shown[0].Where(column => shown.All(columns => columns.Any(other => other.Path == column.Path))).ToList();
        return common.Count == 0
            ? (new([new PathSelectItem(new ODataSelectPath(new DynamicPathSegment("@Core.AnyStructure")))], false), null)
            : (null, _expressions.Clause(Parts[0].Shape with { Collapsed = true, Columns = common }));
    }

    private string? Other()
    {
        var raw = _options.RawValues;
        return raw.Compute is not null ? "$compute" : raw.Filter is not null ? "$filter" : raw.OrderBy is not null ? "$orderby"
            : raw.Select is not null ? "$select" : raw.Expand is not null ? "$expand" : raw.Skip is not null ? "$skip" : null;
    }

    private static bool Names(string name, string path) =>
        path.Equals(name, StringComparison.OrdinalIgnoreCase) || path.StartsWith(name + "/", StringComparison.OrdinalIgnoreCase);
}
