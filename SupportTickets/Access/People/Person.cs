using Microsoft.AspNetCore.Identity;

namespace SupportTickets.Access.People;

/// <summary>Somebody who can sign in. The name to sign in with is the e-mail address.</summary>
public sealed class Person : IdentityUser<int>
{
    /// <summary>The longest name, in Unicode code points.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest e-mail address, in characters (RFC 5321, 4.5.3.1.3, without the angle brackets).</summary>
    public const int MaxEmailLength = 254;

    /// <summary>
    /// A generated column: whether tickets can be assigned to the person, which takes an active account and the role agent or admin.
    /// </summary>
    internal const string IsActive = nameof(IsActive);

    /// <summary>
    /// The name shown in the history and on the pages: 1 to <see cref="MaxNameLength"/> code points, trimmed, on one line, all of
    /// it visible. It need not be unique.
    /// </summary>
    public required string Name { get; set; }

    /// <summary>What the person may do.</summary>
    public Role Role { get; set; }

    /// <summary>When the account was made, UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When the person last signed in, UTC; null before that.</summary>
    public DateTime? SignedInAt { get; set; }

    /// <summary>When the account was deactivated, UTC: since then its sessions and tokens are not valid. Null while it is active.</summary>
    public DateTime? DeactivatedAt { get; set; }

    /// <summary>
    /// Until when the account is locked, UTC. Only earlier versions read it, which kept here what is in <c>guess_counts</c> now;
    /// such a version may run beside this one during an upgrade.
    /// </summary>
    public DateTime? LockedUntil { get; set; }

    /// <inheritdoc />
    public override string? UserName { get => Email; set => Email = value; }

    /// <inheritdoc />
    public override string? NormalizedUserName { get => NormalizedEmail; set => NormalizedEmail = value; }
}
