namespace SupportTickets.Core;

/// <summary>
/// Does work periodically while the desk runs. A round that fails ends neither the worker nor the desk: an outage of the database
/// is reported as one, any other error is logged at most once in a while, and the next round tries again.
/// </summary>
internal abstract class PeriodicWorker(IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock, ILogger log)
    : BackgroundService
{
    // Keeps work that fails every few seconds from filling the log.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    private DateTimeOffset _quietUntil;

    /// <summary>The clock that the pauses go by.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>The name of the work, as the subject of a sentence in the log, such as "Scoring tickets again".</summary>
    protected abstract string Work { get; }

    /// <summary>How long to wait for the next round. Read after each round.</summary>
    protected abstract TimeSpan Pause { get; }

    /// <summary>How long to wait for the first round; zero begins at once.</summary>
    protected virtual TimeSpan FirstPause => Pause;

    /// <summary>Whether work can be done now. Read before each piece of work; the rest waits for the next round.</summary>
    protected virtual bool CanWork => database.IsReady;

    /// <summary>Does one piece of the work.</summary>
    /// <param name="services">A scope for this piece.</param>
    /// <param name="cancel">Is cancelled when the desk stops.</param>
    /// <returns>Whether there is more to do in this round.</returns>
    protected abstract Task<bool> WorkAsync(IServiceProvider services, CancellationToken cancel);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        if (pause == TimeSpan.Zero)
        {
            await RoundAsync(stoppingToken);
            pause = Pause;
        }
        using var timer = new PeriodicTimer(pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RoundAsync(stoppingToken);
            timer.Period = Pause;
        }
    }

    private async Task RoundAsync(CancellationToken cancel)
    {
        try
        {
            for (var more = true; more && CanWork && !cancel.IsCancellationRequested;)
            {
                await using var scope = scopes.CreateAsyncScope();
                more = await WorkAsync(scope.ServiceProvider, cancel);
            }
            _quietUntil = default;
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // The desk stops; the rest of the work is done after the next start.
        }
        // Every exception: it would stop the whole desk, and the work is still there for the next round.
        catch (Exception error)
        {
            if (!database.ReportOutage(error)) Report(error);
        }
    }

    private void Report(Exception error)
    {
        var now = clock.GetUtcNow();
        if (now < _quietUntil) return;
        _quietUntil = now + Quiet;
        log.LogError(error, "{Work} failed; it is tried again in {Seconds} s", Work, Pause.TotalSeconds);
    }
}
