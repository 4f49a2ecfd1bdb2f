using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Search;

/// <summary>
/// Searches title and description: on PostgreSQL in <see cref="TicketText"/>, which has a trigram index, on SQLite with the trigram
/// index of FTS5. Triggers keep both up to date.
/// </summary>
internal static partial class TextSearch
{
    private const string Escape = @"\";

    /// <summary>The shortest term that the indexes can find, in code points.</summary>
    private const int MinIndexedTerm = 3;

    /// <summary>The most tickets that the index of SQLite gathers for one text in a filter: a few milliseconds.</summary>
    private const int FewTickets = 1000;

    /// <summary>The tickets that contain every term in their title or description.</summary>
    public static IQueryable<Ticket> Search(this TicketDb db, IQueryable<Ticket> tickets, SearchTerms search) =>
        db.Sql.IsPostgres ? OnPostgres(db, tickets, search.Terms) : OnSqlite(db, tickets, search);

    /// <summary>
    /// The tickets that <see cref="Search"/> finds too, found without an index: each text is read. For few tickets, and for a list that is
    /// read in its own order and ends soon, because a common word is in many of its tickets.
    /// </summary>
    public static IQueryable<Ticket> SearchTexts(this TicketDb db, IQueryable<Ticket> tickets, SearchTerms search) =>
        db.Sql.IsPostgres ? Spelled(tickets, search.Terms) : Containing(tickets, search.Terms);

    /// <summary>Whether an index helps to find a search. Without one, each text has to be read.</summary>
    public static bool HasIndexFor(this TicketDb db, SearchTerms search) =>
        search.Terms.Select(Folding.Spelled).Any(db.Sql.IsPostgres ? HasTrigramOfWord : IsLong);

    /// <summary>
    /// The ids of tickets that the index finds, not more than a number. It gives each as it finds it, so that few of many cost little.
    /// Null where the database cannot do that (PostgreSQL), and where a term is not in the index.
    /// </summary>
    public static IQueryable<int>? IdsInIndex(this TicketDb db, SearchTerms search, int most) =>
        !db.Sql.IsPostgres && ForIndex(search) is ({ } match, []) ? Ids(db, match, most) : null;

    /// <summary>
    /// The tickets that may contain a text in their title or in their description, found by the index of the search. Some of them may not:
    /// it ignores case. All tickets where no index helps: for short texts, and on SQLite for a common word, which it would gather first.
    /// </summary>
    public static IQueryable<Ticket> MayContain(this TicketDb db, IQueryable<Ticket> tickets, string text)
    {
        var search = SearchTerms.Of(text);
        if (!IsLong(Folding.Spelled(text))) return tickets;
        if (db.Sql.IsPostgres) return OnPostgres(db, tickets, search.Terms);
        return db.IdsInIndex(search, FewTickets + 1)!.Count() <= FewTickets ? OnSqlite(db, tickets, search) : tickets;
    }

    private static IQueryable<Ticket> OnPostgres(TicketDb db, IQueryable<Ticket> tickets, IReadOnlyList<string> terms)
    {
        // With the separator a term could begin in the title and end in the description.
        tickets = Spelled(tickets, terms.Where(term => term.Contains(TicketText.Separator)));
        List<string> others = [.. terms.Where(term => !term.Contains(TicketText.Separator))];
        if (others.Count == 0)
            return tickets;
        var texts = others.Aggregate(db.Set<TicketText>().AsQueryable(), (matching, term) =>
        {
            var pattern = Pattern(Folding.Spelled(term));
            return matching.Where(x => EF.Functions.Like(x.Searched, SearchFunctions.Lowered(pattern), Escape));
        });
        return tickets.Where(t => texts.Any(x => x.TicketId == t.Id));
    }

    private static IQueryable<Ticket> Spelled(IQueryable<Ticket> tickets, IEnumerable<string> terms) =>
        terms.Aggregate(tickets, (matching, term) =>
        {
            var pattern = Pattern(Folding.Spelled(term));
            return matching.Where(t => EF.Functions.ILike(SearchFunctions.Spelled(t.Title), pattern, Escape)
                || EF.Functions.ILike(SearchFunctions.Spelled(t.Description), pattern, Escape));
        });

    private static IQueryable<Ticket> OnSqlite(TicketDb db, IQueryable<Ticket> tickets, SearchTerms search)
    {
        var (match, others) = ForIndex(search);
        if (match is not null)
        {
            var ids = Ids(db, match);
            tickets = tickets.Where(t => ids.Contains(t.Id));
        }
        return Containing(tickets, others);
    }

    private static IQueryable<int> Ids(TicketDb db, string match) =>
        db.Database.SqlQuery<int>($"SELECT rowid AS Value FROM ticket_search WHERE ticket_search MATCH {match}");

    // The limit is written here because EF would sort before it.
    private static IQueryable<int> Ids(TicketDb db, string match, int most) =>
        db.Database.SqlQuery<int>($"SELECT rowid AS Value FROM ticket_search WHERE ticket_search MATCH {match} LIMIT {most}");

    private static IQueryable<Ticket> Containing(IQueryable<Ticket> tickets, IEnumerable<string> terms) =>
        terms.Aggregate(tickets, (matching, term) => matching
            .Where(t => SearchFunctions.Contains(t.Title, term) || SearchFunctions.Contains(t.Description, term)));

    /// <summary>
    /// The search as the trigram index of SQLite takes it, null when it takes none of the terms; and the terms that it does not take.
    /// </summary>
    internal static (string? Match, IReadOnlyList<string> Others) ForIndex(SearchTerms search)
    {
        var terms = search.Terms.ToLookup(term => IsLong(Folding.Spelled(term)));
        // FTS5 syntax: a phrase in double quotes is literal text, with a quote in it doubled.
        var match = string.Join(" AND ", terms[true].Select(term => $"\"{Folding.Spelled(term).Replace("\"", "\"\"")}\""));
        return (match.Length > 0 ? match : null, [.. terms[false]]);
    }

    /// <summary>The pattern of LIKE for texts that contain a term, which is taken literally.</summary>
    internal static string Pattern(string term) => $"%{term.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    private static bool IsLong(string spelled) => TextRules.CodePoints(spelled) >= MinIndexedTerm;

    // The trigrams of PostgreSQL are made of letters, digits and the edges of words. The end of a term is no edge, because the word may go
    // on there in the text. So "24/7" has one ("24" and an edge), "zq" and "C++" have none.
    private static bool HasTrigramOfWord(string spelled) => Word().Matches(spelled).Any(word =>
        TextRules.CodePoints(word.Value) + (word.Length < spelled.Length ? 1 : 0) is var length && length >= MinIndexedTerm);

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();
}
