using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets;

namespace SupportTickets.Data;

/// <summary>The production database: search by pg_trgm indexes on title and description.</summary>
public sealed class PostgresTicketDb(DbContextOptions<PostgresTicketDb> options) : TicketDb(options)
{
    /// <inheritdoc />
    public override IQueryable<Ticket> Search(IQueryable<Ticket> tickets, SearchTerms search) =>
        search.Terms.Aggregate(tickets, (matching, term) =>
        {
            var patterns = SearchTerms.Spellings(term).Select(Pattern).ToList();
            var (first, second) = (patterns[0], patterns[^1]);
            return patterns.Count == 1
                ? matching.Where(t => EF.Functions.ILike(t.Title, first, @"\") || EF.Functions.ILike(t.Description, first, @"\"))
                : matching.Where(t => EF.Functions.ILike(t.Title, first, @"\") || EF.Functions.ILike(t.Description, first, @"\")
                    || EF.Functions.ILike(t.Title, second, @"\") || EF.Functions.ILike(t.Description, second, @"\"));
        });

    /// <inheritdoc />
    protected override bool StoresAddedColumns => true;

    /// <inheritdoc />
    protected override string DateSql(string column) => $"({column} AT TIME ZONE 'UTC')::date";

    /// <inheritdoc />
    protected override string MinutesSql(string start, string end) => $"(({Seconds(end)} - {Seconds(start)}) / 60)::int";

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.Entity<Ticket>(ticket =>
        {
            Trigrams(t => t.Title, "ix_tickets_title_trgm");
            Trigrams(t => t.Description, "ix_tickets_description_trgm");

            void Trigrams(Expression<Func<Ticket, object?>> column, string name) =>
                ticket.HasIndex(column).HasDatabaseName(name).HasMethod("gin").HasOperators("gin_trgm_ops");
        });
    }

    // The zone is named so that the expression is immutable, as a generated column must be.
    private static string Seconds(string column) => $"floor(extract(epoch from {column} AT TIME ZONE 'UTC'))::bigint";

    private static string Pattern(string term) => $"%{term.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
}
