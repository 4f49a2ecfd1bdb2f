using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SupportTickets.Access.People;
using SupportTickets.Data;
using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Tickets;

/// <summary>The tables of tickets, of their history, and of deleted tickets.</summary>
internal sealed class TicketTables : ITables
{
    /// <summary>
    /// A column of <see cref="TicketEvent"/>: 1 when its ticket became done, also by being created so; -1 when it was reopened;
    /// else null. The sum over a ticket's events up to a day is 1 if it was done at the end of that day, else 0.
    /// </summary>
    public const string DoneChange = nameof(DoneChange);

    private static readonly string DoneChangeSql =
        $"CASE WHEN field = {(int)TicketField.status} AND new_value IN ('resolved', 'closed') "
        + "AND (old_value IS NULL OR old_value IN ('open', 'in_progress')) THEN 1 "
        + $"WHEN field = {(int)TicketField.status} AND new_value IN ('open', 'in_progress') "
        + "AND old_value IN ('resolved', 'closed') THEN -1 END";

    /// <summary>
    /// On PostgreSQL, a column of the tables with changes: the id of the transaction that wrote the row. Row ids are not committed
    /// in ascending order; this id tells which transactions were still running when a mark was taken.
    /// </summary>
    public const string TransactionId = nameof(TransactionId);

    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db)
    {
        model.Entity<Ticket>(ticket => Declare(ticket, db.Sql));
        model.Entity<TicketEvent>(ticketEvent => Declare(ticketEvent, db.Sql));
        model.Entity<TicketDeletion>(deletion => Declare(deletion, db.Sql));
        // The table of people, mapped as a view: EF writes it only through Person, and Agent maps no other column that could be revealed.
        model.Entity<Agent>(agent => agent.ToView("people").HasKey(a => a.Id));
    }

    private static void Declare(EntityTypeBuilder<Ticket> ticket, SqlDialect sql)
    {
        ticket.ToTable("tickets", table =>
        {
            EnumCheck<Category>(table, "category");
            EnumCheck<Priority>(table, "priority");
            EnumCheck<Status>(table, "status");
            EnumCheck<Sentiment>(table, "sentiment");
            table.HasCheckConstraint("ticket_urgency_range", "urgency_score BETWEEN 0 AND 100");
        });
        ticket.Property(t => t.Title).HasMaxLength(Ticket.MaxTitleLength * 2); // EF counts UTF-16 units, the rule counts code points
        ticket.Property(t => t.CreatedDate).HasComputedColumnSql(sql.Date("created_at"), stored: true);
        ticket.Property(t => t.ResolutionMinutes).HasComputedColumnSql(sql.Minutes("created_at", "resolved_at"), stored: true);
        ticket.Property(t => t.ResolvedDate).HasComputedColumnSql(sql.Date("resolved_at"), sql.StoresAddedColumns);
        OnDay(ticket, t => t.CreatedOn, t => t.CreatedDate);
        OnDay(ticket, t => t.ResolvedOn, t => t.ResolvedDate);
        // One index for each order and each filter of the lists, newest first. The last three are for what the feed groups by.
        ticket.HasIndex(t => new { t.CreatedAt, t.Id });
        ticket.HasIndex(t => new { t.Status, t.CreatedAt, t.Id });
        ticket.HasIndex(t => new { t.Category, t.CreatedAt, t.Id });
        ticket.HasIndex(t => new { t.Priority, t.CreatedAt, t.Id });
        ticket.HasIndex(t => new { t.UrgencyScore, t.Id });
        ticket.HasIndex(t => new { t.ResolvedAt, t.Id });
        // The most urgent ones of those that wait: agents take the urgent ones first, so by urgency alone all done ones may come before.
        ticket.HasIndex(t => new { t.Status, t.UrgencyScore, t.Id });
        if (sql.IsPostgres)
            ticket.HasIndex(t => new { t.Status, t.Priority, t.Id });
        else
            ticket.HasIndex(t => new { t.Status, t.Priority, t.Category, t.Sentiment, t.UrgencyScore, t.CreatedAt });
        ticket.HasIndex(t => t.CreatedDate);
        ticket.HasIndex(t => new { t.ResolvedDate, t.ResolutionMinutes });
        // The database enforces only the second reference, to the table of people.
        ticket.HasOne(t => t.Assignee).WithMany(a => a.Tickets).HasForeignKey(t => t.AssigneeId);
        ticket.HasOne<Person>().WithMany().HasForeignKey(t => t.AssigneeId).OnDelete(DeleteBehavior.Restrict);
        // Each ticket is in one of these indexes. There are two, because PostgreSQL does not take the order from an index when its
        // first column is compared with null.
        ticket.HasIndex(t => new { t.AssigneeId, t.Status, t.CreatedAt, t.Id }, "ix_tickets_assigned").HasFilter("assignee_id IS NOT NULL");
        ticket.HasIndex(t => new { t.Status, t.CreatedAt, t.Id }, "ix_tickets_unassigned").HasFilter("assignee_id IS NULL");
        // The trigram indexes of the search are only in the migrations, because EF has no index on an expression.
    }

    private static void Declare(EntityTypeBuilder<TicketEvent> ticketEvent, SqlDialect sql)
    {
        ticketEvent.ToTable("ticket_events");
        ticketEvent.Property(e => e.Actor).HasMaxLength(200);
        ticketEvent.Property(e => e.Date).HasComputedColumnSql(sql.Date("at"), stored: true);
        ticketEvent.HasOne(e => e.Ticket).WithMany(t => t.Events).HasForeignKey(e => e.TicketId).OnDelete(DeleteBehavior.Cascade);
        ticketEvent.Property<int?>(DoneChange).HasComputedColumnSql(DoneChangeSql, sql.StoresAddedColumns);
        OnDay(ticketEvent, e => e.On, e => e.Date);
        ticketEvent.HasIndex(e => new { e.TicketId, e.Id });
        ticketEvent.HasIndex(e => new { e.Field, e.Date });
        ticketEvent.HasIndex(e => e.Date);
        if (sql.IsPostgres) TellsTransaction(ticketEvent);
    }

    private static void Declare(EntityTypeBuilder<TicketDeletion> deletion, SqlDialect sql)
    {
        deletion.ToTable("ticket_deletions");
        deletion.Property(d => d.Actor).HasMaxLength(200);
        deletion.HasIndex(d => d.TicketId).IsUnique();
        if (sql.IsPostgres) TellsTransaction(deletion);
    }

    /// <summary>Adds the column that tells which transaction wrote a row, on PostgreSQL.</summary>
    internal static void TellsTransaction<T>(EntityTypeBuilder<T> entity) where T : class
    {
        entity.Property<ulong>(TransactionId).HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
        entity.HasIndex(TransactionId);
    }

    // Optional, although most days are never null: a row with a day outside the calendar must not be missing from a sum.
    internal static void OnDay<TEntity>(
        EntityTypeBuilder<TEntity> entity, Expression<Func<TEntity, CalendarDay?>> navigation, Expression<Func<TEntity, object?>> day)
        where TEntity : class =>
        entity.HasOne(navigation).WithMany().HasForeignKey(day).HasPrincipalKey(d => d.Date).IsRequired(false);

    private static void EnumCheck<TEnum>(TableBuilder<Ticket> table, string column) where TEnum : struct, Enum =>
        table.HasCheckConstraint($"ticket_{column}_valid", EnumColumn.Check<TEnum>(column));
}
