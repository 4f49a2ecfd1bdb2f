namespace SupportTickets.Tests.Fixtures;

/// <summary>A clock that only moves when a test says so; timers run as ever, so nothing may wait on it.</summary>
public class ManualClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>A Monday afternoon.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 11, 23, 14, 30, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public virtual void Advance(TimeSpan by)
    {
        lock (_gate) _now += by;
    }
}
