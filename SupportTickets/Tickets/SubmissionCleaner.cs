using SupportTickets.Data;
using SupportTickets.Hosting;

namespace SupportTickets.Tickets;

/// <summary>Forgets old keys, once an hour. Several instances may do it at once: what one has deleted the other does not find.</summary>
internal sealed class SubmissionCleaner(
    IServiceScopeFactory scopes, DatabaseMigrator database, OutageLog outages, TimeProvider clock, ILogger<SubmissionCleaner> log)
    : BackgroundService
{
    /// <summary>How long after the start it looks first: a desk that starts has other things to do.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);

    /// <summary>How often it looks then.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = FirstPause; !stoppingToken.IsCancellationRequested; pause = Interval)
        {
            await Task.Delay(pause, clock, stoppingToken);
            await TryAsync(stoppingToken);
        }
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            var more = database.IsReady;
            while (more)
            {
                await using var scope = scopes.CreateAsyncScope();
                more = await scope.ServiceProvider.GetRequiredService<Submissions>().ForgetOldAsync(cancel);
            }
        }
        catch (Exception error) when (DatabaseOutage.Is(error) && !cancel.IsCancellationRequested)
        {
            outages.Report(error);
        }
        // All of them: an exception would stop the whole desk, and the keys are still there the next time.
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("Old keys of submissions could not be deleted, which is tried again in {Minutes} minutes: {Reason}", Interval.TotalMinutes, DatabaseOutage.Reason(error));
        }
    }
}
