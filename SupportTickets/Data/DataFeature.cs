using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SupportTickets.Configuration;
using SupportTickets.Core;

namespace SupportTickets.Data;

/// <summary>Registers the database.</summary>
public static class DataFeature
{
    private const string MigrationsTable = "schema_migrations";

    /// <summary>Adds the context of the chosen provider, and its migration at start.</summary>
    public static IServiceCollection AddData(this IServiceCollection services, DatabaseSettings settings)
    {
        if (settings.IsPostgres)
            services
                .AddDbContextPool<PostgresTicketDb>(options => Configure(options, settings))
                .AddScoped<TicketDb>(Fresh<PostgresTicketDb>);
        else
        {
            services.AddDbContextPool<SqliteTicketDb>(
                (provider, options) => Configure(options, settings).AddInterceptors(provider.GetRequiredService<SqliteFileWatch>()),
                poolSize: KeptConnections.Most);
            services.AddScoped<TicketDb>(scope => Kept(Fresh<SqliteTicketDb>(scope), settings, scope));
            services.AddSingleton<KeptConnections>();
            services.AddSingleton<SqliteFileWatch>();
            services.AddHostedService<SqliteUpkeep>();
        }
        services.AddSingleton(settings);
        services.AddSingleton<DatabaseMigrator>();
        services.AddSingleton<OutageLog>();
        services.AddSingleton<IDatabaseState, DatabaseState>();
        // Before all other hosted services, because these may read tables when they start.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => provider.GetRequiredService<DatabaseMigrator>()));
        return services;
    }

    // The context comes from a pool: another request used it before.
    private static TDb Fresh<TDb>(IServiceProvider scope) where TDb : TicketDb
    {
        var db = scope.GetRequiredService<TDb>();
        db.Visibility = Visibility.Desk;
        return db;
    }

    // A context of the pool has its connection already, unless it is new.
    private static SqliteTicketDb Kept(SqliteTicketDb db, DatabaseSettings settings, IServiceProvider scope)
    {
        if (db.Database.GetDbConnection() is not KeptConnection)
        {
            var connection = new KeptConnection(settings, scope.GetRequiredService<KeptConnections>());
            db.Database.SetDbConnection(connection, contextOwnsConnection: true);
        }
        return db;
    }

    /// <summary>The options of a provider; also used by the design-time tools.</summary>
    internal static DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, DatabaseSettings settings)
    {
        // Each of these is also thrown. The code that catches it logs it once, or knows that it is no error.
        options.ConfigureWarnings(warnings => warnings.Log(
            (CoreEventId.QueryIterationFailed, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug),
            (RelationalEventId.ConnectionError, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug),
            (RelationalEventId.TransactionError, LogLevel.Debug)));
        // Counting up to a limit needs no order, and SQLite would sort for one.
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));
        return settings.IsPostgres
            ? options.UseNpgsql(settings.ConnectionString, postgres =>
                    postgres.MigrationsHistoryTable(MigrationsTable).CommandTimeout(settings.StatementSeconds))
                .AddInterceptors(settings.Prepares ? [new PreparedStatements()] : [])
            : options.UseSqlite(settings.ConnectionString, sqlite =>
                    sqlite.MigrationsHistoryTable(MigrationsTable).CommandTimeout(settings.StatementSeconds))
                .AddInterceptors(new SqliteFunctions(), new SqliteStatements());
    }
}
