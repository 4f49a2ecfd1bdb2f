using SupportTickets.Core;

namespace SupportTickets.Tickets.Submissions;

/// <summary>Forgets old keys, once an hour. Several instances may do it at once: what one has deleted the other does not find.</summary>
internal sealed class SubmissionCleaner(
    IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock, ILogger<SubmissionCleaner> log)
    : PeriodicWorker(scopes, database, clock, log)
{
    /// <inheritdoc />
    protected override string Work => "Deleting old keys of submissions";

    /// <inheritdoc />
    /// <remarks>A desk that starts has other things to do.</remarks>
    protected override TimeSpan FirstPause => TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override TimeSpan Pause => TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override Task<bool> WorkAsync(IServiceProvider services, CancellationToken cancel) =>
        services.GetRequiredService<SubmissionStore>().ForgetOldAsync(cancel);
}
