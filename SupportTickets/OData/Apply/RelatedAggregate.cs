using System.Linq.Expressions;
using System.Text.RegularExpressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Apply;

/// <summary>
/// An aggregate over the rows of a related collection: <c>Comments/Author with countdistinct as N</c>, also in the older spelling
/// <c>Comments(Author with countdistinct as N)</c> (Data Aggregation 4.0, 3.2.1.1). Each row is joined with its related rows before
/// the rows are grouped; a row without any stays, so that its group does not get lost.
/// </summary>
/// <param name="Collection">The navigation property.</param>
/// <param name="Arguments">What is aggregated, as seen from a related row.</param>
internal sealed partial record RelatedAggregate(IEdmNavigationProperty Collection, string Arguments)
{
    /// <summary>
    /// Splits the arguments of aggregate. Counts of related rows can stand beside everything else, as sums of the counts: the library
    /// reads them in this form. Anything else over related rows stands alone.
    /// </summary>
    /// <returns>The arguments as the library reads them, or the aggregate over related rows.</returns>
    public static (string Own, RelatedAggregate? Related) Read(string arguments, IEdmEntityType entity)
    {
        List<(IEdmNavigationProperty? Collection, string Text)> items =
            [.. SeparatedText.Split(arguments, ',').SelectMany(item => Items(item, entity))];
        var related = items.Where(item => item.Collection is not null && !IsCount(item.Text)).Select(item => item.Collection!).ToList();
        if (related.Count == 0)
        {
            var own = items.Select(item => Counted(item.Collection is null ? item.Text : $"{item.Collection.Name}/{item.Text}"));
            return (string.Join(',', own), null);
        }
        if (items.Exists(item => item.Collection != related[0]))
            throw new FeedException(FeedError.NotImplemented(
                "Aggregates over related rows stand alone here, all over the same ones; only their count, as Comments/$count, stands "
                    + "beside others. Write the others into another request, or with concat.",
                "$apply"));
        return ("", new(related[0], string.Join(',', items.Select(item => item.Text))));
    }

    /// <summary>Applies it.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="keys">The groupby as the library parsed it; null for all rows in one group.</param>
    /// <param name="expressions">Binds over the rows.</param>
    public ApplyRows Apply(ApplyRows input, TransformationNode? keys, ApplyExpressions expressions)
    {
        if (input.Shape.Collapsed)
            throw new FeedException(
                FeedError.BadQuery("After groupby and aggregate there are only the properties that they name.", "$apply"));
        var set = FeedSets.Of(Collection.ToEntityType())!;
        var (over, shape) = (expressions.Over(set), RowShape.Entities(set.Entity));
        var measures = Grouping.Measures(over.Transformation(shape, $"aggregate({Arguments})") as AggregateTransformationNode, shape, over)
            .ConvertAll(measure => Present(measure, set, shape));
        var columns = Grouping.Keys(keys as GroupByTransformationNode, input.Shape, expressions);
        ApplyNames.Check(measures.Select(measure => measure.Alias), columns.Select(key => key.Path), expressions.Entity);
        var joined = Join(input.Rows, input.Shape.Row, shape.Row);
        var grouped = Grouping.Grouped(
            joined.Rows, joined.Row,
            [.. columns.Select(key => key with { Value = joined.Over(key.Value) })],
            [.. measures.Select(measure => measure with { Value = joined.Over(measure.Value!) })]);
        return grouped with { IsPart = input.IsPart };
    }

    // A row without related rows is joined with none of them: its key is null and does not count.
    private static Grouping.Measure Present(Grouping.Measure measure, FeedSet set, RowShape shape)
    {
        if (measure.Value is not { } value)
        {
            var key = Expression.Property(shape.Row, set.Key);
            return measure with
            {
                Method = AggregationMethod.CountDistinct,
                Value = Expression.Convert(key, typeof(Nullable<>).MakeGenericType(key.Type)),
            };
        }
        return RelatedRows.Navigates(value, shape.Row)
            ? throw new FeedException(FeedError.NotImplemented(
                "Related rows are aggregated one step away here: ask the set that they are related to.", "$apply"))
            : measure;
    }

    private RelatedRows Join(IQueryable rows, ParameterExpression row, ParameterExpression related)
    {
        var pair = typeof(Pair<,>).MakeGenericType(row.Type, related.Type);
        var outer = Expression.Call(
            typeof(Enumerable), nameof(Enumerable.DefaultIfEmpty), [related.Type], Expression.Property(row, Collection.Name));
        var both = Expression.MemberInit(
            Expression.New(pair), Expression.Bind(pair.GetProperty(nameof(Pair<,>.Row))!, row),
            Expression.Bind(pair.GetProperty(nameof(Pair<,>.Related))!, related));
        var collection = Expression.Lambda(
            typeof(Func<,>).MakeGenericType(row.Type, typeof(IEnumerable<>).MakeGenericType(related.Type)), outer, row);
        var joined = Expression.Call(
            typeof(Queryable), nameof(Queryable.SelectMany), [row.Type, related.Type, pair], rows.Expression,
            Expression.Quote(collection), Expression.Quote(Expression.Lambda(both, row, related)));
        var element = Expression.Parameter(pair, "pair");
        var to = new Parts(
            row, Expression.Property(element, nameof(Pair<,>.Row)), related, Expression.Property(element, nameof(Pair<,>.Related)));
        return new(rows.Provider.CreateQuery(joined), element, expression => to.Visit(expression)!);
    }

    // An argument by the collection that it is over; the older spelling holds several.
    private static IEnumerable<(IEdmNavigationProperty? Collection, string Text)> Items(string item, IEdmEntityType entity)
    {
        var match = Prefix().Match(item);
        if (!match.Success || entity.FindProperty(match.Groups["name"].Value) is not IEdmNavigationProperty collection
            || !collection.Type.IsCollection() || FeedSets.Of(collection.ToEntityType()) is not { } set)
            return [(null, item)];
        var rest = match.Groups["path"].Success ? match.Groups["path"].Value : match.Groups["inner"].Value;
        List<string> inner = match.Groups["path"].Success ? [rest] : [.. SeparatedText.Split(rest, ',')];
        // Each related row has one key and is reached once.
        return inner.Select(text => ((IEdmNavigationProperty?)collection,
            KeyCount().Match(text) is { Success: true } count && count.Groups["key"].Value == set.Key
                ? $"$count as {count.Groups["name"].Value}"
                : text));
    }

    private static bool IsCount(string text) => text.TrimStart().StartsWith("$count", StringComparison.OrdinalIgnoreCase);

    private static string Counted(string item) => RelatedCount().Replace(item, "${count} with sum as ");

    // Not any(...) and all(...), nor a count that is computed with: these are values of the row itself.
    [GeneratedRegex(
        @"^\s*(?<name>\w+)(?:/(?<path>\$count\s+as\s.*|[\w/]+\s+with\s.*)|\s*\((?<inner>.*)\)\s*)$",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Prefix();

    [GeneratedRegex(
        @"^\s*(?<key>\w+)\s+with\s+countdistinct\s+as\s+(?<name>\S+)\s*$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex KeyCount();

    [GeneratedRegex(@"^(?<count>\s*[\w./]+/\$count)\s+as\s+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex RelatedCount();

    private sealed class Parts(ParameterExpression row, Expression rowNow, ParameterExpression related, Expression relatedNow)
        : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) =>
            node == row ? rowNow : node == related ? relatedNow : base.VisitParameter(node);
    }
}
