using SupportTickets.Core;

namespace SupportTickets.Data;

/// <summary>
/// Looks after the file of an embedded database in the background: checks that it is there and whole, and keeps its log small.
/// </summary>
internal sealed class SqliteUpkeep(
    SqliteFileWatch file, OutageLog outages, IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock,
    ILogger<SqliteUpkeep> log)
    : PeriodicWorker(scopes, database, clock, log)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How often a damaged file is read whole.</summary>
    public static readonly TimeSpan DamagePause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A log that is larger than this is emptied. SQLite writes it back by itself from 4 MB on, and begins it anew; while a
    /// reader goes on for long it cannot, and the file keeps the size that it had then.
    /// </summary>
    public const int MaxLogBytes = 8 * 1024 * 1024;

    private bool _reported;
    private DateTimeOffset _lookAtAll;

    /// <inheritdoc />
    protected override string Work => "Looking after the database file";

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    /// <remarks>Before the schema is up to date too: the file can be damaged or gone already.</remarks>
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
            // Once: those who are refused meanwhile say it again now and then.
            if (!_reported) outages.Report(problem);
            _reported = true;
            return;
        }
        if (_reported) outages.Over();
        _reported = false;
        if (file.LogBytes > MaxLogBytes) file.ShrinkLog();
    }
}
