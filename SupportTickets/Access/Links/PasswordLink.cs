using SupportTickets.Access.People;

namespace SupportTickets.Access.Links;

/// <summary>An open link for a person who forgot their password; at most one for each person. It is deleted once used.</summary>
public sealed class PasswordLink
{
    /// <summary>How long it is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The person whose password it sets.</summary>
    public int PersonId { get; set; }

    /// <summary>The person whose password it sets.</summary>
    public Person? Person { get; set; }

    /// <summary>SHA-256 of the code in it, which is random.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The administrator who made it and may have kept it.</summary>
    public int MadeById { get; set; }

    /// <summary>Who made it.</summary>
    public Person? MadeBy { get; set; }

    /// <summary>When it expires, UTC.</summary>
    public DateTime ExpiresAt { get; set; }
}
