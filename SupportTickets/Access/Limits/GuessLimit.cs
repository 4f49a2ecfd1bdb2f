namespace SupportTickets.Access.Limits;

/// <summary>How guesses are slowed: the first ones are free, then each pause is twice as long as the last one, up to the longest.</summary>
/// <param name="Free">Wrong passwords without a pause.</param>
/// <param name="First">The first pause.</param>
/// <param name="Longest">The longest pause.</param>
/// <param name="Forgiven">The time without a guess after which one wrong password is forgiven.</param>
public sealed record GuessLimit(int Free, TimeSpan First, TimeSpan Longest, TimeSpan Forgiven)
{
    /// <summary>
    /// The limit for one account from one place: an IP address, a known device, or a session that asks for the password again.
    /// </summary>
    public static readonly GuessLimit OfPlace = new(5, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1));

    /// <summary>The limit for one account from all places but known devices. Guesses from a single address never reach it.</summary>
    public static readonly GuessLimit OfAccount = new(20, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));

    // Counting higher would not lengthen the pause, but it would take longer to forgive.
    private int Most => Free + (int)Math.Ceiling(Math.Log2(Longest / First));

    /// <summary>How long after the last guess the next one is allowed.</summary>
    /// <param name="failures">Those before it.</param>
    public TimeSpan PauseAfter(int failures) => failures < Free ? TimeSpan.Zero
        : failures >= Most ? Longest
        : First * Math.Pow(2, failures - Free);

    /// <summary>The count after one more wrong password.</summary>
    /// <param name="failures">Those before it.</param>
    /// <param name="idle">The time since the last of them.</param>
    public int Next(int failures, TimeSpan idle) => Math.Min(Most, Math.Max(0, failures - (int)Math.Min(failures, idle / Forgiven)) + 1);
}
