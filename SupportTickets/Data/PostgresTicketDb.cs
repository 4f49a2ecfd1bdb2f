using System.Data;
using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Data;

/// <summary>The context for PostgreSQL, the database for production.</summary>
public sealed class PostgresTicketDb(DbContextOptions<PostgresTicketDb> options) : TicketDb(options)
{
    /// <inheritdoc />
    public override SqlDialect Sql => SqlDialect.Postgres;

    /// <inheritdoc />
    protected override IsolationLevel SnapshotLevel => IsolationLevel.RepeatableRead;

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasPostgresExtension("pg_trgm");
        SearchFunctions.MapPostgres(modelBuilder);
        QueryFunctions.MapPostgres(modelBuilder);
        FloatFunctions.MapPostgres(modelBuilder);
    }
}
