using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Changes;

/// <summary>What changed, as each database tells it.</summary>
internal static class ChangeReads
{
    /// <summary>Where the changes stand now, and what is known of an earlier mark, in one row.</summary>
    public static IQueryable<ChangeState> ReadChanges(this TicketDb db, ChangeMark earlier) =>
        db.Sql.IsPostgres ? OnPostgres(db, earlier) : OnSqlite(db, earlier);

    /// <summary>
    /// The events behind one mark and not behind another; untracked. Where a restored dump makes it uncertain, rather too many.
    /// </summary>
    public static IQueryable<TicketEvent> EventsBetween(this TicketDb db, ChangeMark since, ChangeMark until)
    {
        // On SQLite one writes at a time, so ids are committed in their order.
        if (!db.Sql.IsPostgres)
            return db.TicketEvents.AsNoTracking().Where(e => e.Id > since.Event && e.Id <= until.Event);
        var (running, next, end) = Transactions(since, until);
        return db.TicketEvents.AsNoTracking().Where(e =>
            (EF.Property<ulong>(e, TicketTables.TransactionId) >= next && EF.Property<ulong>(e, TicketTables.TransactionId) < end)
            || running.Contains(EF.Property<ulong>(e, TicketTables.TransactionId)) || (e.Id > since.Event && e.Id <= until.Event));
    }

    /// <summary>The deletions behind one mark and not behind another; untracked.</summary>
    public static IQueryable<TicketDeletion> DeletionsBetween(this TicketDb db, ChangeMark since, ChangeMark until)
    {
        if (!db.Sql.IsPostgres)
            return db.TicketDeletions.AsNoTracking().Where(d => d.Id > since.Deletion && d.Id <= until.Deletion);
        var (running, next, end) = Transactions(since, until);
        return db.TicketDeletions.AsNoTracking().Where(d =>
            (EF.Property<ulong>(d, TicketTables.TransactionId) >= next && EF.Property<ulong>(d, TicketTables.TransactionId) < end)
            || running.Contains(EF.Property<ulong>(d, TicketTables.TransactionId)) || (d.Id > since.Deletion && d.Id <= until.Deletion));
    }

    private static IQueryable<ChangeState> OnSqlite(TicketDb db, ChangeMark earlier) => db.Database.SqlQuery<ChangeState>($"""
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

    private static IQueryable<ChangeState> OnPostgres(TicketDb db, ChangeMark earlier) => db.Database.SqlQuery<ChangeState>($"""
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

    // Whatever the earlier mark did not see was written by a transaction that was running then or began later. In a dump
    // restored to another server transactions are counted anew: then the ids tell what is new, the end keeps old rows with
    // high numbers out, and a mark from there, with a number that is not reached here yet, has no end.
    private static (ulong[] Running, ulong Next, ulong End) Transactions(ChangeMark since, ChangeMark until) =>
        ([.. since.Running.Select(id => (ulong)id)], (ulong)since.Next, since.Next > until.Next ? ulong.MaxValue : (ulong)until.Next);
}
