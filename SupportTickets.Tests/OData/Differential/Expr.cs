using System.Globalization;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>The rows that an expression is about: the one at hand, and those around it by the names of their variables.</summary>
/// <param name="Row">The row.</param>
/// <param name="Name">Its variable; empty for the row of the query.</param>
/// <param name="Outer">The scope around it.</param>
internal sealed record Scope(Row Row, string Name = "", Scope? Outer = null)
{
    /// <summary>The row of a variable.</summary>
    public Row Of(string name) => name == Name ? Row : Outer?.Of(name) ?? throw new KeyNotFoundException(name);
}

/// <summary>An expression: its text as it stands in a query, and its value by the standard.</summary>
/// <param name="Type">The CLR type of its values; <see cref="long"/> for all whole numbers.</param>
internal abstract record Expr(Type Type)
{
    /// <summary>As it stands in a query, not encoded.</summary>
    public abstract string Text { get; }

    /// <summary>What it consists of.</summary>
    public virtual IReadOnlyList<Expr> Parts => [];

    /// <summary>The value over a row; null is null.</summary>
    public abstract object? Value(Scope scope);

    /// <summary>This expression with other parts.</summary>
    public virtual Expr With(IReadOnlyList<Expr> parts) => this;

    /// <summary>Simpler expressions of the same type, the simplest first.</summary>
    public IEnumerable<Expr> Smaller()
    {
        if (Parts.Count == 0)
            yield break;
        foreach (var part in Parts.Where(part => part.Type == Type && part.Names.IsSubsetOf(Names)))
            yield return part;
        foreach (var leaf in Literals.Plain(Type))
            yield return leaf;
        for (var i = 0; i < Parts.Count; i++)
        {
            foreach (var smaller in Parts[i].Smaller())
                yield return With([.. Parts.Take(i), smaller, .. Parts.Skip(i + 1)]);
        }
    }

    /// <summary>The variables that it is about.</summary>
    public virtual IReadOnlySet<string> Names => Parts.SelectMany(part => part.Names).ToHashSet();
}

/// <summary>A literal.</summary>
internal sealed record Literal(Type Type, object? Constant, string Spelling) : Expr(Type)
{
    public override string Text => Spelling;

    public override object? Value(Scope scope) => Constant;
}

/// <summary>A value of a row.</summary>
internal sealed record FieldOf(Type Type, string Variable, string Path) : Expr(Type)
{
    public override string Text => Variable.Length == 0 ? Path : $"{Variable}/{Path}";

    public override IReadOnlySet<string> Names => new HashSet<string> { Variable };

    public override object? Value(Scope scope) => scope.Of(Variable).Read(Path);
}

/// <summary>An operator or a function of parts.</summary>
internal sealed record Call(Operator Operator, IReadOnlyList<Expr> Arguments) : Expr(Operator.Gives)
{
    public override string Text =>
        string.Format(CultureInfo.InvariantCulture, Operator.Format, [.. Arguments.Select(part => (object)part.Text)]);

    public override IReadOnlyList<Expr> Parts => Arguments;

    public override object? Value(Scope scope) => Operator.Compute([.. Arguments.Select(part => part.Value(scope))]);

    public override Expr With(IReadOnlyList<Expr> parts) => this with { Arguments = parts };
}

/// <summary>Whether a value is one of some.</summary>
internal sealed record In(Expr Left, IReadOnlyList<Literal> Items) : Expr(typeof(bool))
{
    public override string Text => $"{Operand} in ({string.Join(',', Items.Select(item => item.Text))})";

    private string Operand => Left is FieldOf or Literal ? Left.Text : $"({Left.Text})";

    public override IReadOnlyList<Expr> Parts => [Left, .. Items];

    public override object? Value(Scope scope)
    {
        var left = Left.Value(scope);
        return Items.Any(item => Values.Same(left, item.Constant));
    }

    public override Expr With(IReadOnlyList<Expr> parts) => new In(parts[0], [.. parts.Skip(1).Cast<Literal>()]);
}

/// <summary><c>any</c> and <c>all</c>: whether the predicate is true for a row, or for every row, of those related.</summary>
internal sealed record Lambda(string Source, string Path, string Name, bool IsAll, Expr? Predicate) : Expr(typeof(bool))
{
    public override string Text => $"{Start}{Path}/{(IsAll ? "all" : "any")}({(Predicate is null ? "" : $"{Name}:{Predicate.Text}")})";

    private string Start => Source.Length == 0 ? "" : Source + "/";

    public override IReadOnlyList<Expr> Parts => Predicate is null ? [] : [Predicate];

    public override IReadOnlySet<string> Names =>
        Parts.SelectMany(part => part.Names).Where(name => name != Name).Append(Source).ToHashSet();

    public override object? Value(Scope scope)
    {
        var rows = scope.Of(Source).Many(Path).ToList(); // every row is looked at, as a database may
        var matching = rows.Count(row => Predicate is null || Predicate.Value(new(row, Name, scope)) is true);
        return IsAll ? matching == rows.Count : matching > 0;
    }

    public override Expr With(IReadOnlyList<Expr> parts) => this with { Predicate = parts[0] };
}

/// <summary>The number of those related rows for which the predicate is true.</summary>
internal sealed record CountOf(string Source, string Path, Expr Predicate) : Expr(typeof(long))
{
    public override string Text => $"{(Source.Length == 0 ? "" : Source + "/")}{Path}/$count($filter={Predicate.Text})";

    public override IReadOnlyList<Expr> Parts => [Predicate];

    public override IReadOnlySet<string> Names => new HashSet<string> { Source };

    public override object? Value(Scope scope) => scope.Of(Source).Many(Path).LongCount(row => Predicate.Value(new(row)) is true);

    public override Expr With(IReadOnlyList<Expr> parts) => this with { Predicate = parts[0] };
}
