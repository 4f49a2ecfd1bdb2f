using SupportTickets.Access.People;

namespace SupportTickets.Access.Links;

/// <summary>
/// An invitation to create an account. The row exists while the invitation is open, or has expired and was not removed. Once it is
/// used or revoked, only the access log tells of it.
/// </summary>
public sealed class Invitation
{
    /// <summary>How long its link is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>The key.</summary>
    public int Id { get; set; }

    /// <summary>SHA-256 of the code in its link, which is random.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The e-mail address of the new account.</summary>
    public required string Email { get; set; }

    /// <summary>The e-mail address in the form in which accounts are compared; at most one invitation for each.</summary>
    public required string NormalizedEmail { get; set; }

    /// <summary>The role of the new account.</summary>
    public Role Role { get; set; }

    /// <summary>The administrator who made the link and may have kept it.</summary>
    public int InvitedById { get; set; }

    /// <summary>Who made the link.</summary>
    public Person? InvitedBy { get; set; }

    /// <summary>When the link was made, UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When the link expires, UTC.</summary>
    public DateTime ExpiresAt { get; set; }
}
