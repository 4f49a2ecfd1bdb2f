using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.Tickets.Live;

/// <summary>
/// Looks for changes to tickets, made on any instance, and notifies the listeners. It asks the database once every <see
/// cref="Interval"/>, however many listeners there are, and not at all while there are none.
/// </summary>
internal sealed class ChangeWatch(
    IServiceScopeFactory scopes, TimeProvider clock, OutageLog outages, IHostApplicationLifetime lifetime, ILogger<ChangeWatch> log)
    : IDisposable
{
    /// <summary>The pause between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After this many looks every listener gets a heartbeat: every 16 seconds, because proxies close a connection that is silent
    /// for 30 seconds or more.
    /// </summary>
    public const int LooksPerBeat = 8;

    /// <summary>The most listeners on one instance.</summary>
    public const int MaxListeners = 500;

    /// <summary>The most listeners of one caller: a person, or an IP address where nobody is signed in.</summary>
    public const int MaxPerCaller = 20;

    private readonly Lock _gate = new();
    private readonly List<ChangeListener> _listeners = [];
    private CancellationTokenRegistration _onStop;
    private bool _watching, _failing;
    private Signal? _last;

    /// <summary>Adds a listener.</summary>
    /// <param name="caller">Whose listener it is.</param>
    /// <returns>The listener, which the caller must dispose; or the reason for the refusal.</returns>
    public (ChangeListener? Listener, Fault? Refusal) Listen(string caller)
    {
        lock (_gate)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested) return (null, Fault.Unavailable);
            if (_listeners.Count >= MaxListeners) return (null, TooMany(StatusCodes.Status503ServiceUnavailable));
            if (_listeners.Count(l => l.Caller == caller) >= MaxPerCaller) return (null, TooMany(StatusCodes.Status429TooManyRequests));
            var listener = new ChangeListener(caller, Leave);
            _listeners.Add(listener);
            if (_last is { } last) listener.Tell(last);
            if (!_watching) Start();
            return (listener, null);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _onStop.Dispose();

    private void Start()
    {
        _watching = true;
        if (_onStop == default) _onStop = lifetime.ApplicationStopping.Register(EndAll);
        _ = Task.Run(() => WatchAsync(lifetime.ApplicationStopping), CancellationToken.None);
    }

    private void Leave(ChangeListener listener)
    {
        lock (_gate) _listeners.Remove(listener);
    }

    // A stream that is still open would hold up the end of the process.
    private void EndAll()
    {
        lock (_gate)
        {
            foreach (var listener in _listeners) listener.End();
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        for (var look = 1; ; look++)
        {
            var signal = await LookAsync(_last, stop);
            // The pause starts before the listeners are notified. A test that is notified and then advances the clock thus ends it.
            var pause = Task.Delay(Interval, clock, stop);
            if (signal is { } now) Tell(now, look % LooksPerBeat == 0);
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested || IsAlone()) return;
        }
    }

    private void Tell(Signal now, bool isHeartbeat)
    {
        lock (_gate)
        {
            var isNew = _last?.Changes != now.Changes;
            _last = now;
            if (!isNew && !isHeartbeat) return;
            foreach (var listener in _listeners) listener.Tell(now with { IsHeartbeat = isHeartbeat });
        }
    }

    // The next listener starts a new watch from the state of that moment.
    private bool IsAlone()
    {
        lock (_gate)
        {
            if (_listeners.Count > 0) return false;
            (_watching, _last) = (false, null);
            return true;
        }
    }

    // Null when the database cannot be asked.
    private async Task<Signal?> LookAsync(Signal? last, CancellationToken stop)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var changes = scope.ServiceProvider.GetRequiredService<TicketChanges>();
            var mark = await changes.MarkAsync(stop);
            var signal = last is { } before ? await AfterAsync(before, mark, changes, stop) : new Signal(0, 0, mark, IsHeartbeat: false);
            _failing = false;
            return signal;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error) when (DatabaseOutage.Is(error))
        {
            outages.Report(error);
            return null;
        }
        // Every other exception too: it would end the watch, and nobody would be notified any more.
        catch (Exception error)
        {
            if (!_failing) log.LogError(error, "Looking for changes failed; it is tried again every {Seconds} s.", Interval.TotalSeconds);
            _failing = true;
            return null;
        }
    }

    private static async Task<Signal> AfterAsync(Signal before, ChangeMark mark, TicketChanges changes, CancellationToken stop)
    {
        var now = before with { Mark = mark };
        if (!await changes.AnyAsync(before.Mark, mark, stop)) return now;
        now = now with { Changes = before.Changes + 1 };
        return await changes.AnyOfFieldsAsync(before.Mark, mark, stop) ? now with { FieldChanges = before.FieldChanges + 1 } : now;
    }

    private static Fault TooMany(int status) => new(
        status, status == StatusCodes.Status429TooManyRequests ? "too_many_pages" : Fault.Unavailable.Code,
        "Too many pages are open to be kept up to date. Close some, or reload the page to see what is new.")
    { RetryAfter = Fault.Unavailable.RetryAfter };
}
