using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets.Search;

namespace SupportTickets.OData.Query;

/// <summary>
/// <c>$search</c> (OData 4.01, 11.2.6.6). Each word or phrase matches like a term in the search of the pages; AND, OR and NOT
/// combine them as the standard says.
/// </summary>
/// <param name="services">The services of the request.</param>
internal sealed class FeedSearch(IServiceProvider services)
{
    /// <summary>The rows of a set that match; throws on more terms than a search may have.</summary>
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

        // A subquery for each term, so that each is looked up in the text index wherever it stands.
        Expression Matches(string text)
        {
            if (++terms > SearchTerms.MaxTerms)
                throw new FeedException(FeedError.BadQuery($"Search for at most {SearchTerms.MaxTerms} terms at once.", "$search"));
            var found = set.Matching(services, text);
            return Expression.Call(typeof(Queryable), nameof(Queryable.Contains), [typeof(int)], found.Expression, key);
        }
    }
}
