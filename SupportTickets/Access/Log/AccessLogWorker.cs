using SupportTickets.Access.Limits;
using SupportTickets.Access.Sessions;
using SupportTickets.Core;

namespace SupportTickets.Access.Log;

/// <summary>
/// Periodically deletes data that access no longer needs: old lines of its log (<see cref="TrimAccessLog"/>), counts of wrong
/// passwords, ended sessions. The first run waits until the start of the desk is over.
/// </summary>
internal sealed class AccessLogWorker(
    IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock, ILogger<AccessLogWorker> log)
    : PeriodicWorker(scopes, database, clock, log)
{
    /// <summary>How often it runs.</summary>
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
