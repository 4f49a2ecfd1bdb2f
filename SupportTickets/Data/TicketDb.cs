using System.Data;
using System.Linq.Expressions;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SupportTickets.Access;
using SupportTickets.Analytics;
using SupportTickets.Tickets;
using SupportTickets.Triage;
using SupportTickets.Views;

namespace SupportTickets.Data;

/// <summary>The database. What the two providers do differently is in the two classes below it.</summary>
public abstract class TicketDb(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    /// <summary>
    /// A column of <see cref="TicketEvent"/>: 1 when its ticket became done, by being created so too; -1 when it was
    /// reopened; else null. Those of a ticket up to a day add up to 1 when it was done at the end of that day, else to 0.
    /// </summary>
    internal const string DoneChange = nameof(DoneChange);

    private static readonly string DoneChangeSql =
        $"CASE WHEN field = {(int)TicketField.status} AND new_value IN ('resolved', 'closed') AND (old_value IS NULL OR old_value IN ('open', 'in_progress')) THEN 1 "
        + $"WHEN field = {(int)TicketField.status} AND new_value IN ('open', 'in_progress') AND old_value IN ('resolved', 'closed') THEN -1 END";

    /// <summary>The tickets. To read them for a caller, use <see cref="TicketReads"/>.</summary>
    public DbSet<Ticket> Tickets => Set<Ticket>();

    /// <summary>Their history.</summary>
    public DbSet<TicketEvent> TicketEvents => Set<TicketEvent>();

    /// <summary>What is left of those that were deleted.</summary>
    public DbSet<TicketDeletion> TicketDeletions => Set<TicketDeletion>();

    /// <summary>What came in under a key, so that it is not taken twice.</summary>
    public DbSet<Submission> Submissions => Set<Submission>();

    /// <summary>The days that reports group by.</summary>
    public DbSet<CalendarDay> Calendar => Set<CalendarDay>();

    /// <summary>What the provider of suggestions was asked and said.</summary>
    public DbSet<TriageResult> TriageResults => Set<TriageResult>();

    /// <summary>Tickets that wait to be scored again.</summary>
    public DbSet<ScoringJob> ScoringJobs => Set<ScoringJob>();

    /// <summary>Those who can sign in.</summary>
    public DbSet<Person> People => Set<Person>();

    /// <summary>The same, as those see them who read tickets.</summary>
    public DbSet<Agent> Agents => Set<Agent>();

    /// <summary>Their tokens.</summary>
    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();

    /// <summary>Those who may become people.</summary>
    public DbSet<Invitation> Invitations => Set<Invitation>();

    /// <summary>Those who may set a new password.</summary>
    public DbSet<PasswordLink> PasswordLinks => Set<PasswordLink>();

    /// <summary>Passwords that were guessed.</summary>
    public DbSet<GuessCount> GuessCounts => Set<GuessCount>();

    /// <summary>Sessions that were signed out of.</summary>
    public DbSet<EndedSession> EndedSessions => Set<EndedSession>();

    /// <summary>Who came in, and what was done to people and tokens.</summary>
    public DbSet<AccessEntry> AccessLog => Set<AccessEntry>();

    /// <summary>The lists that people want to find again.</summary>
    public DbSet<SavedView> SavedViews => Set<SavedView>();

    /// <summary>The keys that protect forms and cookies, shared by all instances.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Those of <paramref name="tickets"/> that contain every term in their title or description.</summary>
    public abstract IQueryable<Ticket> Search(IQueryable<Ticket> tickets, SearchTerms search);

    /// <summary>Where the changes stand now, and what is known of an earlier mark, in one row.</summary>
    public abstract IQueryable<ChangeState> ReadChanges(ChangeMark earlier);

    /// <summary>The events behind one mark and not behind another; untracked. Where a restored dump makes it uncertain, rather too many.</summary>
    public abstract IQueryable<TicketEvent> EventsBetween(ChangeMark since, ChangeMark until);

    /// <summary>The same of deletions.</summary>
    public abstract IQueryable<TicketDeletion> DeletionsBetween(ChangeMark since, ChangeMark until);

    /// <summary>The ids of the active administrators, who stay what they are until the open transaction ends: another that asks waits for it, then sees what it did.</summary>
    public abstract Task<List<int>> LockAdminsAsync(CancellationToken cancel);

    /// <summary>Keeps everybody else from changing a ticket until the open transaction ends: another that wants to waits for it.</summary>
    public abstract Task LockTicketAsync(int id, CancellationToken cancel);

    /// <summary>
    /// Lets everything that is read until the end of what this gives see the database as it is at one moment; others go on
    /// writing meanwhile. Null, which changes nothing, in a transaction that is open already.
    /// </summary>
    public async Task<IAsyncDisposable?> SnapshotAsync(CancellationToken cancel) =>
        Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(SnapshotLevel, cancel) : null;

    /// <summary>The isolation of a transaction that only reads, all of it from one snapshot.</summary>
    protected abstract IsolationLevel SnapshotLevel { get; }

    /// <summary>SQL for the UTC day of a timestamp column.</summary>
    protected abstract string DateSql(string column);

    /// <summary>SQL for the whole minutes between two timestamp columns, seconds cut off.</summary>
    protected abstract string MinutesSql(string start, string end);

    /// <summary>Whether a generated column that came after its table is stored: SQLite can add none that is, PostgreSQL knows no other.</summary>
    protected abstract bool StoresAddedColumns { get; }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Ticket>(ticket =>
        {
            ticket.ToTable("tickets", table =>
            {
                EnumCheck<Category>(table, "category");
                EnumCheck<Priority>(table, "priority");
                EnumCheck<Status>(table, "status");
                EnumCheck<Sentiment>(table, "sentiment");
                table.HasCheckConstraint("ticket_urgency_range", "urgency_score BETWEEN 0 AND 100");
            });
            ticket.Property(t => t.Title).HasMaxLength(Ticket.MaxTitleLength * 2); // EF counts UTF-16 units, the rule code points
            ticket.Property(t => t.CreatedDate).HasComputedColumnSql(DateSql("created_at"), stored: true);
            ticket.Property(t => t.ResolutionMinutes).HasComputedColumnSql(MinutesSql("created_at", "resolved_at"), stored: true);
            ticket.Property(t => t.ResolvedDate).HasComputedColumnSql(DateSql("resolved_at"), StoresAddedColumns);
            OnDay(ticket, t => t.CreatedOn, t => t.CreatedDate);
            OnDay(ticket, t => t.ResolvedOn, t => t.ResolvedDate);
            // One index for each order and each filter of the lists, newest first; the last three answer the statistics and the dashboard by themselves.
            ticket.HasIndex(t => new { t.CreatedAt, t.Id });
            ticket.HasIndex(t => new { t.Status, t.CreatedAt, t.Id });
            ticket.HasIndex(t => new { t.Category, t.CreatedAt, t.Id });
            ticket.HasIndex(t => new { t.Priority, t.CreatedAt, t.Id });
            ticket.HasIndex(t => new { t.UrgencyScore, t.Id });
            ticket.HasIndex(t => new { t.ResolvedAt, t.Id });
            ticket.HasIndex(t => new { t.Status, t.Priority, t.Category, t.Sentiment, t.UrgencyScore, t.CreatedAt });
            ticket.HasIndex(t => t.CreatedDate);
            ticket.HasIndex(t => new { t.ResolvedDate, t.ResolutionMinutes });
            // The second reference is the one that the database keeps: it knows the table of people only.
            ticket.HasOne(t => t.Assignee).WithMany(a => a.Tickets).HasForeignKey(t => t.AssigneeId);
            ticket.HasOne<Person>().WithMany().HasForeignKey(t => t.AssigneeId).OnDelete(DeleteBehavior.Restrict);
            // Each ticket is in one of them. Two, because PostgreSQL does not take the order from an index whose first column is asked to be null.
            ticket.HasIndex(t => new { t.AssigneeId, t.Status, t.CreatedAt, t.Id }, "ix_tickets_assigned").HasFilter("assignee_id IS NOT NULL");
            ticket.HasIndex(t => new { t.Status, t.CreatedAt, t.Id }, "ix_tickets_unassigned").HasFilter("assignee_id IS NULL");
        });
        modelBuilder.Entity<TicketEvent>(ticketEvent =>
        {
            ticketEvent.ToTable("ticket_events");
            ticketEvent.Property(e => e.Actor).HasMaxLength(200);
            ticketEvent.Property(e => e.Date).HasComputedColumnSql(DateSql("at"), stored: true);
            ticketEvent.HasOne(e => e.Ticket).WithMany(t => t.Events).HasForeignKey(e => e.TicketId).OnDelete(DeleteBehavior.Cascade);
            ticketEvent.Property<int?>(DoneChange).HasComputedColumnSql(DoneChangeSql, StoresAddedColumns);
            OnDay(ticketEvent, e => e.On, e => e.Date);
            ticketEvent.HasIndex(e => new { e.TicketId, e.Id });
            ticketEvent.HasIndex(e => new { e.Field, e.Date });
            ticketEvent.HasIndex(e => e.Date);
            ticketEvent.HasIndex(nameof(TicketEvent.Date), DoneChange).HasFilter("done_change IS NOT NULL");
        });
        modelBuilder.Entity<TicketDeletion>(deletion =>
        {
            deletion.ToTable("ticket_deletions");
            deletion.Property(d => d.Actor).HasMaxLength(200);
            deletion.HasIndex(d => d.TicketId).IsUnique();
        });
        modelBuilder.Entity<TriageResult>(result =>
        {
            result.ToTable("triage_results");
            result.Property(r => r.Id).ValueGeneratedNever();
            result.Property(r => r.Model).HasMaxLength(200);
            result.HasOne(r => r.Ticket).WithMany().HasForeignKey(r => r.TicketId).OnDelete(DeleteBehavior.Cascade);
            result.HasIndex(r => r.TicketId);
        });
        modelBuilder.Entity<ScoringJob>(job =>
        {
            job.ToTable("scoring_jobs");
            job.HasKey(j => j.TicketId);
            job.Property(j => j.TicketId).ValueGeneratedNever();
            job.HasOne(j => j.Ticket).WithOne().HasForeignKey<ScoringJob>(j => j.TicketId).OnDelete(DeleteBehavior.Cascade);
            job.HasIndex(j => j.DueAt);
        });
        modelBuilder.Entity<CalendarDay>(day =>
        {
            // A table that a migration makes and fills; EF reads it as a view, so it never writes, alters or references it.
            day.ToView("calendar");
            day.HasKey(d => d.Key);
        });
        SubmissionTable.Declare(modelBuilder);
        AccessTables.Declare(modelBuilder, StoresAddedColumns);
        SavedView.Declare(modelBuilder);
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
        SnakeCase.Apply(modelBuilder.Model);
    }

    // Optional although most days are never null: a row whose day is outside the calendar must not vanish from a sum.
    private static void OnDay<TEntity>(EntityTypeBuilder<TEntity> entity, Expression<Func<TEntity, CalendarDay?>> navigation, Expression<Func<TEntity, object?>> day) where TEntity : class =>
        entity.HasOne(navigation).WithMany().HasForeignKey(day).HasPrincipalKey(d => d.Date).IsRequired(false);

    private static void EnumCheck<TEnum>(TableBuilder<Ticket> table, string column) where TEnum : struct, Enum =>
        table.HasCheckConstraint($"ticket_{column}_valid", $"{column} BETWEEN 0 AND {Enum.GetValues<TEnum>().Length - 1}");
}
