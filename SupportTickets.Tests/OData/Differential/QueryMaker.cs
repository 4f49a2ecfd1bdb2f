using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>Well-formed queries by chance: every option that takes an expression gets any expression.</summary>
internal sealed class QueryMaker
{
    private static readonly string[] OnNumbers = ["sum", "average", "min", "max", "countdistinct"];
    private static readonly string[] OnOthers = ["min", "max", "countdistinct"];

    private readonly Random _random;
    private readonly ExpressionMaker _expressions;
    private int _names;

    private QueryMaker(int seed)
    {
        _random = new(seed);
        _expressions = new(_random);
    }

    /// <summary>One of the queries of a seed.</summary>
    public static Query Make(int seed, int number) => new QueryMaker(unchecked((seed * 1_000_003) + number)).Make();

    private Query Make()
    {
        var entity = Chance(55) ? typeof(Ticket) : Chance(90) ? typeof(TicketEvent) : typeof(Agent);
        var options = Chance(40) ? OfApply(entity)
            : Chance(40) ? new() { Filter = Predicate(Shape.Of(entity), 4), Select = ["Id"] }
            : OfEntities(entity, 3, nested: false);
        return new(entity, options, Chance(12) ? _random.Next(1, 8) : null);
    }

    private Options OfEntities(Type entity, int depth, bool nested)
    {
        var shape = Shape.Of(entity);
        var compute = Several(40, 2, () => new Named(Name(), _expressions.MakeAny(shape, depth)));
        var all = compute.Aggregate(shape, (with, named) => with.With(named.Name, named.Value.Type));
        var names = compute.Select(named => named.Name).ToList();
        var own = Several(30, 3, () => Pick(Fields.Of(entity)).Path);
        return Narrowed(all, depth, nested) with
        {
            Compute = compute,
            Select = names.Count > 0 || Chance(85) ? [.. own.Prepend("Id").Concat(names).Distinct()] : [],
            Expand = Chance(nested ? 8 : 25) && Expanded(entity, depth - 1, nested) is { } expansion ? [expansion] : [],
        };
    }

    private Expansion? Expanded(Type entity, int depth, bool nested)
    {
        var single = Fields.Single(entity).Select(one => (one.Name, one.Type, IsMany: false));
        // Those of an agent are too many to be expanded.
        var many = entity == typeof(Agent) ? [] : Fields.Many(entity).Select(some => (some.Name, some.Type, IsMany: true));
        if (single.Concat(many).Concat(many).Concat(many).ToList() is not { Count: > 0 } all)
            return null;
        var (name, type, isMany) = Pick(all);
        if (isMany)
        {
            var options = OfEntities(type, depth, nested: true);
            return new(name, type, true, nested ? options with { Expand = [] } : options);
        }
        var shape = Shape.Of(type);
        var compute = Several(30, 1, () => new Named(Name(), _expressions.MakeAny(shape, depth)));
        var select = compute.Select(named => named.Name).Prepend(Fields.KeyOf(type)).ToList();
        return new(name, type, false, new() { Compute = compute, Select = compute.Count > 0 || Chance(60) ? select : [] });
    }

    // What chooses and sorts rows of a shape.
    private Options Narrowed(Shape shape, int depth, bool nested) => new()
    {
        Filter = Chance(50) ? Predicate(shape, depth) : null,
        OrderBy = Several(55, 3, () => Key(shape, depth - 1)),
        Skip = Chance(12) ? _random.Next(0, 5) : null,
        Top = Chance(15) ? _random.Next(nested ? 1 : 0, 9) : null,
        Count = Chance(25),
    };

    private Options OfApply(Type entity)
    {
        var shape = Shape.Of(entity);
        var steps = Steps(ref shape, 1);
        if (Chance(12))
            return new() { Apply = [.. steps, Concat(shape)], Count = Chance(30), Top = Chance(20) ? _random.Next(0, 9) : null };
        var options = Chance(50) ? Narrowed(shape, 2, nested: true) : new();
        if (Chance(15))
            options = options with { Compute = [new(Name(), _expressions.MakeAny(shape, 2))] };
        return options with { Apply = steps };
    }

    private ConcatStep Concat(Shape shape)
    {
        var (first, second) = (shape, shape);
        return new(Chance(30) ? [] : Steps(ref first, 2), Steps(ref second, 2));
    }

    private List<Step> Steps(ref Shape shape, int depth)
    {
        var steps = new List<Step>();
        for (var i = _random.Next(0, 3 - depth + 1); i > 0; i--) steps.Add(Narrowing(ref shape));
        if (Chance(75)) steps.Add(Group(ref shape));
        for (var i = _random.Next(0, 3 - depth + 1); i > 0; i--) steps.Add(Narrowing(ref shape));
        if (steps.Count == 0) steps.Add(Extremes(shape));
        return steps;
    }

    private Step Narrowing(ref Shape shape)
    {
        switch (_random.Next(7))
        {
            case 0 or 1:
                return new FilterStep(Predicate(shape, 2));
            case 2 or 3:
                var named = new Named(Name(), _expressions.MakeAny(shape, 2));
                shape = shape.With(named.Name, named.Value.Type);
                return new ComputeStep(named);
            case 4:
                var current = shape;
                return new OrderStep(Several(100, 2, () => Key(current, 2)));
            case 5:
                return new PartStep(Chance(50), _random.Next(1, 9));
            default:
                return Extremes(shape);
        }
    }

    private ExtremesStep Extremes(Shape shape) => new(Chance(50), _random.Next(1, 9), _expressions.MakeAny(shape, 2));

    private GroupStep Group(ref Shape shape)
    {
        var before = shape;
        var keys = Chance(85) ? (IReadOnlyList<Field>)[.. Several(100, 3, () => Pick(Groupable(before))).Distinct()] : null;
        var measures = Several(keys is null ? 100 : 75, 2, () => Aggregated(before));
        shape = new(null, [.. keys ?? [], .. measures.Select(measure => new Field(measure.Name, measure.Type))]);
        return new(keys?.Select(key => key.Path).ToList(), measures);
    }

    private Measure Aggregated(Shape shape)
    {
        if (Chance(25))
            return new(null, "", Name());
        var value = _expressions.MakeAny(shape, 2);
        return new(value, Pick(value.Type == typeof(long) || value.Type == typeof(double) ? OnNumbers : OnOthers), Name());
    }

    private static List<Field> Groupable(Shape shape) => [.. shape.Fields.Where(field => !field.Path.Contains('$'))];

    private SortBy Key(Shape shape, int depth) => new(_expressions.MakeAny(shape, Chance(50) ? 0 : depth), Chance(50));

    private Expr Predicate(Shape shape, int depth) => _expressions.Make(shape, typeof(bool), depth);

    private List<T> Several<T>(int percent, int most, Func<T> make) =>
        Chance(percent) ? [.. Enumerable.Range(0, _random.Next(1, most + 1)).Select(_ => make())] : [];

    /// <summary>Whether a path is a name that a query gave.</summary>
    public static bool IsName(string path) => path is ['N', >= '0' and <= '9', ..];

    private string Name() => $"N{++_names}";

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
