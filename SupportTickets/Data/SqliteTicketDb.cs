using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using SupportTickets.Access;
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
    public override IQueryable<ChangeState> ReadChanges(ChangeMark earlier) => Database.SqlQuery<ChangeState>($"""
        SELECT coalesce((SELECT max(id) FROM ticket_events), 0) AS "Event",
            (SELECT at FROM ticket_events ORDER BY id DESC LIMIT 1) AS "EventTime",
            coalesce((SELECT max(id) FROM ticket_deletions), 0) AS "Deletion",
            (SELECT at FROM ticket_deletions ORDER BY id DESC LIMIT 1) AS "DeletionTime",
            0 AS "Next", NULL AS "Running",
            coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ticket_events'), 0) AS "LastEvent",
            coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ticket_deletions'), 0) AS "LastDeletion",
            (SELECT at FROM ticket_events WHERE id = {earlier.Event}) AS "ThatEventTime",
            (SELECT at FROM ticket_deletions WHERE id = {earlier.Deletion}) AS "ThatDeletionTime"
        """);

    /// <inheritdoc />
    /// <remarks>One writes at a time, so ids are committed in their order.</remarks>
    public override IQueryable<TicketEvent> EventsBetween(ChangeMark since, ChangeMark until) =>
        TicketEvents.AsNoTracking().Where(e => e.Id > since.Event && e.Id <= until.Event);

    /// <inheritdoc />
    public override IQueryable<TicketDeletion> DeletionsBetween(ChangeMark since, ChangeMark until) =>
        TicketDeletions.AsNoTracking().Where(d => d.Id > since.Deletion && d.Id <= until.Deletion);

    /// <inheritdoc />
    /// <remarks>A transaction has the file to itself from its beginning.</remarks>
    public override Task<List<int>> LockAdminsAsync(CancellationToken cancel) =>
        People.Where(p => p.Role == Role.admin && p.DeactivatedAt == null).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancel);

    /// <inheritdoc />
    /// <remarks>A transaction has the file to itself from its beginning.</remarks>
    public override Task LockTicketAsync(int id, CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc />
    /// <remarks>
    /// The driver's word for a deferred transaction, which begins with what it reads first and keeps no writer out; all others take
    /// the one place for writing. Without a shared cache, nothing uncommitted is read.
    /// </remarks>
    protected override IsolationLevel SnapshotLevel => IsolationLevel.ReadUncommitted;

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
        QueryFunctions.MapSqlite(modelBuilder);
        FloatFunctions.MapSqlite(modelBuilder);
    }

    // FTS5 syntax: a phrase in double quotes is literal text, with a quote in it doubled.
    private static string MatchExpression(string term) =>
        $"({string.Join(" OR ", SearchTerms.Spellings(term).Select(s => $"\"{s.Replace("\"", "\"\"")}\""))})";

    // Text has no zone: what comes back must say that it is UTC.
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(time => time, time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
