namespace SupportTickets.Tests.OData.Differential;

/// <summary>What an expression can be about.</summary>
/// <param name="Entity">The type of the rows; null after they were grouped.</param>
/// <param name="Fields">The values of a row.</param>
internal sealed record Shape(Type? Entity, IReadOnlyList<Field> Fields)
{
    /// <summary>The rows of a set.</summary>
    public static Shape Of(Type entity) => new(entity, Differential.Fields.Reachable(entity));

    /// <summary>This shape with one value more.</summary>
    public Shape With(string name, Type type) => this with { Fields = [.. Fields, new(name, type)] };
}

/// <summary>Expressions of a wanted type, by chance.</summary>
internal sealed class ExpressionMaker(Random random)
{
    // The feed takes no more of them in each other.
    private const int MaxLambdas = 2;

    /// <summary>The types of values.</summary>
    private static readonly Type[] Types =
    [
        typeof(bool), typeof(bool), typeof(long), typeof(long), typeof(double), typeof(string), typeof(string),
        typeof(DateTime), typeof(DateOnly), typeof(TimeOnly), .. Operators.Enums,
    ];

    // Those that are computed of others.
    private static readonly Type[] Computed = [typeof(bool), typeof(double), typeof(TimeOnly)];

    private readonly List<(string Name, Shape Shape)> _scopes = [];

    /// <summary>An expression over the rows of a shape.</summary>
    public Expr Make(Shape shape, Type type, int depth)
    {
        _scopes.Clear();
        _scopes.Add(("", shape));
        return Of(type, depth);
    }

    /// <summary>An expression of any type that rows have values of, or that comparisons give.</summary>
    public Expr MakeAny(Shape shape, int depth) => Make(shape, Pick(TypesOf(shape)), depth);

    private Expr Of(Type type, int depth)
    {
        if (type == typeof(Position) || type == typeof(Divisor))
            return Pick(Literals.OfType(type));
        if (depth <= 0)
            return Leaf(type, depth);
        if (type == typeof(bool) && Chance(20))
            return InOf(depth);
        if (type == typeof(bool) && Chance(15) && LambdaOf(depth) is { } lambda)
            return lambda;
        if (type == typeof(long) && Chance(6) && CountOf(depth) is { } count)
            return count;
        if (type != typeof(bool) && Chance(40))
            return Leaf(type, depth);
        var operators = Operators.All[type].ToList();
        return operators.Count == 0 ? Leaf(type, depth) : CallOf(Pick(operators), depth);
    }

    private Call CallOf(Operator op, int depth)
    {
        var arguments = op.Takes.Select(type => Of(type, depth - 1)).ToList();
        // Two literals are compared by nobody.
        if (arguments is [Literal, Literal] && Field(op.Takes[0]) is { } field)
            arguments[0] = field;
        if (Chance(IsEquality(op) ? 12 : 2) && arguments.Any(argument => argument is not Literal))
            PutNull(op, arguments);
        for (var i = 0; i < 2; i++)
        {
            if (arguments.Count == 2 && arguments[i] is Literal literal && IsDeclared(arguments[1 - i]) && Chance(60))
                arguments[i] = Bare(literal);
        }
        // Operators and functions may be in any case; types may not.
        var shouts = Chance(2) && !op.Format.Contains("Edm.", StringComparison.Ordinal);
        return new(shouts ? op with { Format = op.Format.ToUpperInvariant() } : op, arguments);
    }

    private void PutNull(Operator op, List<Expr> arguments)
    {
        var place = random.Next(arguments.Count);
        var type = op.Takes[place];
        var others = arguments.Where((_, i) => i != place);
        if (type != typeof(Position) && type != typeof(Divisor) && others.Any(other => other is not Literal))
            arguments[place] = Literals.Null(type);
    }

    private static bool IsEquality(Operator op) =>
        op.Format.Contains(" eq ", StringComparison.Ordinal) || op.Format.Contains(" ne ", StringComparison.Ordinal);

    private Literal Bare(Literal literal) => Literals.Bare(literal, byNumber: Chance(15));

    private Expr Leaf(Type type, int depth) =>
        Chance(depth > 0 ? 92 : 75) && Field(type) is { } field ? field : Pick(Literals.OfType(type));

    // Of what a query names the parser knows no type.
    private static bool IsDeclared(Expr expression) => expression is FieldOf field && !QueryMaker.IsName(field.Path);

    private FieldOf? Field(Type type)
    {
        var (name, shape) = _scopes.Count > 1 && Chance(80) ? _scopes[^1] : Pick(_scopes);
        var all = shape.Fields.Where(field => field.Type == type).ToList();
        var own = all.Where(field => !field.Path.Contains('/')).ToList();
        var fields = own.Count > 0 && Chance(65) ? own : all;
        return fields.Count == 0 ? null : new(type, name, Pick(fields).Path);
    }

    private In InOf(int depth)
    {
        var type = Pick(TypesOf(_scopes[^1].Shape));
        var left = Field(type) ?? Of(type, depth - 1);
        var bare = IsDeclared(left) && Chance(60);
        var items = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Chance(8) ? Literals.Null(type) : Pick(Literals.InLists(type)));
        return new(left, [.. items.Select(item => bare ? Bare(item) : item)]);
    }

    private Lambda? LambdaOf(int depth)
    {
        if (_scopes.Count > MaxLambdas || Collection(_scopes) is not var (source, path, type))
            return null;
        var (name, isAll) = (_scopes.Count == 1 ? "e" : "f", Chance(45));
        _scopes.Add((name, Shape.Of(type)));
        var predicate = !isAll && Chance(10) ? null : Of(typeof(bool), depth - 1);
        _scopes.RemoveAt(_scopes.Count - 1);
        return new(source, path, name, isAll, predicate);
    }

    // Its predicate is about the related rows alone.
    private CountOf? CountOf(int depth)
    {
        if (_scopes.Count > 1 || Collection(_scopes) is not var (source, path, type))
            return null;
        var outer = _scopes.ToList();
        _scopes.Clear();
        _scopes.Add(("", Shape.Of(type)));
        var predicate = Of(typeof(bool), depth - 1);
        _scopes.Clear();
        _scopes.AddRange(outer);
        return new(source, path, predicate);
    }

    private (string Source, string Path, Type Type)? Collection(List<(string Name, Shape Shape)> scopes)
    {
        var (name, shape) = scopes[^1];
        if (shape.Entity is not { } entity)
            return null;
        var beyond = Fields.Single(entity)
            .SelectMany(one => Fields.Many(one.Type).Select(many => (name, $"{one.Name}/{many.Name}", many.Type)));
        var all = Fields.Many(entity).Select(many => (name, many.Name, many.Type)).Concat(beyond).ToList();
        return all.Count == 0 ? null : Pick(all);
    }

    private static List<Type> TypesOf(Shape shape) =>
        [.. Types.Where(type => Computed.Contains(type) || shape.Fields.Any(field => field.Type == type))];

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
