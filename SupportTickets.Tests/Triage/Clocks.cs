using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Triage;

/// <summary>A clock that stands still until it is moved; then every timer that is due fires once, in order.</summary>
public sealed class TimerClock(DateTimeOffset start) : ManualClock(start)
{
    /// <summary>A Wednesday morning.</summary>
    public TimerClock() : this(new DateTimeOffset(2026, 3, 4, 10, 0, 0, TimeSpan.Zero)) { }

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            base.Advance(by);
            var now = GetUtcNow();
            due = [.. _timers.Where(t => t.DueAt <= now).OrderBy(t => t.DueAt)];
            foreach (var timer in due) timer.Restart();
        }
        foreach (var timer in due)
            timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(TimerClock clock, Action fire) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset DueAt { get; private set; }

        public void Fire() => fire();

        /// <summary>Waits for the next time, or never again; called under the lock.</summary>
        public void Restart()
        {
            if (_period == Timeout.InfiniteTimeSpan) clock._timers.Remove(this);
            else DueAt = clock.GetUtcNow() + _period;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                DueAt = clock.GetUtcNow() + dueTime;
                clock._timers.Add(this);
            }
            if (dueTime <= TimeSpan.Zero) clock.Advance(TimeSpan.Zero);
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A clock on which a short wait is over at once; it remembers how long was asked for. Longer waits never end.</summary>
public sealed class ImpatientClock(TimeSpan shortest) : TimeProvider
{
    public List<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > shortest || dueTime == Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        lock (Waits) Waits.Add(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
