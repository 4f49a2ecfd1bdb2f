namespace SupportTickets.Access.Limits;

/// <summary>A count of wrong passwords for one account.</summary>
public sealed class GuessCount
{
    /// <summary>A count is no longer needed when its last guess is older than this, whatever the limit.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>SHA-256 of the account and the place; the key of the table.</summary>
    public required byte[] KeyHash { get; set; }

    /// <summary>Wrong passwords that were not yet forgiven at the time of the last one.</summary>
    public int Failures { get; set; }

    /// <summary>The time of the last wrong password, UTC, to the microsecond.</summary>
    public DateTime At { get; set; }
}
