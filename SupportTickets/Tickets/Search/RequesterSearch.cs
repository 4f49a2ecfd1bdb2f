using System.Text;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Search;

/// <summary>Searches requesters by parts of name, e-mail address and organization.</summary>
internal static class RequesterSearch
{
    private const string Escape = @"\";

    /// <summary>
    /// The requesters that contain every term, ignoring case. Pages are read in the order of an index, so that the database stops as soon
    /// as a page is full.
    /// </summary>
    public static IQueryable<Requester> Search(this TicketDb db, IQueryable<Requester> requesters, SearchTerms search)
    {
        foreach (var term in search.Terms)
        {
            var pattern = TextSearch.Pattern(term);
            requesters = db.Sql.IsPostgres
                ? requesters.Where(r => EF.Functions.ILike(r.Name, pattern, Escape) || EF.Functions.ILike(r.Email, pattern, Escape)
                    || EF.Functions.ILike(r.Organization!, pattern, Escape))
                // SQLite's own LIKE is much faster than a function of ours, but folds only ASCII letters.
                : Ascii.IsValid(term)
                    ? requesters.Where(r => EF.Functions.Like(r.Name, pattern, Escape) || EF.Functions.Like(r.Email, pattern, Escape)
                        || EF.Functions.Like(r.Organization!, pattern, Escape))
                    : requesters.Where(r => SqliteFunctions.ContainsTerm(r.Name, term) || SqliteFunctions.ContainsTerm(r.Email, term)
                        || SqliteFunctions.ContainsTerm(r.Organization ?? "", term));
        }
        return requesters;
    }
}
