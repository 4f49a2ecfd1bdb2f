namespace SupportTickets.Tests.OData.Differential;

/// <summary>A value with a name.</summary>
internal sealed record Named(string Name, Expr Value)
{
    public string Text => $"{Value.Text} as {Name}";

    public IEnumerable<Named> Smaller() => Value.Smaller().Select(value => this with { Value = value });
}

/// <summary>A sort key.</summary>
internal sealed record SortBy(Expr Value, bool Descending)
{
    public string Text => Value.Text + (Descending ? " desc" : "");

    public IEnumerable<SortBy> Smaller() => Value.Smaller().Select(value => this with { Value = value });
}

/// <summary>What is expanded, with options of its own.</summary>
/// <param name="Name">Of the navigation property.</param>
/// <param name="Type">Of the rows.</param>
/// <param name="IsMany">Whether there may be several.</param>
/// <param name="Options">What is asked of them.</param>
internal sealed record Expansion(string Name, Type Type, bool IsMany, Options Options)
{
    public string Text => Options.All().ToList() is { Count: > 0 } options
        ? $"{Name}({string.Join(';', options.Select(option => $"{option.Name}={option.Text}"))})"
        : Name;
}

/// <summary>The options of a query, or of an expansion in it.</summary>
internal sealed record Options
{
    public IReadOnlyList<Step> Apply { get; init; } = [];

    public IReadOnlyList<Named> Compute { get; init; } = [];

    public Expr? Filter { get; init; }

    public IReadOnlyList<SortBy> OrderBy { get; init; } = [];

    public int? Skip { get; init; }

    public int? Top { get; init; }

    public bool Count { get; init; }

    public IReadOnlyList<string> Select { get; init; } = [];

    public IReadOnlyList<Expansion> Expand { get; init; } = [];

    /// <summary>As they stand in a query, not encoded.</summary>
    public IEnumerable<(string Name, string Text)> All()
    {
        if (Apply.Count > 0) yield return ("$apply", string.Join('/', Apply.Select(step => step.Text)));
        if (Compute.Count > 0) yield return ("$compute", string.Join(',', Compute.Select(named => named.Text)));
        if (Filter is not null) yield return ("$filter", Filter.Text);
        if (OrderBy.Count > 0) yield return ("$orderby", string.Join(',', OrderBy.Select(key => key.Text)));
        if (Skip is not null) yield return ("$skip", $"{Skip}");
        if (Top is not null) yield return ("$top", $"{Top}");
        if (Count) yield return ("$count", "true");
        if (Select.Count > 0) yield return ("$select", string.Join(',', Select));
        if (Expand.Count > 0) yield return ("$expand", string.Join(',', Expand.Select(expansion => expansion.Text)));
    }

    /// <summary>Simpler ones. Some name what is not there any more, and are refused.</summary>
    public IEnumerable<Options> Smaller() =>
    [
        .. Filter is null ? [] : Filter.Smaller().Select(filter => this with { Filter = filter }).Prepend(this with { Filter = null }),
        .. Skip is null ? Array.Empty<Options>() : [this with { Skip = null }],
        .. Top is null ? Array.Empty<Options>() : [this with { Top = null }],
        .. Count ? [this with { Count = false }] : Array.Empty<Options>(),
        .. Select.Count > 1 ? Without(Select).Select(select => this with { Select = select }) : [],
        .. Without(OrderBy).Select(orderBy => this with { OrderBy = orderBy }),
        .. Replaced(OrderBy, key => key.Smaller()).Select(orderBy => this with { OrderBy = orderBy }),
        .. Without(Compute).Select(WithCompute),
        .. Replaced(Compute, named => named.Smaller()).Select(compute => this with { Compute = compute }),
        .. Without(Expand).Select(expand => this with { Expand = expand }),
        .. Replaced(Expand, one => one.Options.Smaller().Select(smaller => one with { Options = smaller }))
            .Select(expand => this with { Expand = expand }),
        .. Without(Apply).Where(apply => apply.Count > 0).Select(apply => this with { Apply = apply }),
        .. Replaced(Apply, step => step.Smaller()).Select(apply => this with { Apply = apply }),
    ];

    /// <summary>A list without each of its items.</summary>
    public static IEnumerable<IReadOnlyList<T>> Without<T>(IReadOnlyList<T> list) =>
        list.Select((_, i) => (IReadOnlyList<T>)[.. list.Take(i), .. list.Skip(i + 1)]);

    /// <summary>A list with each of its items made smaller.</summary>
    public static IEnumerable<IReadOnlyList<T>> Replaced<T>(IReadOnlyList<T> list, Func<T, IEnumerable<T>> smaller) =>
        list.SelectMany((item, i) => smaller(item).Select(other => (IReadOnlyList<T>)[.. list.Take(i), other, .. list.Skip(i + 1)]));

    private Options WithCompute(IReadOnlyList<Named> compute)
    {
        var dropped = Compute.Except(compute).Select(named => named.Name);
        return this with { Compute = compute, Select = [.. Select.Except(dropped)] };
    }
}

/// <summary>A request for rows.</summary>
/// <param name="Entity">Of which set.</param>
/// <param name="Options">What is asked of them.</param>
/// <param name="PageSize">The size of the pages in which it is asked a second time; null where it is not.</param>
internal sealed record Query(Type Entity, Options Options, int? PageSize = null)
{
    /// <summary>The address, to be sent.</summary>
    public string Url => Address(Uri.EscapeDataString);

    /// <summary>The query, to be read.</summary>
    public string Text => Address(text => text);

    /// <summary>Simpler ones.</summary>
    public IEnumerable<Query> Smaller() => Options.Smaller().Select(options => this with { Options = options });

    private string Address(Func<string, string> encode)
    {
        var options = string.Join('&', Options.All().Select(option => $"{option.Name}={encode(option.Text)}"));
        return $"/odata/{Fields.SetOf(Entity)}{(options.Length > 0 ? "?" + options : "")}";
    }
}
