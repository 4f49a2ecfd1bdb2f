using System.Threading.Channels;
using SupportTickets.Tickets.Live;

namespace SupportTickets.Tests.Tickets.Live;

/// <summary>A clock on which the watch looks for changes when a test says so. All other timers run as ever.</summary>
internal sealed class WatchClock : TimeProvider
{
    private readonly Channel<Held> _pauses = Channel.CreateUnbounded<Held>();
    private DateTimeOffset _now = new(2026, 11, 23, 14, 30, 0, TimeSpan.Zero);
    private int _looks;

    /// <summary>How often the watch has looked.</summary>
    public int Looks => Volatile.Read(ref _looks);

    /// <summary>Waits until the watch pauses, and ends the pause: it looks again.</summary>
    public async Task LookAsync()
    {
        var pause = await _pauses.Reader.ReadAsync(TestContext.Current.CancellationToken);
        _now += ChangeWatch.Interval;
        pause.Fire();
    }

    /// <summary>Waits until the watch pauses.</summary>
    public async Task PauseAsync() => await _pauses.Reader.WaitToReadAsync(TestContext.Current.CancellationToken);

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != ChangeWatch.Interval) return base.CreateTimer(callback, state, dueTime, period);
        var pause = new Held(() => callback(state));
        Interlocked.Increment(ref _looks);
        _pauses.Writer.TryWrite(pause);
        return pause;
    }

    private sealed class Held(Action fire) : ITimer
    {
        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
