using SupportTickets.Access.People;

namespace SupportTickets.Access.Links;

/// <summary>
/// Somebody who may make an account. There is a row as long as it is open, or ran out and nobody cleared it away: one that
/// was used or revoked is told by the access log only.
/// </summary>
public sealed class Invitation
{
    /// <summary>How long its link holds.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>The key.</summary>
    public int Id { get; set; }

    /// <summary>SHA-256 of the code in its link, which is random.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The address of the account to be.</summary>
    public required string Email { get; set; }

    /// <summary>The address in the form by which accounts are compared; one invitation for each.</summary>
    public required string NormalizedEmail { get; set; }

    /// <summary>The role of the account to be.</summary>
    public Role Role { get; set; }

    /// <summary>Who made the link, and so may know it.</summary>
    public int InvitedById { get; set; }

    /// <summary>Who made the link.</summary>
    public Person? InvitedBy { get; set; }

    /// <summary>When the link was made, UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When the link stops, UTC.</summary>
    public DateTime ExpiresAt { get; set; }
}
