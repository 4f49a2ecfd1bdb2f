using SupportTickets.Core;

namespace SupportTickets.Triage;

/// <summary>
/// Runs <see cref="RescoreTicket"/> while there are tickets to score. Does nothing without a key, and pauses while the provider is down.
/// </summary>
internal sealed class RescoringWorker(
    IServiceScopeFactory scopes, IDatabaseState database, TriageProvider provider, TimeProvider clock, ILogger<RescoringWorker> log)
    : PeriodicWorker(scopes, database, clock, log)
{
    /// <summary>How often it looks for jobs.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override string Work => "Scoring tickets again";

    /// <inheritdoc />
    protected override TimeSpan FirstPause => TimeSpan.Zero;

    /// <inheritdoc />
    protected override TimeSpan Pause => provider.Pause is var pause && pause > Interval ? pause : Interval;

    /// <inheritdoc />
    protected override bool CanWork => base.CanWork && provider.Pause == TimeSpan.Zero;

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        provider.IsSet ? base.ExecuteAsync(stoppingToken) : Task.CompletedTask;

    /// <inheritdoc />
    protected override Task<bool> WorkAsync(IServiceProvider services, CancellationToken cancel) =>
        services.GetRequiredService<RescoreTicket>().RunAsync(cancel);
}
