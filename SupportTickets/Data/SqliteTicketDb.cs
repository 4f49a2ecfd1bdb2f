using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SupportTickets.Data;

/// <summary>The context for SQLite, the built-in database.</summary>
public sealed class SqliteTicketDb(DbContextOptions<SqliteTicketDb> options) : TicketDb(options)
{
    /// <inheritdoc />
    public override SqlDialect Sql => SqlDialect.Sqlite;

    /// <inheritdoc />
    /// <remarks>
    /// The driver begins a deferred transaction at this level. Such a transaction takes its snapshot at the first read and keeps no
    /// writer out; at any other level it takes the write lock. Without a shared cache, no uncommitted data is read.
    /// </remarks>
    protected override IsolationLevel SnapshotLevel => IsolationLevel.ReadUncommitted;

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        SearchFunctions.MapSqlite(modelBuilder);
        QueryFunctions.MapSqlite(modelBuilder);
        FloatFunctions.MapSqlite(modelBuilder);
    }

    // Text has no time zone, so the converter marks the value as UTC.
    private sealed class UtcConverter()
        : ValueConverter<DateTime, DateTime>(time => time, time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
