using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.OData.Query;

/// <summary>
/// Keeps expressions that can fail away from rows that the caller may not see. A database tests the conditions of a WHERE in any order, so
/// <c>1 div (Id sub 7)</c> could fail at a hidden row, and the error would tell that the row is there. Where such an expression is
/// applied to rows of which some may be hidden, these are first sorted by key and limited to more than there can be: neither database moves
/// a condition into a subquery with a limit. Other queries stay as they are, so that they can use every index.
/// </summary>
internal sealed class RowBarrier : ExpressionVisitor
{
    private readonly TicketDb _db;
    private readonly HashSet<Type> _hidden;
    private bool _isShielding;
    private bool _canFail;

    private RowBarrier(TicketDb db) => (_db, _hidden) = (db,
        [typeof(Agent), .. db.Model.GetEntityTypes().Where(type => Hides(type, db.Visibility)).Select(type => type.ClrType)]);

    /// <summary>The query with barriers where they are needed.</summary>
    /// <param name="db">For whom it reads.</param>
    /// <param name="query">The whole query.</param>
    public static Expression Shield(TicketDb db, Expression query) => MayFail.In(query) ? new RowBarrier(db).Visit(query) : query;

    // From those who read notes the filter of notes hides only files that are not sent yet.
    private static bool Hides(IEntityType type, Visibility visibility) => type.GetDeclaredQueryFilters()
        .Any(filter => filter.Key != ConversationTables.NotesFilter || !visibility.MayReadNotes);

    /// <inheritdoc />
    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        if (node.Method.DeclaringType != typeof(Queryable) && node.Method.DeclaringType != typeof(Enumerable))
            return base.VisitMethodCall(node);
        var (before, couldFail) = (_isShielding, _canFail);
        var shields = before || node.Arguments.Skip(1).Any(argument => IsLambda(argument) && MayFail.In(argument));
        // The rows of SelectMany come from its lambda.
        var inLambdas = node.Method.Name == nameof(Queryable.SelectMany) && shields;
        var arguments = node.Arguments.Select(argument =>
        {
            _isShielding = IsLambda(argument) ? inLambdas : shields;
            // What a later step asks of a column, such as that of a group, is asked of the expression that the column stands for.
            _canFail = couldFail || shields;
            return Visit(argument);
        }).ToList();
        (_isShielding, _canFail) = (before, couldFail);
        return node.Update(node.Object, arguments);
    }

    /// <inheritdoc />
    protected override Expression VisitMember(MemberExpression node)
    {
        var isShielding = _isShielding;
        _isShielding = false;
        var visited = (MemberExpression)base.VisitMember(node);
        _isShielding = isShielding;
        if (RowsOf(node.Type) is { } row)
            return isShielding && _hidden.Contains(row) ? Limited(typeof(Enumerable), row, visited) : visited;
        return _canFail ? Joined(visited) : visited;
    }

    /// <inheritdoc />
    protected override Expression VisitExtension(Expression node) => node switch
    {
        EntityQueryRootExpression root when _isShielding && _hidden.Contains(root.ElementType) =>
            Limited(typeof(Queryable), root.ElementType, root),
        EntityQueryRootExpression => node,
        _ => base.VisitExtension(node),
    };

    // A property of a related row. A condition on that row alone would be tested at rows that nothing refers to; with the reference in it,
    // it is tested after the rows are joined.
    private Expression Joined(MemberExpression node)
    {
        if (node.Expression is not MemberExpression { Expression: { } from } related || !_hidden.Contains(related.Type)
            || _db.Model.FindEntityType(from.Type)?.FindNavigation(related.Member.Name) is not { IsOnDependent: true } navigation)
            return node;
        var reference = Expression.Property(from, navigation.ForeignKey.Properties.Single().PropertyInfo!);
        if (Nullable.GetUnderlyingType(reference.Type) is null)
            return node;
        var type = node.Type.IsValueType && Nullable.GetUnderlyingType(node.Type) is null
            ? typeof(Nullable<>).MakeGenericType(node.Type) : node.Type;
        Expression value = Expression.Condition(
            Expression.NotEqual(reference, Expression.Constant(null, reference.Type)),
            type == node.Type ? node : Expression.Convert(node, type), Expression.Constant(null, type));
        return type == node.Type ? value : Expression.Convert(value, node.Type);
    }

    private MethodCallExpression Limited(Type methods, Type row, Expression rows)
    {
        var element = Expression.Parameter(row, "row");
        var key = Expression.Property(element, _db.Model.FindEntityType(row)!.FindPrimaryKey()!.Properties.Single().PropertyInfo!);
        var byKey = Expression.Lambda(key, element);
        var sorted = Expression.Call(
            methods, nameof(Queryable.OrderBy), [row, key.Type], rows, methods == typeof(Queryable) ? Expression.Quote(byKey) : byKey);
        return Expression.Call(methods, nameof(Queryable.Take), [row], sorted, Expression.Constant(int.MaxValue));
    }

    private static bool IsLambda(Expression argument) => argument.NodeType is ExpressionType.Quote or ExpressionType.Lambda;

    private static Type? RowsOf(Type type) => type == typeof(string) ? null
        : type.GetInterfaces().Append(type)
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    /// <summary>Looks for what can fail: arithmetic, and functions that are not known to have an answer for every value.</summary>
    private sealed class MayFail : ExpressionVisitor
    {
        private static readonly Type[] Safe =
            [
                typeof(Queryable), typeof(Enumerable), typeof(EntityFrameworkQueryableExtensions), typeof(EF),
                typeof(DbFunctionsExtensions), typeof(RelationalDbFunctionsExtensions), typeof(SearchFunctions),
            ];

        private static readonly string[] SafeOfText =
            [
                nameof(string.Contains), nameof(string.StartsWith), nameof(string.EndsWith), nameof(string.Compare), nameof(string.Equals),
                nameof(string.CompareTo), nameof(string.ToLower), nameof(string.ToUpper), nameof(string.Trim), nameof(string.Concat),
            ];

        private static readonly string[] SafeFunctions =
            [nameof(QueryFunctions.Lower), nameof(QueryFunctions.Upper), nameof(QueryFunctions.AsIs), nameof(QueryFunctions.Time)];

        private bool _found;

        public static bool In(Expression expression)
        {
            var search = new MayFail();
            search.Visit(expression);
            return search._found;
        }

        public override Expression? Visit(Expression? node) => _found ? node : base.Visit(node);

        protected override Expression VisitBinary(BinaryExpression node)
        {
            _found |= node.NodeType is ExpressionType.Add or ExpressionType.Subtract or ExpressionType.Multiply or ExpressionType.Divide
                or ExpressionType.Modulo or ExpressionType.Power && node.Type != typeof(string);
            return base.VisitBinary(node);
        }

        protected override Expression VisitUnary(UnaryExpression node)
        {
            _found |= node.NodeType is ExpressionType.Negate;
            return base.VisitUnary(node);
        }

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            var type = node.Method.DeclaringType!;
            var names = type == typeof(string) ? SafeOfText : type == typeof(QueryFunctions) ? SafeFunctions : null;
            _found |= names is null ? !Safe.Contains(type) : !names.Contains(node.Method.Name);
            return base.VisitMethodCall(node);
        }

        protected override Expression VisitExtension(Expression node) => node is QueryRootExpression ? node : base.VisitExtension(node);
    }
}
