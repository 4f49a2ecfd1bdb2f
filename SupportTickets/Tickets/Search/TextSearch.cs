using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Search;

/// <summary>
/// Searches title and description: on PostgreSQL with trigram indexes, on SQLite with the trigram index of FTS5, which triggers
/// keep up to date.
/// </summary>
internal static class TextSearch
{
    /// <summary>The shortest term that the indexes can find, in code points.</summary>
    private const int MinIndexedTerm = 3;

    /// <summary>The tickets that contain every term in their title or description.</summary>
    public static IQueryable<Ticket> Search(this TicketDb db, IQueryable<Ticket> tickets, SearchTerms search) =>
        db.Sql.IsPostgres ? OnPostgres(tickets, search) : OnSqlite(db, tickets, search);

    /// <summary>
    /// The tickets that may contain a text in their title or in their description, found by the index of the search. Some of them may not:
    /// it ignores case. All tickets where no index helps: for short texts, and on SQLite, where a common word would take longer that way.
    /// </summary>
    public static IQueryable<Ticket> MayContain(this TicketDb db, IQueryable<Ticket> tickets, bool inTitle, string text)
    {
        var spelled = Folding.Spelled(text);
        if (!db.Sql.IsPostgres || TextRules.CodePoints(spelled) < MinIndexedTerm) return tickets;
        var pattern = Pattern(spelled);
        return inTitle
            ? tickets.Where(t => EF.Functions.ILike(SearchFunctions.Spelled(t.Title), pattern, @"\"))
            : tickets.Where(t => EF.Functions.ILike(SearchFunctions.Spelled(t.Description), pattern, @"\"));
    }

    private static IQueryable<Ticket> OnPostgres(IQueryable<Ticket> tickets, SearchTerms search) =>
        search.Terms.Aggregate(tickets, (matching, term) =>
        {
            var pattern = Pattern(Folding.Spelled(term));
            return matching.Where(t => EF.Functions.ILike(SearchFunctions.Spelled(t.Title), pattern, @"\")
                || EF.Functions.ILike(SearchFunctions.Spelled(t.Description), pattern, @"\"));
        });

    private static IQueryable<Ticket> OnSqlite(TicketDb db, IQueryable<Ticket> tickets, SearchTerms search)
    {
        var (match, others) = ForIndex(search);
        if (match is not null)
        {
            var ids = db.Database.SqlQuery<int>($"SELECT rowid AS Value FROM ticket_search WHERE ticket_search MATCH {match}");
            tickets = tickets.Where(t => ids.Contains(t.Id));
        }
        foreach (var term in others)
            tickets = tickets.Where(t => SearchFunctions.Contains(t.Title, term) || SearchFunctions.Contains(t.Description, term));
        return tickets;
    }

    /// <summary>
    /// The search as the trigram index of SQLite takes it, null when it takes none of the terms; and the terms that it does not take.
    /// </summary>
    internal static (string? Match, IReadOnlyList<string> Others) ForIndex(SearchTerms search)
    {
        var terms = search.Terms.ToLookup(term => TextRules.CodePoints(Folding.Spelled(term)) >= MinIndexedTerm);
        // FTS5 syntax: a phrase in double quotes is literal text, with a quote in it doubled.
        var match = string.Join(" AND ", terms[true].Select(term => $"\"{Folding.Spelled(term).Replace("\"", "\"\"")}\""));
        return (match.Length > 0 ? match : null, [.. terms[false]]);
    }

    /// <summary>The pattern of LIKE for texts that contain a term, which is taken literally.</summary>
    internal static string Pattern(string term) => $"%{term.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
}
