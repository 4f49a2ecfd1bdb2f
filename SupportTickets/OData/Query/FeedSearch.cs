using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets.Search;

namespace SupportTickets.OData.Query;

/// <summary>
/// <c>$search</c> (OData 4.01, 11.2.6.6): each word or phrase matches what a term of the desk's own search matches; AND, OR and
/// NOT combine them as the standard says.
/// </summary>
/// <param name="services">Those of the request.</param>
internal sealed class FeedSearch(IServiceProvider services)
{
    /// <summary>Those of the rows of a set that match; fails on more terms than the desk's search takes.</summary>
    public IQueryable Apply(FeedSet set, IQueryable rows, SearchClause clause)
    {
        var terms = 0;
        var row = Expression.Parameter(rows.ElementType, "row");
        var key = FeedRows.KeyOf(set, row);
        return FeedRows.Where(rows, row, Bind(clause.Expression));

        Expression Bind(QueryNode node) => node switch
        {
            SearchTermNode term => Matches(term.Text),
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and => Expression.AndAlso(Bind(and.Left), Bind(and.Right)),
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or => Expression.OrElse(Bind(or.Left), Bind(or.Right)),
            UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => Expression.Not(Bind(not.Operand)),
            ConvertNode convert => Bind(convert.Source),
            _ => throw new FeedException(FeedError.NotImplemented("$search takes words, phrases, AND, OR and NOT.", "$search")),
        };

        // A subquery of its own, so that each term is looked up in the index of the texts wherever it stands.
        Expression Matches(string text)
        {
            if (++terms > SearchTerms.MaxTerms)
                throw new FeedException(FeedError.BadQuery($"Search for at most {SearchTerms.MaxTerms} terms at once.", "$search"));
            var found = set.Matching(services, text);
            return Expression.Call(typeof(Queryable), nameof(Queryable.Contains), [typeof(int)], found.Expression, key);
        }
    }
}
