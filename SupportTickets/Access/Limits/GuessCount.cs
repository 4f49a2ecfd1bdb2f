namespace SupportTickets.Access.Limits;

/// <summary>Guesses at the password of one account that count together.</summary>
public sealed class GuessCount
{
    /// <summary>A count whose last guess is older than this is not needed any more, whatever the limit.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Of the account and the place, SHA-256; the key of the table.</summary>
    public required byte[] KeyHash { get; set; }

    /// <summary>Wrong passwords that are not forgotten yet, as of the last one.</summary>
    public int Failures { get; set; }

    /// <summary>When the last one was, UTC, to the microsecond.</summary>
    public DateTime At { get; set; }
}
