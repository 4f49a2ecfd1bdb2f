using SupportTickets.Access.Log;

namespace SupportTickets.Pages.Settings;

/// <summary>The texts for the actions of the access log.</summary>
public static class AuditWords
{
    /// <summary>The text for an action at the start of a line.</summary>
    public static string Of(AccessAction act) => act switch
    {
        AccessAction.signed_in => "Signed in",
        AccessAction.sign_in_failed => "Could not sign in",
        AccessAction.signed_out => "Signed out",
        AccessAction.signed_out_everywhere => "Signed out everywhere",
        AccessAction.password_changed => "Changed the password",
        AccessAction.name_changed => "Changed the name",
        AccessAction.person_created => "Made an account",
        AccessAction.token_created => "Made a token",
        AccessAction.token_revoked => "Revoked a token",
        AccessAction.person_invited => "Invited somebody",
        AccessAction.invitation_renewed => "Made an invitation anew",
        AccessAction.invitation_revoked => "Revoked an invitation",
        AccessAction.invitation_accepted => "Accepted an invitation",
        AccessAction.role_changed => "Changed a role",
        AccessAction.person_deactivated => "Deactivated an account",
        AccessAction.person_reactivated => "Reactivated an account",
        AccessAction.password_link_made => "Made a password link",
        AccessAction.password_link_used => "Used a password link",
        AccessAction.view_saved => "Saved a view",
        AccessAction.view_changed => "Changed a view",
        AccessAction.view_deleted => "Deleted a view",
        AccessAction.requester_merged => "Merged two requesters",
        AccessAction.requester_deleted => "Deleted all data of a requester",
        AccessAction.requester_exported => "Exported all data of a requester",
        AccessAction.tag_changed => "Renamed or merged a tag",
        AccessAction.tag_deleted => "Deleted a tag",
    };
}
