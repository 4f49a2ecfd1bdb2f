using Microsoft.EntityFrameworkCore;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access;

/// <summary>
/// Deletes what the access log has kept for long enough, oldest first. Several instances may run it at once: they delete in
/// the order of the key, and what is gone is gone.
/// </summary>
public sealed class TrimAccessLog(TicketDb db, Settings settings, TimeProvider clock)
{
    /// <summary>Lines in one transaction.</summary>
    public const int BatchSize = 1000;

    /// <summary>Deletes a batch.</summary>
    /// <returns>How many lines; 0 when there is no more to delete.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (settings.AccessLogDays == 0)
            return 0;
        var before = clock.Now().AddDays(-settings.AccessLogDays);
        // Of the oldest by key, so that no index on the time is needed: lines are added in the order of both.
        var last = await db.AccessLog.OrderBy(e => e.Id).Take(BatchSize).Where(e => e.At < before).MaxAsync(e => (long?)e.Id, cancel);
        return last is null ? 0 : await db.AccessLog.Where(e => e.Id <= last && e.At < before).ExecuteDeleteAsync(cancel);
    }
}

/// <summary>
/// Deletes now and then what access does not need any more: lines of its log (<see cref="TrimAccessLog"/>), counts of guesses,
/// ended sessions. For the first time when the desk has started in peace.
/// </summary>
internal sealed class AccessLogWorker(
    IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock, ILogger<AccessLogWorker> log)
    : PeriodicWorker(scopes, database, clock, log)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    protected override string Work => "Deleting what access does not need any more";

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task<bool> WorkAsync(IServiceProvider services, CancellationToken cancel)
    {
        var (trim, attempts) = (services.GetRequiredService<TrimAccessLog>(), services.GetRequiredService<PasswordAttempts>());
        while (await trim.RunAsync(cancel) > 0) ;
        while (await attempts.ForgetOldAsync(cancel)) ;
        await services.GetRequiredService<EndedSessions>().ForgetOldAsync(cancel);
        return false;
    }
}
