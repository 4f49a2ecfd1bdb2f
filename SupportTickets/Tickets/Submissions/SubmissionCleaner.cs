using SupportTickets.Core;

namespace SupportTickets.Tickets.Submissions;

/// <summary>
/// Deletes old keys once an hour. Several instances may do it at once: an instance does not find keys that another one has
/// deleted.
/// </summary>
internal sealed class SubmissionCleaner(
    IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock, ILogger<SubmissionCleaner> log)
    : PeriodicWorker(scopes, database, clock, log)
{
    /// <inheritdoc />
    protected override string Work => "Deleting old keys of submissions";

    /// <inheritdoc />
    /// <remarks>It waits, because a starting desk has more urgent work.</remarks>
    protected override TimeSpan FirstPause => TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override TimeSpan Pause => TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override Task<bool> WorkAsync(IServiceProvider services, CancellationToken cancel) =>
        services.GetRequiredService<SubmissionStore>().ForgetOldAsync(cancel);
}
