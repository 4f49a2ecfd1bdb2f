using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using SupportTickets.Tickets;

namespace SupportTickets.Data;

/// <summary>The embedded database: search by FTS5's trigram index, kept in step by triggers.</summary>
public sealed class SqliteTicketDb(DbContextOptions<SqliteTicketDb> options) : TicketDb(options)
{
    /// <summary>A trigram index cannot find anything shorter, in code points.</summary>
    private const int MinIndexedTerm = 3;

    /// <inheritdoc />
    public override IQueryable<Ticket> Search(IQueryable<Ticket> tickets, SearchTerms search)
    {
        var indexed = search.Terms.Where(term => TicketValidator.CodePoints(term) >= MinIndexedTerm).ToList();
        if (indexed.Count > 0)
        {
            var match = string.Join(" AND ", indexed.Select(MatchExpression));
            var ids = Database.SqlQuery<int>($"SELECT rowid AS Value FROM ticket_search WHERE ticket_search MATCH {match}");
            tickets = tickets.Where(t => ids.Contains(t.Id));
        }
        foreach (var term in search.Terms.Except(indexed))
            tickets = tickets.Where(t => SqliteFunctions.ContainsTerm(t.Title, term) || SqliteFunctions.ContainsTerm(t.Description, term));
        return tickets;
    }

    /// <inheritdoc />
    protected override bool StoresAddedColumns => false;

    /// <inheritdoc />
    protected override string DateSql(string column) => $"date({column})";

    /// <inheritdoc />
    protected override string MinutesSql(string start, string end) => $"(unixepoch({end}) - unixepoch({start})) / 60";

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        SqliteFunctions.Map(modelBuilder);
    }

    // FTS5 syntax: a phrase in double quotes is literal text, with a quote in it doubled.
    private static string MatchExpression(string term) =>
        $"({string.Join(" OR ", SearchTerms.Spellings(term).Select(s => $"\"{s.Replace("\"", "\"\"")}\""))})";

    // Text has no zone: what comes back must say that it is UTC.
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(time => time, time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
