using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SupportTickets.Data;

/// <summary>The embedded database.</summary>
public sealed class SqliteTicketDb(DbContextOptions<SqliteTicketDb> options) : TicketDb(options)
{
    /// <inheritdoc />
    public override SqlDialect Sql => SqlDialect.Sqlite;

    /// <inheritdoc />
    /// <remarks>
    /// The driver's word for a deferred transaction, which begins with what it reads first and keeps no writer out; all others take
    /// the one place for writing. Without a shared cache, nothing uncommitted is read.
    /// </remarks>
    protected override IsolationLevel SnapshotLevel => IsolationLevel.ReadUncommitted;

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

    // Text has no zone: what comes back must say that it is UTC.
    private sealed class UtcConverter()
        : ValueConverter<DateTime, DateTime>(time => time, time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
