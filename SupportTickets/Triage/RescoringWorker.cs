using SupportTickets.Data;
using SupportTickets.Hosting;

namespace SupportTickets.Triage;

/// <summary>Runs <see cref="RescoreTicket"/> while there is something to score. Does nothing without a key, and rests while the provider is down.</summary>
internal sealed class RescoringWorker(
    IServiceScopeFactory scopes, TriageProvider provider, DatabaseMigrator database, OutageLog outages, TimeProvider clock, ILogger<RescoringWorker> log)
    : BackgroundService
{
    /// <summary>How often it looks for jobs.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private bool _failing;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (provider.IsSet && !stoppingToken.IsCancellationRequested)
        {
            if (!await TryAsync(stoppingToken))
                await Task.Delay(provider.Pause is var pause && pause > Interval ? pause : Interval, clock, stoppingToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancel)
    {
        if (!database.IsReady || provider.Pause > TimeSpan.Zero)
            return false;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var more = await scope.ServiceProvider.GetRequiredService<RescoreTicket>().RunAsync(cancel);
            _failing = false;
            return more;
        }
        catch (Exception error) when (DatabaseOutage.Is(error) && !cancel.IsCancellationRequested)
        {
            outages.Report(error);
            return false;
        }
        // All of them: an exception would stop the whole desk, and the job is still there to be tried again.
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            if (!_failing)
                log.LogError(error, "Scoring tickets again failed; it is tried again every {Seconds} s.", Interval.TotalSeconds);
            _failing = true;
            return false;
        }
    }
}
