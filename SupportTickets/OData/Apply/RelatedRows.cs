using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace SupportTickets.OData.Apply;

/// <summary>A row together with a related row.</summary>
internal sealed class Pair<TRow, TRelated>
{
    /// <summary>The row.</summary>
    public required TRow Row { get; init; }

    /// <summary>The related row; null when there is none.</summary>
    public required TRelated Related { get; init; }
}

/// <summary>
/// Joins the related rows that aggregates need before the rows are grouped. Otherwise EF joins inside each group, with a subquery
/// over the whole table for each row of the result.
/// </summary>
/// <param name="Rows">The joined rows.</param>
/// <param name="Row">The parameter for a joined row.</param>
/// <param name="Over">Turns an expression over the original rows into one over the joined rows.</param>
internal sealed record RelatedRows(IQueryable Rows, ParameterExpression Row, Func<Expression, Expression> Over)
{
    /// <summary>Joins the rows that the measures reach by navigation.</summary>
    public static RelatedRows Join(IQueryable rows, ParameterExpression row, IReadOnlyList<Expression> measures)
    {
        var search = new Search(row);
        foreach (var measure in measures)
            search.Visit(measure);
        return search.Found.Aggregate(
            new RelatedRows(rows, row, expression => expression), (joined, navigation) => Join(joined, row, navigation));
    }

    /// <summary>Whether an expression over a row reaches other rows.</summary>
    public static bool Navigates(Expression expression, ParameterExpression row)
    {
        var search = new Search(row);
        search.Visit(expression);
        return search.Found.Any();
    }

    private static RelatedRows Join(RelatedRows outer, ParameterExpression entity, MemberExpression navigation)
    {
        var root = Root(outer.Rows.Expression);
        var relation = root.EntityType.FindNavigation(navigation.Member.Name)!;
        var related = Expression.Parameter(navigation.Type, "related");
        var key = relation.ForeignKey.PrincipalKey.Properties.Single();
        var reference = relation.ForeignKey.Properties.Single();
        var type = typeof(Nullable<>).MakeGenericType(Nullable.GetUnderlyingType(key.ClrType) ?? key.ClrType);
        var pair = typeof(Pair<,>).MakeGenericType(outer.Row.Type, navigation.Type);
        var both = Expression.MemberInit(
            Expression.New(pair), Expression.Bind(pair.GetProperty(nameof(Pair<,>.Row))!, outer.Row),
            Expression.Bind(pair.GetProperty(nameof(Pair<,>.Related))!, related));
        var join = Expression.Call(
            typeof(Queryable),
            relation.ForeignKey.IsRequired ? nameof(Queryable.Join) : nameof(Queryable.LeftJoin),
            [outer.Row.Type, navigation.Type, type, pair],
            outer.Rows.Expression,
            new EntityQueryRootExpression(root.QueryProvider!, relation.TargetEntityType),
            Expression.Quote(
                Expression.Lambda(Expression.Convert(Expression.Property(outer.Over(entity), reference.Name), type), outer.Row)),
            Expression.Quote(Expression.Lambda(Expression.Convert(Expression.Property(related, key.Name), type), related)),
            Expression.Quote(Expression.Lambda(both, outer.Row, related)));
        var row = Expression.Parameter(pair, "pair");
        var replaced = new Replace(navigation, Expression.Property(row, nameof(Pair<,>.Related)));
        var moved = new Replace(outer.Row, Expression.Property(row, nameof(Pair<,>.Row)));
        return new(outer.Rows.Provider.CreateQuery(join), row, expression => moved.Visit(outer.Over(replaced.Visit(expression)!))!);
    }

    private static EntityQueryRootExpression Root(Expression query) => query switch
    {
        EntityQueryRootExpression root => root,
        MethodCallExpression call => Root(call.Arguments[0]),
        _ => throw new NotSupportedException("The rows do not come from a set."),
    };

    // Finds the members of the row that are rows themselves.
    private sealed class Search(ParameterExpression row) : ExpressionVisitor
    {
        private readonly Dictionary<string, MemberExpression> _found = [];

        public IEnumerable<MemberExpression> Found => _found.Values;

        protected override Expression VisitMember(MemberExpression node)
        {
            if (node.Expression == row
                && node.Type.IsClass
                && node.Type != typeof(string)
                && node.Type != typeof(object)
                && !node.Type.IsArray)
                _found.TryAdd(node.Member.Name, node);
            return base.VisitMember(node);
        }
    }

    private sealed class Replace(Expression from, Expression to) : ExpressionVisitor
    {
        public override Expression? Visit(Expression? node) =>
            node == from
            || (
                node is MemberExpression member
                && from is MemberExpression other
                && member.Member == other.Member
                && member.Expression == other.Expression)
                ? to
                : base.Visit(node);
    }
}
