using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using SupportTickets.Data;
using SupportTickets.OData.Binding;

namespace SupportTickets.OData.Query.Known;

/// <summary>
/// The statement of a page, compiled by EF (<c>EF.CompileAsyncQuery</c>). Values stay parameters: those of the options, which are the
/// same for each request, and those of a slot, which each request gives.
/// </summary>
internal sealed class CompiledPage
{
    /// <summary>The most parameters that EF takes beside the context.</summary>
    private const int MostValues = 15;

    private readonly Func<TicketDb, object?[], IAsyncEnumerable<PageRow>> _run;
    private readonly IReadOnlyList<(object? Value, string? Slot)> _values;

    private CompiledPage(Func<TicketDb, object?[], IAsyncEnumerable<PageRow>> run, IReadOnlyList<(object?, string?)> values) =>
        (_run, _values) = (run, values);

    /// <summary>Compiles a page; null when it depends on something of its request that is not known here.</summary>
    public static CompiledPage? Of(Expression page, TicketDb db)
    {
        var lift = new Lift();
        var body = lift.Visit(page);
        if (lift.IsForeign || lift.Values.Count > MostValues)
            return null;
        var parameters = lift.Parameters;
        Type[] types = [typeof(TicketDb), .. parameters.Select(parameter => parameter.Type)];
        var query = Expression.Lambda(
            Expression.GetFuncType([.. types, typeof(IQueryable<PageRow>)]), body,
            [Expression.Parameter(typeof(TicketDb), "db"), .. parameters]);
        var compiled = Overload(types.Length + 1).MakeGenericMethod([.. types, typeof(PageRow)]).Invoke(null, [query])!;

        var (context, values) = (Expression.Parameter(typeof(TicketDb)), Expression.Parameter(typeof(object?[])));
        var arguments = parameters.Select((parameter, i) =>
            (Expression)Expression.Convert(Expression.ArrayIndex(values, Expression.Constant(i)), parameter.Type));
        var run = Expression.Lambda<Func<TicketDb, object?[], IAsyncEnumerable<PageRow>>>(
            Expression.Invoke(Expression.Constant(compiled), [context, .. arguments]), context, values).Compile();
        // EF compiles when it is asked for the first time; nothing is read.
        _ = run(db, [.. lift.Values.Select(value => value.Value)]);
        return new(run, lift.Values);
    }

    /// <summary>Reads the page.</summary>
    /// <param name="db">For whom.</param>
    /// <param name="valueOf">The values of the slots.</param>
    public IAsyncEnumerable<PageRow> Read(TicketDb db, Func<string, object?> valueOf)
    {
        var values = new object?[_values.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = _values[i] is { Slot: { } slot } ? valueOf(slot) : _values[i].Value;
        return _run(db, values);
    }

    private static MethodInfo Overload(int types) => typeof(EF).GetMethods().Single(method =>
        method.Name == nameof(EF.CompileAsyncQuery) && method.GetGenericArguments().Length == types
        && method.GetParameters()[0].ParameterType.GetGenericArguments()[0].GetGenericArguments()[^1] is { IsGenericType: true } result
        && result.GetGenericTypeDefinition() == typeof(IQueryable<>));

    /// <summary>Makes parameters of the values in a statement, and takes the context of the request out of it.</summary>
    private sealed class Lift : ExpressionVisitor
    {
        // How often a row or a table, and how often a value that was met before, is in what was visited; and how many values have a name.
        private int _rows, _repeated, _named;

        private readonly Dictionary<object, ParameterExpression> _known = new(ReferenceEqualityComparer.Instance);

        public List<ParameterExpression> Parameters { get; } = [];

        public List<(object? Value, string? Slot)> Values { get; } = [];

        /// <summary>
        /// Whether something is in the statement that may belong to the request, or that EF computes before it asks the database, as it
        /// does of a statement that is not compiled.
        /// </summary>
        public bool IsForeign { get; private set; }

        [return: NotNullIfNotNull(nameof(node))]
        public override Expression? Visit(Expression? node)
        {
            var (rows, values) = (_rows, Values.Count + _repeated);
            var visited = base.Visit(node);
            IsForeign |= _rows == rows && Values.Count + _repeated > values && visited is not ParameterExpression;
            return visited;
        }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            _rows++;
            return node;
        }

        // A converted value of the options is a value.
        protected override Expression VisitUnary(UnaryExpression node)
        {
            var (known, operand) = (Values.Count, Visit(node.Operand));
            if (node.NodeType is not ExpressionType.Convert || operand is not ParameterExpression value
                || Parameters.IndexOf(value) is not (>= 0 and var at) || Values[at].Slot is not null)
                return node.Update(operand);
            var given = Expression.Constant(Values[at].Value, value.Type);
            var converted = Expression.Lambda<Func<object?>>(Expression.Convert(Expression.Convert(given, node.Type), typeof(object)))
                .Compile(preferInterpretation: true)();
            if (at == known) Forget(at);
            return Lifted(node, node.Type, converted, null);
        }

        protected override Expression VisitMember(MemberExpression node)
        {
            if (node.Expression is not ConstantExpression { Value: { } holder })
                return base.VisitMember(node);
            if (Parameter.Read(node) is var (value, slot))
                return Lifted(holder, node.Type, value, slot);
            // The library holds the literals of the options in objects of its own.
            if (holder.GetType().Assembly == typeof(ODataQueryOptions).Assembly && node.Member is PropertyInfo property)
                return Lifted(holder, node.Type, property.GetValue(holder), null);
            IsForeign = true;
            return node;
        }

        protected override Expression VisitConstant(ConstantExpression node)
        {
            IsForeign |= node.Value is not null && !IsValue(node.Value.GetType());
            return node;
        }

        protected override Expression VisitExtension(Expression node)
        {
            _rows++;
            if (node is EntityQueryRootExpression root)
                return root.DetachQueryProvider();
            IsForeign = true;
            return node;
        }

        // The value before it was converted, which is used nowhere else.
        private void Forget(int at)
        {
            foreach (var holder in _known.Where(known => known.Value == Parameters[at]).Select(known => known.Key).ToList())
                _known.Remove(holder);
            Parameters.RemoveAt(at);
            Values.RemoveAt(at);
        }

        private ParameterExpression Lifted(object holder, Type type, object? value, string? slot)
        {
            if (_known.TryGetValue(holder, out var known))
            {
                _repeated++;
                return known;
            }
            var parameter = Expression.Parameter(type, $"Value{_named++}");
            Parameters.Add(parameter);
            Values.Add((value, slot));
            return _known[holder] = parameter;
        }

        private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal)
            || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeOnly)
            || type == typeof(TimeSpan) || type == typeof(Guid);
    }
}
