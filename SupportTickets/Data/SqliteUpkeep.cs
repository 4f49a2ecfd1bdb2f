using SupportTickets.Core;

namespace SupportTickets.Data;

/// <summary>
/// Maintains the file of an SQLite database in the background: checks that it is in place and undamaged, and keeps its log small.
/// </summary>
internal sealed class SqliteUpkeep(
    SqliteFileWatch file, OutageLog outages, IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock,
    ILogger<SqliteUpkeep> log)
    : PeriodicWorker(scopes, database, clock, log)
{
    /// <summary>How often it runs.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How often a damaged file is checked as a whole.</summary>
    public static readonly TimeSpan DamagePause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A larger log is truncated. SQLite itself copies the log back from 4 MB on and starts it again. While a long read prevents
    /// that, the log grows, and its file keeps that size.
    /// </summary>
    public const int MaxLogBytes = 8 * 1024 * 1024;

    private bool _reported;
    private DateTimeOffset _lookAtAll;

    /// <inheritdoc />
    protected override string Work => "Looking after the database file";

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    /// <remarks>It works before the schema is up to date too, because the file may already be damaged or gone.</remarks>
    protected override bool CanWork => true;

    /// <inheritdoc />
    protected override Task<bool> WorkAsync(IServiceProvider services, CancellationToken cancel)
    {
        Look(cancel);
        return Task.FromResult(false);
    }

    private void Look(CancellationToken cancel)
    {
        if (file.IsDamaged && Clock.GetUtcNow() >= _lookAtAll)
        {
            file.LookAtAll(cancel);
            _lookAtAll = Clock.GetUtcNow() + DamagePause;
        }
        if (file.Look() is { } problem)
        {
            // Only once: the requests that are refused meanwhile report it again now and then.
            if (!_reported) outages.Report(problem);
            _reported = true;
            return;
        }
        if (_reported) outages.Over();
        _reported = false;
        if (file.LogBytes > MaxLogBytes) file.ShrinkLog();
    }
}
