using System.Diagnostics;
using SupportTickets.Configuration;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>A seeded database. What is measured is a copy, so that writes leave a kept one as it was.</summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>The name of the copy.</summary>
    protected const string Copy = "benchmark_run";

    /// <summary>What DATABASE_URL is set to.</summary>
    public string Url { get; protected set; } = "";

    /// <summary>The same for EF.</summary>
    public DatabaseSettings Settings => DatabaseSettings.Read(name => name == "DATABASE_URL" ? Url : null, requireTls: false);

    /// <summary>The server's name and version.</summary>
    public abstract Task<string> VersionAsync();

    /// <summary>How long the seeding took, in seconds; null when the database was there already.</summary>
    public double? SeedSeconds { get; protected set; }

    /// <summary>The processor time of the database server; null where it has no process of its own on this machine.</summary>
    public abstract TimeSpan? Cpu { get; }

    /// <summary>Runs a statement again and again with the database's own tool.</summary>
    public abstract Task<Work> RepeatAsync(string sql, int clients, int seconds);

    /// <summary>Runs a statement once, its rows thrown away, and gives the seconds.</summary>
    public abstract Task<double> OnceAsync(string sql);

    /// <summary>
    /// Copies the same rows by the database's own tools into an empty database, with the same indexes, and gives the seconds; null where
    /// there is no such way.
    /// </summary>
    public abstract Task<double?> RestoreAsync();

    /// <summary>Seeds a database, or takes the one that was kept, and makes the copy.</summary>
    public static async Task<Database> OpenAsync(Options options, int tickets)
    {
        Database database = options.IsPostgres ? new PostgresDatabase(tickets, options.Keep) : new SqliteDatabase(tickets, options.Keep);
        try
        {
            await database.PrepareAsync(options.Desk, tickets);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Deletes the copy, and the seeded database unless it is kept.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Makes an empty database that the desk seeds by itself, or finds the kept one; then makes the copy.</summary>
    protected abstract Task PrepareAsync(string desk, int tickets);

    /// <summary>Fills <see cref="Url"/> with tickets by the command of the desk.</summary>
    protected async Task SeedAsync(string desk, int tickets)
    {
        var watch = Stopwatch.StartNew();
        await Tool.RunAsync(Server.Dotnet([Path.Combine(desk, "SupportTickets.dll"), "seed", "--tickets", $"{tickets}"], this));
        SeedSeconds = watch.Elapsed.TotalSeconds;
    }
}
