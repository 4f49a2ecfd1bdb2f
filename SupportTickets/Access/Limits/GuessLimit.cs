namespace SupportTickets.Access.Limits;

/// <summary>How guesses that count together are slowed: some are free, then each pause is twice the last one, up to the longest.</summary>
/// <param name="Free">Wrong passwords without a pause.</param>
/// <param name="First">The pause after these.</param>
/// <param name="Longest">The longest pause.</param>
/// <param name="Forgiven">After each such time without a guess, one wrong password is forgotten.</param>
public sealed record GuessLimit(int Free, TimeSpan First, TimeSpan Longest, TimeSpan Forgiven)
{
    /// <summary>Of one account from one place: an address, a known device, or a session that asks for the password again.</summary>
    public static readonly GuessLimit OfPlace = new(5, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1));

    /// <summary>Of one account from all places together that are no known device. Guesses from a single address never reach it.</summary>
    public static readonly GuessLimit OfAccount = new(20, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));

    // More is not counted: the pause would not grow, and what is counted has to be forgotten again.
    private int Most => Free + (int)Math.Ceiling(Math.Log2(Longest / First));

    /// <summary>How long a guess has to wait, from the time of the last one.</summary>
    /// <param name="failures">Those before it.</param>
    public TimeSpan PauseAfter(int failures) => failures < Free ? TimeSpan.Zero
        : failures >= Most ? Longest
        : First * Math.Pow(2, failures - Free);

    /// <summary>What is counted when there is one more.</summary>
    /// <param name="failures">Those before it.</param>
    /// <param name="idle">The time since the last of them.</param>
    public int Next(int failures, TimeSpan idle) => Math.Min(Most, Math.Max(0, failures - (int)Math.Min(failures, idle / Forgiven)) + 1);
}
