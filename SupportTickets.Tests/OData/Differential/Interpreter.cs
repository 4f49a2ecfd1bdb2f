namespace SupportTickets.Tests.OData.Differential;

/// <summary>What an answer has to say.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Count">What $count says; null where it was not asked for.</param>
internal sealed record Expected(IReadOnlyList<ExpectedRow> Rows, int? Count);

/// <summary>What a row of an answer has to say.</summary>
/// <param name="Row">Its values.</param>
/// <param name="Asked">The properties that must be there.</param>
/// <param name="Related">The rows that were expanded, by the property; of one that there is only one of, one or none.</param>
internal sealed record ExpectedRow(Row Row, IReadOnlyList<string> Asked, IReadOnlyDictionary<string, (bool IsMany, Expected Rows)> Related);

/// <summary>Answers queries over rows in memory, by the letter of the standard and without any database.</summary>
internal static class Interpreter
{
    /// <summary>What the answer has to be.</summary>
    public static Expected Answer(Options options, IEnumerable<Row> rows)
    {
        var all = Sort(Where(Compute(Apply([.. rows], options.Apply), options.Compute), options.Filter), options.OrderBy);
        var page = all.Skip(options.Skip ?? 0).Take(options.Top ?? int.MaxValue);
        return new([.. page.Select(row => RowOf(options, row))], options.Count ? all.Count : null);
    }

    /// <summary>The rows after some transformations.</summary>
    public static IReadOnlyList<Row> Apply(IReadOnlyList<Row> rows, IEnumerable<Step> steps) =>
        steps.Aggregate(rows, (before, step) => step.Run(before));

    /// <summary>Those for which a predicate is true.</summary>
    public static IReadOnlyList<Row> Where(IReadOnlyList<Row> rows, Expr? predicate) =>
        predicate is null ? rows : [.. rows.Where(row => predicate.Value(new(row)) is true)];

    /// <summary>The rows with what is computed of them.</summary>
    public static IReadOnlyList<Row> Compute(IReadOnlyList<Row> rows, IReadOnlyList<Named> named) => named.Count == 0
        ? rows
        : [.. rows.Select(row => named.Aggregate(row, (with, next) => with.With(next.Name, next.Value.Value(new(row)))))];

    /// <summary>The rows in an order; what it does not tell apart stays as it was.</summary>
    public static IReadOnlyList<Row> Sort(IReadOnlyList<Row> rows, IReadOnlyList<SortBy> keys)
    {
        foreach (var key in keys.Reverse())
        {
            rows = key.Descending
                ? [.. rows.OrderByDescending(row => key.Value.Value(new(row)), Values.Order)]
                : [.. rows.OrderBy(row => key.Value.Value(new(row)), Values.Order)];
        }
        return rows;
    }

    private static ExpectedRow RowOf(Options options, Row row) => new(
        row,
        options.Select,
        options.Expand.ToDictionary(one => one.Name, one => (one.IsMany, Answer(one.Options, Related(row, one)))));

    private static IEnumerable<Row> Related(Row row, Expansion expansion) => expansion.IsMany
        ? row.Many(expansion.Name).OrderBy(related => related.Identity[0], Values.Order)
        : row.Read(expansion.Name) is { } related ? [Row.Of(related)] : [];
}
