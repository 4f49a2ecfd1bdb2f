using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;

namespace SupportTickets.Tests.Data;

/// <summary>A desk on SQLite of which is known where its file is and what it logs.</summary>
internal sealed class WatchedDesk : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly TestHost.Logged _log;

    private WatchedDesk(Desk desk, TestDatabase database, TestHost.Logged log) => (Desk, _database, _log) = (desk, database, log);

    /// <summary>The desk.</summary>
    public Desk Desk { get; }

    /// <summary>Where its file is.</summary>
    public string File => FileOf(_database);

    /// <summary>The warnings that it logged so far.</summary>
    public IReadOnlyList<string> Warnings => [.. _log.At(LogLevel.Warning)];

    /// <summary>Starts one on a database of its own.</summary>
    public static async Task<WatchedDesk> StartAsync(TimeProvider? clock = null, IInterceptor? interceptor = null)
    {
        var log = new TestHost.Logged();
        var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        var desk = Desk.Start(database, clock, services: services =>
        {
            services.AddSingleton<ILoggerProvider>(log);
            if (interceptor is not null)
                services.ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(interceptor));
        });
        return new(desk, database, log);
    }

    /// <summary>Ends the desk and leaves the file.</summary>
    /// <summary>The file of an embedded database.</summary>
    public static string FileOf(TestDatabase database) =>
        new SqliteConnectionStringBuilder(database.Settings.ConnectionString).DataSource;

    public ValueTask StopAsync() => Desk.DisposeAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (Directory.Exists(File)) Directory.Delete(File);
        await _database.DisposeAsync();
    }
}
