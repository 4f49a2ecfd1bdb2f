using System.Diagnostics.CodeAnalysis;

namespace SupportTickets.Access.Log;

#pragma warning disable CA1707 // the words of the log

/// <summary>What happened. Stored as its number: members are only ever added at the end.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum AccessAction
{
    /// <summary>Somebody signed in.</summary>
    signed_in,
    /// <summary>Somebody could not sign in.</summary>
    sign_in_failed,
    /// <summary>Somebody signed out in one browser.</summary>
    signed_out,
    /// <summary>Somebody ended all sessions of an account.</summary>
    signed_out_everywhere,
    /// <summary>A password was changed.</summary>
    password_changed,
    /// <summary>A name was changed.</summary>
    name_changed,
    /// <summary>An account was made.</summary>
    person_created,
    /// <summary>A token was made.</summary>
    token_created,
    /// <summary>A token was revoked.</summary>
    token_revoked,
    /// <summary>Somebody was invited.</summary>
    person_invited,
    /// <summary>A new link was made for an invitation.</summary>
    invitation_renewed,
    /// <summary>An invitation was revoked.</summary>
    invitation_revoked,
    /// <summary>An invited person created the account.</summary>
    invitation_accepted,
    /// <summary>A person got another role.</summary>
    role_changed,
    /// <summary>An account was deactivated.</summary>
    person_deactivated,
    /// <summary>An account was reactivated.</summary>
    person_reactivated,
    /// <summary>A link for a new password was made.</summary>
    password_link_made,
    /// <summary>A new password was set with such a link.</summary>
    password_link_used,
    /// <summary>A view of the list was saved.</summary>
    view_saved,
    /// <summary>A view was renamed, shared, or not shared any more.</summary>
    view_changed,
    /// <summary>A view was deleted.</summary>
    view_deleted,
    /// <summary>A requester was merged into another.</summary>
    requester_merged,
    /// <summary>A requester was deleted with all that was known of them.</summary>
    requester_deleted,
    /// <summary>All that is known of a requester was exported.</summary>
    requester_exported,
    /// <summary>A tag was renamed or merged into another.</summary>
    tag_changed,
    /// <summary>A tag was deleted.</summary>
    tag_deleted,
}

/// <summary>A line of the access log. Append-only, and written in the same transaction as the action that it records.</summary>
public sealed class AccessEntry
{
    /// <summary>The longest text of a line, in characters of the database.</summary>
    public const int MaxTextLength = 300;

    /// <summary>The key, ascending in the order of writing.</summary>
    public long Id { get; set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; set; }

    /// <summary>Who did it; null for somebody unknown and for the desk itself.</summary>
    public int? ActorId { get; set; }

    /// <summary>The name that the actor had at that time.</summary>
    public required string Actor { get; set; }

    /// <summary>What was done.</summary>
    public AccessAction Act { get; set; }

    /// <summary>The person it was done to; null where there is none.</summary>
    public int? PersonId { get; set; }

    /// <summary>Whom or what it was done to, in words: a name, the e-mail address that was tried, a token.</summary>
    public required string About { get; set; }

    /// <summary>
    /// The IP address of the request; null for the desk itself. It is the proxy's if TRUSTED_PROXIES does not name the proxy.
    /// </summary>
    public string? Address { get; set; }
}
