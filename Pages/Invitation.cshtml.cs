using Microsoft.AspNetCore.Mvc;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Links;
using SupportTickets.Access.Sessions;
using SupportTickets.Core;
using SupportTickets.Pages.Shared;
using SupportTickets.Pages.Tickets;

namespace SupportTickets.Pages;

/// <summary>Creates the account of an invited person.</summary>
[IsPublic(TellsCaller = true)]
[LimitsGuesses(AtGet = true)]
public sealed class InvitationModel(Invitations invitations, CreatePerson create) : SecretLinkModel
{
    /// <summary>The invitation of the link.</summary>
    public Invitation Invitation { get; private set; } = null!;

    /// <summary>As entered.</summary>
    public string? Name { get; private set; }

    /// <summary>Shows the form.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await FindAsync(cancel) ? Page() : Gone();

    /// <summary>Creates the account and signs in.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await FindAsync(cancel))
            return Gone();
        Name = TicketForm.Text(Request.Form, "name");
        var result = await create.HandleInvitedAsync(Invitation, Name, Request.Form["password"], HttpContext.Caller(), cancel);
        if (!result.Succeeded(out var person, out var problem))
            return problem is InvalidInput invalid ? Invalid(invalid) : Gone();
        await SessionCookie.BeginAsync(HttpContext, person, stay: false);
        return Redirect(StartPage.Of(person.Role));
    }

    private async Task<bool> FindAsync(CancellationToken cancel)
    {
        if (await invitations.FindAsync(Code, cancel) is not { } invitation)
            return false;
        Invitation = invitation;
        return true;
    }
}
