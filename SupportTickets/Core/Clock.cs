namespace SupportTickets.Core;

/// <summary>The current time in the precision that the desk stores.</summary>
public static class Clock
{
    /// <summary>The time to store: UTC, cut to the microsecond, because that is what PostgreSQL keeps.</summary>
    public static DateTime Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
