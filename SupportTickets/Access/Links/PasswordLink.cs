using SupportTickets.Access.People;

namespace SupportTickets.Access.Links;

/// <summary>An open link for somebody who forgot the password; at most one for each person. It is gone when it was used.</summary>
public sealed class PasswordLink
{
    /// <summary>How long it holds.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Whose password it sets.</summary>
    public int PersonId { get; set; }

    /// <summary>Whose password it sets.</summary>
    public Person? Person { get; set; }

    /// <summary>SHA-256 of the code in it, which is random.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Who made it, and so may know it.</summary>
    public int MadeById { get; set; }

    /// <summary>Who made it.</summary>
    public Person? MadeBy { get; set; }

    /// <summary>When it stops, UTC.</summary>
    public DateTime ExpiresAt { get; set; }
}
