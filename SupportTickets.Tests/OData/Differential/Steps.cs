namespace SupportTickets.Tests.OData.Differential;

/// <summary>
/// A transformation of <c>$apply</c> (Data Aggregation 4.0, 3): its text, and the rows that it makes of others. Rows are
/// always in the total order that the feed promises.
/// </summary>
internal abstract record Step
{
    /// <summary>As it stands in a query, not encoded.</summary>
    public abstract string Text { get; }

    /// <summary>The rows after it.</summary>
    public abstract IReadOnlyList<Row> Run(IReadOnlyList<Row> rows);

    /// <summary>Simpler ones.</summary>
    public virtual IEnumerable<Step> Smaller() => [];

    /// <summary>In the order of their keys.</summary>
    protected static IEnumerable<Row> ByIdentity(IEnumerable<Row> rows) => rows.Order(Comparer<Row>.Create((a, b) =>
        a.Identity.Zip(b.Identity, Differential.Values.Compare).FirstOrDefault(order => order != 0)));
}

/// <summary><c>filter</c>.</summary>
internal sealed record FilterStep(Expr Predicate) : Step
{
    public override string Text => $"filter({Predicate.Text})";

    public override IReadOnlyList<Row> Run(IReadOnlyList<Row> rows) => Interpreter.Where(rows, Predicate);

    public override IEnumerable<Step> Smaller() => Predicate.Smaller().Select(predicate => new FilterStep(predicate));
}

/// <summary><c>compute</c>.</summary>
internal sealed record ComputeStep(Named Named) : Step
{
    public override string Text => $"compute({Named.Text})";

    public override IReadOnlyList<Row> Run(IReadOnlyList<Row> rows) => Interpreter.Compute(rows, [Named]);

    public override IEnumerable<Step> Smaller() => Named.Smaller().Select(named => new ComputeStep(named));
}

/// <summary><c>orderby</c>: what was in order stays so where these keys do not tell.</summary>
internal sealed record OrderStep(IReadOnlyList<SortBy> Keys) : Step
{
    public override string Text => $"orderby({string.Join(',', Keys.Select(key => key.Text))})";

    public override IReadOnlyList<Row> Run(IReadOnlyList<Row> rows) => Interpreter.Sort(rows, Keys);

    public override IEnumerable<Step> Smaller() => Options.Replaced(Keys, key => key.Smaller())
        .Concat(Options.Without(Keys).Where(keys => keys.Count > 0)).Select(keys => new OrderStep(keys));
}

/// <summary><c>top</c> and <c>skip</c>.</summary>
internal sealed record PartStep(bool IsTop, int Count) : Step
{
    public override string Text => $"{(IsTop ? "top" : "skip")}({Count})";

    public override IReadOnlyList<Row> Run(IReadOnlyList<Row> rows) => [.. IsTop ? rows.Take(Count) : rows.Skip(Count)];
}

/// <summary><c>topcount</c> and <c>bottomcount</c>: ordered by the value, then by the key.</summary>
internal sealed record ExtremesStep(bool IsTop, int Count, Expr Value) : Step
{
    public override string Text => $"{(IsTop ? "topcount" : "bottomcount")}({Count},{Value.Text})";

    public override IReadOnlyList<Row> Run(IReadOnlyList<Row> rows) =>
        [.. Interpreter.Sort([.. ByIdentity(rows)], [new(Value, IsTop)]).Take(Count)];

    public override IEnumerable<Step> Smaller() => Value.Smaller().Select(value => this with { Value = value });
}

/// <summary>One result of <c>aggregate</c>.</summary>
/// <param name="Value">Of what; null for <c>$count</c>.</param>
/// <param name="Method">sum, average, min, max or countdistinct.</param>
/// <param name="Name">Its name.</param>
internal sealed record Measure(Expr? Value, string Method, string Name)
{
    public string Text => Value is null ? $"$count as {Name}" : $"{Value.Text} with {Method} as {Name}";

    /// <summary>The type of the result.</summary>
    public Type Type => Value is null || Method == "countdistinct" ? typeof(long) : Method == "average" ? typeof(double) : Value.Type;

