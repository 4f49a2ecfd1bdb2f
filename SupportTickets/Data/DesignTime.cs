using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using SupportTickets.Configuration;

namespace SupportTickets.Data;

/// <summary>Lets <c>dotnet ef migrations add X --context SqliteTicketDb</c> work without a running application.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteTicketDb>
{
    public SqliteTicketDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteTicketDb>();
        DataFeature.Configure(options, DatabaseSettings.Sqlite(":memory:"));
        return new(options.Options);
    }
}

/// <summary>
/// Lets <c>dotnet ef migrations add X --context PostgresTicketDb</c> work without a running application; no server is asked.
/// </summary>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresTicketDb>
{
    public PostgresTicketDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresTicketDb>();
        DataFeature.Configure(options, new DatabaseSettings(true, "Host=localhost"));
        return new(options.Options);
    }
}
