using System.Globalization;
using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Apply;

/// <summary>
/// <c>$apply</c> (Data Aggregation 4.0, 3). Each step turns the query before it into a new query, so that all steps are one
/// statement. The library binds the expressions. The steps are our own, because the library knows only four of them and loses names
/// between steps.
/// </summary>
/// <param name="expressions">Parses and binds.</param>
/// <param name="search">Keeps the rows that match a search; throws where rows cannot be searched.</param>
/// <param name="nullsSortHigh">Whether the database sorts nulls above all values.</param>
internal sealed class ApplyPipeline(ApplyExpressions expressions, Func<IQueryable, SearchClause, IQueryable> search, bool nullsSortHigh)
{
    private static readonly HashSet<string> NotOffered =
    [
        "toppercent",
        "topsum",
        "bottompercent",
        "bottomsum",
        "join",
        "outerjoin",
        "nest",
        "addnested",
        "expand",
        "ancestors",
        "descendants",
        "traverse",
    ];

    /// <summary>
    /// Applies a sequence of transformations. More than one result comes from <c>concat</c> and is written one after the other.
    /// </summary>
    public IReadOnlyList<ApplyRows> Run(ApplyRows input, string sequence)
    {
        var steps = ApplyText.Steps(sequence);
        for (var at = 0; at < steps.Count; at++)
        {
            expressions.Counter.Step();
            if (Sequences(steps[at]) is not { } sequences)
                input = Apply(input, steps[at]);
            else if (at == steps.Count - 1)
                return [.. sequences.SelectMany(sequence => Run(input, sequence))];
            else
                throw new FeedException(FeedError.NotImplemented(
                    $"{(steps[at].Name == "concat" ? "concat" : "rollup")} is offered in the last transformation only.", "$apply"));
        }
        return [input];
    }

    /// <summary>Applies one transformation.</summary>
    public ApplyRows Apply(ApplyRows input, ApplyStep step) => step.Name switch
    {
        "filter" => Filter(input, Arguments(step)),
        "compute" => Compute(input, Arguments(step)),
        "groupby" => GroupBy(input, Arguments(step)),
        "aggregate" => Aggregate(input, Arguments(step)),
        "identity" when step.Arguments is null => input,
        "orderby" => OrderBy(input, Arguments(step)),
        "top" => Part(input, nameof(Queryable.Take), Number(step.Name, Arguments(step))),
        "skip" => Part(input, nameof(Queryable.Skip), Number(step.Name, Arguments(step))),
        "topcount" => Extremes(input, step, OrderByDirection.Descending),
        "bottomcount" => Extremes(input, step, OrderByDirection.Ascending),
        "search" => Search(input, Arguments(step)),
        var name when NotOffered.Contains(name) || name.Contains('.') =>
            throw new FeedException(FeedError.NotImplemented(
                $"{name} is not offered in $apply; it takes {string.Join(", ", Capabilities.Transformations)}.{Instead(name)}", "$apply")),
        var name => throw new FeedException(FeedError.BadQuery($"There is no transformation {name}.", "$apply")),
    };

    // The sequences whose results follow each other: those of concat, or the levels of a rollup. Null for any other step.
    private static IReadOnlyList<string>? Sequences(ApplyStep step)
    {
        if (step.Name == "groupby" && step.Arguments is { } grouping)
            return Rollup.Levels(grouping);
        if (step.Name != "concat")
            return null;
        var sequences = SeparatedText.Split(Arguments(step), ',');
        return sequences.Count > 1
            ? sequences
            : throw new FeedException(FeedError.BadQuery("concat takes two sequences of transformations or more.", "$apply"));
    }

    private ApplyRows Filter(ApplyRows input, string text)
    {
        var predicate = Expression.Quote(Expression.Lambda(expressions.Filter(input.Shape, text), input.Shape.Row));
        return input with { Rows = Call(input.Rows, nameof(Queryable.Where), predicate) };
    }

    private ApplyRows Compute(ApplyRows input, string text)
    {
        if (expressions.Transformation(input.Shape, $"compute({text})") is not ComputeTransformationNode compute)
            throw new FeedException(FeedError.BadQuery("compute takes expressions, each with its name after 'as'.", "$apply"));
        var shape = input.Shape;
        ApplyNames.Check(compute.Expressions.Select(item => item.Alias), shape.Columns.Select(column => column.Path), expressions.Entity);
        var computed = compute.Expressions.Select(item => (item.Alias, Value: expressions.Bind(shape, item.Expression)))
            .Select(item => new Column(item.Alias, item.Value, false) { IsCount = shape.IsCount(item.Value) }).ToList();
        return input with { Shape = shape with { Columns = [.. shape.Columns, .. computed] } };
    }

