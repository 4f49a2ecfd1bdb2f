using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Search;

/// <summary>What a database computes of tickets and the terms of a search, which has at least one.</summary>
internal static class SearchQueries
{
    /// <summary>
    /// How well a ticket matches: for each term 2 when it is a word of the title, 1 when it is a part of one, 0 when it is only in
    /// the description.
    /// </summary>
    public static Expression<Func<Ticket, int>> Rank(SearchTerms search) =>
        Combined<int>(search, term => t => SearchFunctions.Rank(t.Title, term), Expression.Add);

    /// <summary>
    /// The place in the description, from 1, of the first term that it contains; null when it contains none.
    /// </summary>
    public static Expression<Func<Ticket, int?>> Place(SearchTerms search) =>
        Combined<int?>(search, term => t => SearchFunctions.Place(t.Description, term), Expression.Coalesce);

    /// <summary>Puts an expression of a ticket into one of a ticket and its value.</summary>
    public static Expression<Func<Ticket, TResult>> With<TValue, TResult>(
        Expression<Func<Ticket, TValue>> value, Expression<Func<Ticket, TValue, TResult>> result) =>
        Expression.Lambda<Func<Ticket, TResult>>(
            new ReplacingExpressionVisitor(result.Parameters, [value.Parameters[0], value.Body]).Visit(result.Body), value.Parameters);

    private static Expression<Func<Ticket, T>> Combined<T>(
        SearchTerms search, Func<string, Expression<Func<Ticket, T>>> ofTerm, Func<Expression, Expression, Expression> join) =>
        search.Terms.Select(ofTerm).Aggregate((all, next) => Expression.Lambda<Func<Ticket, T>>(
            join(all.Body, ReplacingExpressionVisitor.Replace(next.Parameters[0], all.Parameters[0], next.Body)), all.Parameters));
}