    /// <summary>The result: of nothing a count is 0, and all else null.</summary>
    public object? Of(IReadOnlyList<Row> rows)
    {
        if (Value is null)
            return (long)rows.Count;
        var values = rows.Select(row => Value.Value(new(row))).Where(value => value is not null).ToList();
        return Method switch
        {
            "countdistinct" => (object)(long)values.Distinct(Values.Equality).Count(),
            _ when values.Count == 0 => null,
            "min" => values.Min(Values.Order),
            "max" => values.Max(Values.Order),
            "average" => (object)values.Average(Values.Number),
            "sum" when Value.Type == typeof(long) => (object)values.Sum(value => (long)value!),
            "sum" => (object)values.Sum(Values.Number),
            _ => throw new InvalidOperationException(Method),
        };
    }

    public IEnumerable<Measure> Smaller() => Value is null ? [] : Value.Smaller().Select(value => this with { Value = value });
}

/// <summary><c>groupby</c> with <c>aggregate</c>, or one of them alone.</summary>
/// <param name="Keys">The paths to group by; null for <c>aggregate</c> alone, which makes one row.</param>
/// <param name="Measures">What is aggregated.</param>
internal sealed record GroupStep(IReadOnlyList<string>? Keys, IReadOnlyList<Measure> Measures) : Step
{
    public override string Text => Keys is null
        ? Aggregate
        : $"groupby(({string.Join(',', Keys)}){(Measures.Count > 0 ? $",{Aggregate}" : "")})";

    private string Aggregate => $"aggregate({string.Join(',', Measures.Select(measure => measure.Text))})";

    public override IReadOnlyList<Row> Run(IReadOnlyList<Row> rows)
    {
        if (Keys is null)
            return [Result([], rows)];
        var groups = new List<(object?[] Key, List<Row> Rows)>();
        foreach (var row in rows)
        {
            var key = Keys.Select(row.Read).ToArray();
            var group = groups.Find(group => group.Key.SequenceEqual(key, Differential.Values.Equality));
            if (group.Rows is null) groups.Add((key, [row]));
            else group.Rows.Add(row);
        }
        return [.. ByIdentity(groups.Select(group => Result(group.Key, group.Rows)))];
    }

    public override IEnumerable<Step> Smaller() =>
    [
        .. Options.Without(Measures).Where(rest => rest.Count > 0 || Keys is not null).Select(rest => this with { Measures = rest }),
        .. Keys is { Count: > 1 } ? Options.Without(Keys).Select(keys => this with { Keys = keys }) : [],
        .. Options.Replaced(Measures, measure => measure.Smaller()).Select(measures => this with { Measures = measures }),
    ];

    private Row Result(object?[] key, IReadOnlyList<Row> rows)
    {
        var columns = (Keys ?? []).Zip(key).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var measure in Measures)
            columns[measure.Name] = measure.Of(rows);
        return new(null, columns, [.. Nested(Keys ?? []).Select(path => columns[path])]);
    }

    // Those of one related row stand together, where the first of them was named.
    private static IEnumerable<string> Nested(IEnumerable<string> paths, int depth = 0) => paths
        .GroupBy(path => path.Split('/').ElementAtOrDefault(depth))
        .SelectMany(same => same.Count() == 1 ? same : Nested(same, depth + 1));
}

/// <summary><c>concat</c>: the rows of one sequence after those of the other.</summary>
internal sealed record ConcatStep(IReadOnlyList<Step> First, IReadOnlyList<Step> Second) : Step
{
    public override string Text => $"concat({Sequence(First)},{Sequence(Second)})";

    public override IReadOnlyList<Row> Run(IReadOnlyList<Row> rows) =>
        [.. Interpreter.Apply(rows, First), .. Interpreter.Apply(rows, Second)];

    public override IEnumerable<Step> Smaller() =>
    [
        .. Options.Replaced(First, step => step.Smaller()).Select(first => this with { First = first }),
        .. Options.Replaced(Second, step => step.Smaller()).Select(second => this with { Second = second }),
    ];

    private static string Sequence(IReadOnlyList<Step> steps) =>
        steps.Count == 0 ? "identity" : string.Join('/', steps.Select(step => step.Text));
}