    private ApplyRows Aggregate(ApplyRows input, string text)
    {
        var (own, related) = RelatedAggregate.Read(text, expressions.Entity);
        return related?.Apply(input, keys: null, expressions)
            ?? Grouping.Apply(input, expressions.Transformation(input.Shape, $"aggregate({own})"), expressions);
    }

    private ApplyRows GroupBy(ApplyRows input, string text)
    {
        var arguments = SeparatedText.Split(text, ',');
        if (arguments.Count > 2
            || (arguments.Count == 2 && ApplyText.Steps(arguments[1]) is not [{ Name: "aggregate", Arguments: not null }]))
            throw new FeedException(FeedError.NotImplemented(
                "groupby takes properties and one aggregate(...) here; write other transformations before or after it.", "$apply"));
        if (arguments.Count == 2)
        {
            var (own, related) = RelatedAggregate.Read(ApplyText.Steps(arguments[1])[0].Arguments!, expressions.Entity);
            if (related is not null)
                return related.Apply(input, expressions.Transformation(input.Shape, $"groupby({arguments[0]})"), expressions);
            text = $"{arguments[0]},aggregate({own})";
        }
        return Grouping.Apply(input, expressions.Transformation(input.Shape, $"groupby({text})"), expressions);
    }

    // A stable sort: rows with equal keys keep their earlier order (3.3.3).
    private ApplyRows OrderBy(ApplyRows input, string text) =>
        input with { Order = [.. expressions.OrderBy(input.Shape, text), .. input.Order] };

    // The standard lets the service choose a total order. It starts with the value, so that the answer begins with the requested
    // rows (3.3.1).
    private ApplyRows Extremes(ApplyRows input, ApplyStep step, OrderByDirection direction)
    {
        if (SeparatedText.Split(Arguments(step), ',') is not [var number, var text])
            throw new FeedException(FeedError.BadQuery($"{step.Name} takes a number and an expression.", "$apply"));
        var count = Number(step.Name, number);
        if (count == 0)
            throw new FeedException(FeedError.BadQuery($"{step.Name} takes a number above 0.", "$apply"));
        if (expressions.Transformation(input.Shape, $"compute({text} as {step.Name}_)")
                is not ComputeTransformationNode { Expressions: var values }
            || values.Count() != 1)
            throw new FeedException(FeedError.BadQuery($"{step.Name} takes a number and an expression.", "$apply"));
        var value = values.Single().Expression;
        var key = SortOrder.Key(expressions.Bind(input.Shape, value), direction, Nulls.MayBe(value));
        return Part(input with { Order = [key] }, nameof(Queryable.Take), count);
    }

    private ApplyRows Part(ApplyRows input, string method, int count)
    {
        var sorted = input.Total(expressions.Entity)?.Apply(input.Rows.Expression, nullsSortHigh, null) ?? input.Rows.Expression;
        return input with { Rows = Call(input.Rows.Provider.CreateQuery(sorted), method, Parameter.Of(count)), IsPart = true };
    }

    private ApplyRows Search(ApplyRows input, string text)
    {
        if (!input.Shape.IsEntities)
            throw new FeedException(FeedError.NotImplemented(
                "search is offered on the tickets themselves: write it before compute, groupby and aggregate.", "$apply"));
        var clause = expressions.Search(input.Shape, text);
        expressions.Counter.Node(clause.Expression);
        return input with { Rows = search(input.Rows, clause) };
    }

    private static string Instead(string name) => name switch
    {
        "topsum" or "toppercent" =>
            " Ask for the largest with topcount(n,...), or sort by the value and stop reading where the sum is reached.",
        "bottomsum" or "bottompercent" =>
            " Ask for the smallest with bottomcount(n,...), or sort by the value and stop reading where the sum is reached.",
        "join" or "outerjoin" or "nest" or "addnested" or "expand" => " Ask for the related set and group by a path such as Ticket/Status.",
        _ => "",
    };

    private static string Arguments(ApplyStep step) => string.IsNullOrWhiteSpace(step.Arguments)
        ? throw new FeedException(FeedError.BadQuery($"{step.Name} takes arguments in parentheses.", "$apply"))
        : step.Arguments;

    // A number too large for an Int32 means all rows.
    private static int Number(string name, string text)
    {
        var digits = text.Trim();
        if (digits.Contains("$these", StringComparison.Ordinal) || digits.Contains("$count", StringComparison.Ordinal))
            throw new FeedException(FeedError.NotImplemented($"{name} takes a number here, no expression.", "$apply"));
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
            throw new FeedException(FeedError.BadQuery($"{name} takes a whole number, not negative.", "$apply"));
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
    }

    private static IQueryable Call(IQueryable rows, string method, Expression argument) =>
        rows.Provider.CreateQuery(Expression.Call(typeof(Queryable), method, [rows.ElementType], rows.Expression, argument));
}
