using Microsoft.EntityFrameworkCore;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Log;

/// <summary>
/// Deletes the lines of the access log that are older than ACCESS_LOG_DAYS, oldest first. Several instances may run it at once:
/// they delete in the order of the key, and lines that another one has deleted do no harm.
/// </summary>
public sealed class TrimAccessLog(TicketDb db, Settings settings, TimeProvider clock)
{
    /// <summary>The number of lines deleted in one transaction.</summary>
    public const int BatchSize = 1000;

    /// <summary>Deletes a batch.</summary>
    /// <returns>How many lines; 0 when there is no more to delete.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (settings.AccessLogDays == 0)
            return 0;
        var before = clock.Now().AddDays(-settings.AccessLogDays);
        // Looks at the oldest by key, so that no index on the time is needed: keys and times ascend together.
        var last = await db.AccessLog.OrderBy(e => e.Id).Take(BatchSize).Where(e => e.At < before).MaxAsync(e => (long?)e.Id, cancel);
        return last is null ? 0 : await db.AccessLog.Where(e => e.Id <= last && e.At < before).ExecuteDeleteAsync(cancel);
    }
}
