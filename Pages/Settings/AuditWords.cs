using SupportTickets.Access.Log;

namespace SupportTickets.Pages.Settings;

/// <summary>The acts of the access log in the words of its page.</summary>
public static class AuditWords
{
    /// <summary>An act, as the start of a line.</summary>
    public static string Of(AccessAct act) => act switch
    {
        AccessAct.signed_in => "Signed in",
        AccessAct.sign_in_failed => "Could not sign in",
        AccessAct.signed_out => "Signed out",
        AccessAct.signed_out_everywhere => "Signed out everywhere",
        AccessAct.password_changed => "Changed the password",
        AccessAct.name_changed => "Changed the name",
        AccessAct.person_created => "Made an account",
        AccessAct.token_created => "Made a token",
        AccessAct.token_revoked => "Revoked a token",
        AccessAct.person_invited => "Invited somebody",
        AccessAct.invitation_renewed => "Made an invitation anew",
        AccessAct.invitation_revoked => "Revoked an invitation",
        AccessAct.invitation_accepted => "Accepted an invitation",
        AccessAct.role_changed => "Changed a role",
        AccessAct.person_deactivated => "Deactivated an account",
        AccessAct.person_reactivated => "Reactivated an account",
        AccessAct.password_link_made => "Made a password link",
        AccessAct.password_link_used => "Used a password link",
        AccessAct.view_saved => "Saved a view",
        AccessAct.view_changed => "Changed a view",
        AccessAct.view_deleted => "Deleted a view",
    };
}
