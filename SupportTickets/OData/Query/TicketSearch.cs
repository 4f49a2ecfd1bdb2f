using System.Linq.Expressions;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Search;

namespace SupportTickets.OData.Query;

/// <summary>
/// <c>$search</c> (OData 4.01, 11.2.6.6) over title and description: each word or phrase matches what a term of the
/// desk's own search matches; AND, OR and NOT combine them as the standard says.
/// </summary>
internal sealed class TicketSearch(TicketReads reads)
{
    /// <summary>Those of the tickets that match; fails on more terms than the desk's search takes.</summary>
    public IQueryable<Ticket> Apply(IQueryable<Ticket> tickets, SearchClause clause)
    {
        var terms = 0;
        var ticket = Expression.Parameter(typeof(Ticket), "t");
        return tickets.Where(Expression.Lambda<Func<Ticket, bool>>(Bind(clause.Expression), ticket));

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
            var ids = reads.Matching(new TicketFilter { Search = SearchTerms.Of(text) }).Select(t => t.Id);
            return Expression.Call(typeof(Queryable), nameof(Queryable.Contains), [typeof(int)], ids.Expression, Expression.Property(ticket, nameof(Ticket.Id)));
        }
    }
}
