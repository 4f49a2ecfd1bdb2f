namespace SupportTickets.Tests.Fixtures;

/// <summary>A clock that only moves when a test says so; timers run as ever, so nothing may wait on it.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
