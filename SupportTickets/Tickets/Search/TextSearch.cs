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
    /// <summary>The shortest term that SQLite's index can find, in code points.</summary>
    private const int MinIndexedTerm = 3;

    /// <summary>The tickets that contain every term in their title or description.</summary>
    public static IQueryable<Ticket> Search(this TicketDb db, IQueryable<Ticket> tickets, SearchTerms search) =>
        db.Sql.IsPostgres ? OnPostgres(tickets, search) : OnSqlite(db, tickets, search);

    private static IQueryable<Ticket> OnPostgres(IQueryable<Ticket> tickets, SearchTerms search) =>
        search.Terms.Aggregate(tickets, (matching, term) =>
        {
            var patterns = CaseSpellings.Of(term).Select(Pattern).ToList();
            var (first, second) = (patterns[0], patterns[^1]);
            return patterns.Count == 1
                ? matching.Where(t => EF.Functions.ILike(t.Title, first, @"\") || EF.Functions.ILike(t.Description, first, @"\"))
                : matching.Where(t => EF.Functions.ILike(t.Title, first, @"\") || EF.Functions.ILike(t.Description, first, @"\")
                    || EF.Functions.ILike(t.Title, second, @"\") || EF.Functions.ILike(t.Description, second, @"\"));
        });

    private static IQueryable<Ticket> OnSqlite(TicketDb db, IQueryable<Ticket> tickets, SearchTerms search)
    {
        var indexed = search.Terms.Where(term => TextRules.CodePoints(term) >= MinIndexedTerm).ToList();
        if (indexed.Count > 0)
        {
            var match = string.Join(" AND ", indexed.Select(MatchExpression));
            var ids = db.Database.SqlQuery<int>($"SELECT rowid AS Value FROM ticket_search WHERE ticket_search MATCH {match}");
            tickets = tickets.Where(t => ids.Contains(t.Id));
        }
        foreach (var term in search.Terms.Except(indexed))
            tickets = tickets.Where(t => SqliteFunctions.ContainsTerm(t.Title, term) || SqliteFunctions.ContainsTerm(t.Description, term));
        return tickets;
    }

    /// <summary>The pattern of LIKE for texts that contain a term, which is taken literally.</summary>
    internal static string Pattern(string term) => $"%{term.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    // FTS5 syntax: a phrase in double quotes is literal text, with a quote in it doubled.
    private static string MatchExpression(string term) =>
        $"({string.Join(" OR ", CaseSpellings.Of(term).Select(s => $"\"{s.Replace("\"", "\"\"")}\""))})";
}
