using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Changes;

/// <summary>Reads what changed, with the means of each database.</summary>
internal static class ChangeReads
{
    /// <summary>The current state of the changes, and what is known about an earlier mark, in one row.</summary>
    public static IQueryable<ChangeState> ReadChanges(this TicketDb db, ChangeMark earlier) =>
        db.Sql.IsPostgres ? OnPostgres(db, earlier) : OnSqlite(db, earlier);

    /// <summary>
    /// The events after one mark and not after another; untracked. Where a restored dump makes that uncertain, it gives too many
    /// rather than too few.
    /// </summary>
    public static IQueryable<TicketEvent> EventsBetween(this TicketDb db, ChangeMark since, ChangeMark until)
    {
        // SQLite has one writer at a time, so ids are committed in ascending order.
        if (!db.Sql.IsPostgres)
            return db.TicketEvents.AsNoTracking().Where(e => e.Id > since.Event && e.Id <= until.Event);
        var (running, next, end) = Transactions(since, until);
        return db.TicketEvents.AsNoTracking().Where(e =>
            (EF.Property<ulong>(e, TicketTables.TransactionId) >= next && EF.Property<ulong>(e, TicketTables.TransactionId) < end)
            || running.Contains(EF.Property<ulong>(e, TicketTables.TransactionId)) || (e.Id > since.Event && e.Id <= until.Event));
    }

    /// <summary>The deletions after one mark and not after another; untracked.</summary>
    public static IQueryable<TicketDeletion> DeletionsBetween(this TicketDb db, ChangeMark since, ChangeMark until)
    {
        if (!db.Sql.IsPostgres)
            return db.TicketDeletions.AsNoTracking().Where(d => d.Id > since.Deletion && d.Id <= until.Deletion);
        var (running, next, end) = Transactions(since, until);
        return db.TicketDeletions.AsNoTracking().Where(d =>
            (EF.Property<ulong>(d, TicketTables.TransactionId) >= next && EF.Property<ulong>(d, TicketTables.TransactionId) < end)
            || running.Contains(EF.Property<ulong>(d, TicketTables.TransactionId)) || (d.Id > since.Deletion && d.Id <= until.Deletion));
    }

    /// <summary>The deletions of comments after one mark and not after another, also those of deleted tickets; untracked.</summary>
    public static IQueryable<CommentDeletion> CommentDeletionsBetween(this TicketDb db, ChangeMark since, ChangeMark until)
    {
        if (!db.Sql.IsPostgres)
            return db.CommentDeletions.AsNoTracking().Where(d => d.Id > since.CommentDeletion && d.Id <= until.CommentDeletion);
        var (running, next, end) = Transactions(since, until);
        return db.CommentDeletions.AsNoTracking().Where(d =>
            (EF.Property<ulong>(d, TicketTables.TransactionId) >= next && EF.Property<ulong>(d, TicketTables.TransactionId) < end)
            || running.Contains(EF.Property<ulong>(d, TicketTables.TransactionId))
            || (d.Id > since.CommentDeletion && d.Id <= until.CommentDeletion));
    }

    private static IQueryable<ChangeState> OnSqlite(TicketDb db, ChangeMark earlier) => db.Database.SqlQuery<ChangeState>($"""
        SELECT coalesce((SELECT max(id) FROM ticket_events), 0) AS "Event",
            (SELECT at FROM ticket_events ORDER BY id DESC LIMIT 1) AS "EventTime",
            coalesce((SELECT max(id) FROM ticket_deletions), 0) AS "Deletion",
            (SELECT at FROM ticket_deletions ORDER BY id DESC LIMIT 1) AS "DeletionTime",
            coalesce((SELECT max(id) FROM comment_deletions), 0) AS "CommentDeletion",
            0 AS "Next", NULL AS "Running",
            coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ticket_events'), 0) AS "LastEvent",
            coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ticket_deletions'), 0) AS "LastDeletion",
            (SELECT at FROM ticket_events WHERE id = {earlier.Event}) AS "ThatEventTime",
            (SELECT at FROM ticket_deletions WHERE id = {earlier.Deletion}) AS "ThatDeletionTime"
        """);

    private static IQueryable<ChangeState> OnPostgres(TicketDb db, ChangeMark earlier) => db.Database.SqlQuery<ChangeState>($"""
        SELECT coalesce((SELECT max(id) FROM ticket_events), 0) AS "Event",
            (SELECT extract(epoch FROM at)::text FROM ticket_events ORDER BY id DESC LIMIT 1) AS "EventTime",
            coalesce((SELECT max(id) FROM ticket_deletions), 0) AS "Deletion",
            (SELECT extract(epoch FROM at)::text FROM ticket_deletions ORDER BY id DESC LIMIT 1) AS "DeletionTime",
            coalesce((SELECT max(id) FROM comment_deletions), 0) AS "CommentDeletion",
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "Next",
            (SELECT string_agg(running::text, ',') FROM pg_snapshot_xip(pg_current_snapshot()) AS running) AS "Running",
            (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ticket_events_id_seq) AS "LastEvent",
            (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ticket_deletions_id_seq) AS "LastDeletion",
            (SELECT extract(epoch FROM at)::text FROM ticket_events WHERE id = {earlier.Event}) AS "ThatEventTime",
            (SELECT extract(epoch FROM at)::text FROM ticket_deletions WHERE id = {earlier.Deletion}) AS "ThatDeletionTime"
        """);

    // Everything that the earlier mark did not see was written by a transaction that was running then or began later. A dump
    // restored to another server starts with new transaction ids. Then the event ids tell what is new, and the upper bound keeps
    // out old rows with high transaction ids. A mark from before the restore, with an id that this server has not reached yet, has
    // no upper bound.
    private static (ulong[] Running, ulong Next, ulong End) Transactions(ChangeMark since, ChangeMark until) =>
        ([.. since.Running.Select(id => (ulong)id)], (ulong)since.Next, since.Next > until.Next ? ulong.MaxValue : (ulong)until.Next);
}
