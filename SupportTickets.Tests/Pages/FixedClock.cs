namespace SupportTickets.Tests.Pages;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    /// <summary>A Monday afternoon.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 11, 23, 14, 30, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
