using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Data;

/// <summary>Registers the database.</summary>
public static class DataFeature
{
    private const string MigrationsTable = "schema_migrations";

    /// <summary>Adds the context of the chosen provider, and its migration at start.</summary>
    public static IServiceCollection AddData(this IServiceCollection services, DatabaseSettings settings)
    {
        if (settings.IsPostgres)
            services.AddDbContextPool<TicketDb, PostgresTicketDb>(options => Configure(options, settings));
        else
            services.AddDbContextPool<TicketDb, SqliteTicketDb>(options => Configure(options, settings));
        services.AddSingleton(settings);
        services.AddSingleton<DatabaseMigrator>();
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseMigrator>());
        return services;
    }

    /// <summary>The options of a provider; also used by the design-time tools.</summary>
    internal static DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, DatabaseSettings settings) => settings.IsPostgres
        ? options.UseNpgsql(settings.ConnectionString, postgres => postgres.MigrationsHistoryTable(MigrationsTable))
        : options.UseSqlite(settings.ConnectionString, sqlite => sqlite.MigrationsHistoryTable(MigrationsTable)).AddInterceptors(new SqliteFunctions());
}
