using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Search;

/// <summary>
/// Searches requesters by parts of name, e-mail address and organization, with trigram indexes as <see cref="TextSearch"/> does.
/// </summary>
internal static class RequesterSearch
{
    private const string Escape = @"\";

    /// <summary>The requesters that contain every term.</summary>
    public static IQueryable<Requester> Search(this TicketDb db, IQueryable<Requester> requesters, SearchTerms search) =>
        db.Sql.IsPostgres ? OnPostgres(requesters, search) : OnSqlite(db, requesters, search);

    private static IQueryable<Requester> OnPostgres(IQueryable<Requester> requesters, SearchTerms search) =>
        search.Terms.Aggregate(requesters, (matching, term) =>
        {
            var pattern = TextSearch.Pattern(Folding.Spelled(term));
            return matching.Where(r => EF.Functions.ILike(SearchFunctions.Spelled(r.Name), pattern, Escape)
                || EF.Functions.ILike(SearchFunctions.Spelled(r.Email), pattern, Escape)
                || EF.Functions.ILike(SearchFunctions.Spelled(r.Organization!), pattern, Escape));
        });

    private static IQueryable<Requester> OnSqlite(TicketDb db, IQueryable<Requester> requesters, SearchTerms search)
    {
        var (match, others) = TextSearch.ForIndex(search);
        if (match is not null)
        {
            var ids = db.Database.SqlQuery<int>($"SELECT rowid AS Value FROM requester_search WHERE requester_search MATCH {match}");
            requesters = requesters.Where(r => ids.Contains(r.Id));
        }
        foreach (var term in others)
        {
            requesters = requesters.Where(r => SearchFunctions.Contains(r.Name, term) || SearchFunctions.Contains(r.Email, term)
                || SearchFunctions.Contains(r.Organization ?? "", term));
        }
        return requesters;
    }
}
