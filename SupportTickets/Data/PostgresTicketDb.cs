using System.Data;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SupportTickets.Access;
using SupportTickets.Tickets;

namespace SupportTickets.Data;

/// <summary>The production database: search by pg_trgm indexes on title and description.</summary>
public sealed class PostgresTicketDb(DbContextOptions<PostgresTicketDb> options) : TicketDb(options)
{
    // The transaction that wrote a row. Ids are given out in one order and committed in another; this tells what was still
    // running when a mark was taken.
    private const string TransactionId = nameof(TransactionId);

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
    public override IQueryable<ChangeState> ReadChanges(ChangeMark earlier) => Database.SqlQuery<ChangeState>($"""
        SELECT coalesce((SELECT max(id) FROM ticket_events), 0) AS "Event",
            (SELECT extract(epoch FROM at)::text FROM ticket_events ORDER BY id DESC LIMIT 1) AS "EventTime",
            coalesce((SELECT max(id) FROM ticket_deletions), 0) AS "Deletion",
            (SELECT extract(epoch FROM at)::text FROM ticket_deletions ORDER BY id DESC LIMIT 1) AS "DeletionTime",
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "Next",
            (SELECT string_agg(running::text, ',') FROM pg_snapshot_xip(pg_current_snapshot()) AS running) AS "Running",
            (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ticket_events_id_seq) AS "LastEvent",
            (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ticket_deletions_id_seq) AS "LastDeletion",
            (SELECT extract(epoch FROM at)::text FROM ticket_events WHERE id = {earlier.Event}) AS "ThatEventTime",
            (SELECT extract(epoch FROM at)::text FROM ticket_deletions WHERE id = {earlier.Deletion}) AS "ThatDeletionTime"
        """);

    /// <inheritdoc />
    public override IQueryable<TicketEvent> EventsBetween(ChangeMark since, ChangeMark until)
    {
        var (running, next, end) = Transactions(since, until);
        return TicketEvents.AsNoTracking().Where(e =>
            (EF.Property<ulong>(e, TransactionId) >= next && EF.Property<ulong>(e, TransactionId) < end)
            || running.Contains(EF.Property<ulong>(e, TransactionId)) || (e.Id > since.Event && e.Id <= until.Event));
    }

    /// <inheritdoc />
    public override IQueryable<TicketDeletion> DeletionsBetween(ChangeMark since, ChangeMark until)
    {
        var (running, next, end) = Transactions(since, until);
        return TicketDeletions.AsNoTracking().Where(d =>
            (EF.Property<ulong>(d, TransactionId) >= next && EF.Property<ulong>(d, TransactionId) < end)
            || running.Contains(EF.Property<ulong>(d, TransactionId)) || (d.Id > since.Deletion && d.Id <= until.Deletion));
    }

    /// <inheritdoc />
    /// <remarks>Who waited gets the rows as they are by then. In the order of the key, so that two cannot wait for each other.</remarks>
    public override Task<List<int>> LockAdminsAsync(CancellationToken cancel) =>
        Database.SqlQuery<int>($"SELECT id AS \"Value\" FROM people WHERE role = {(int)Role.admin} AND deactivated_at IS NULL ORDER BY id FOR NO KEY UPDATE").ToListAsync(cancel);

    /// <inheritdoc />
    /// <remarks>The job first, as those who write lock them: two that lock in the same order cannot wait for each other.</remarks>
    public override async Task LockTicketAsync(int id, CancellationToken cancel)
    {
        await Database.ExecuteSqlAsync($"SELECT 1 FROM scoring_jobs WHERE ticket_id = {id} FOR UPDATE", cancel);
        await Database.ExecuteSqlAsync($"SELECT 1 FROM tickets WHERE id = {id} FOR UPDATE", cancel);
    }

    /// <inheritdoc />
    protected override IsolationLevel SnapshotLevel => IsolationLevel.RepeatableRead;

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
        TellsTransaction(modelBuilder.Entity<TicketEvent>());
        TellsTransaction(modelBuilder.Entity<TicketDeletion>());
        SnakeCase.Apply(modelBuilder.Model);
        QueryFunctions.MapPostgres(modelBuilder);
        FloatFunctions.MapPostgres(modelBuilder);
        modelBuilder.Entity<Ticket>(ticket =>
        {
            Trigrams(t => t.Title, "ix_tickets_title_trgm");
            Trigrams(t => t.Description, "ix_tickets_description_trgm");

            void Trigrams(Expression<Func<Ticket, object?>> column, string name) =>
                ticket.HasIndex(column).HasDatabaseName(name).HasMethod("gin").HasOperators("gin_trgm_ops");
        });
    }

    private static void TellsTransaction<T>(EntityTypeBuilder<T> entity) where T : class
    {
        entity.Property<ulong>(TransactionId).HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
        entity.HasIndex(TransactionId);
    }

    // Whatever the earlier mark did not see was written by a transaction that was running then or began later. In a dump
    // restored to another server transactions are counted anew: then the ids tell what is new, the end keeps old rows with
    // high numbers out, and a mark from there, with a number that is not reached here yet, has no end.
    private static (ulong[] Running, ulong Next, ulong End) Transactions(ChangeMark since, ChangeMark until) =>
        ([.. since.Running.Select(id => (ulong)id)], (ulong)since.Next, since.Next > until.Next ? ulong.MaxValue : (ulong)until.Next);

    // The zone is named so that the expression is immutable, as a generated column must be.
    private static string Seconds(string column) => $"floor(extract(epoch from {column} AT TIME ZONE 'UTC'))::bigint";

    private static string Pattern(string term) => $"%{term.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
}
