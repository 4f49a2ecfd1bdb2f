using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Access.Links;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Pages.Tickets;
using SupportTickets.Views;

namespace SupportTickets.Pages.Settings;

/// <summary>The people with an account, and the open invitations.</summary>
[RequiresRight(Right.administer)]
public sealed class UsersModel(PeopleList list, Invitations invitations, TimeProvider clock) : PageModel
{
    /// <summary>The person after whom the page starts; null for the first page.</summary>
    [BindProperty(SupportsGet = true)]
    public int? After { get; set; }

    /// <summary>A page of people.</summary>
    public PeoplePage People { get; private set; } = new([], null);

    /// <summary>The invitations.</summary>
    public IReadOnlyList<InvitationRow> Invited { get; private set; } = [];

    /// <summary>The link that was just made, to copy; null when none was.</summary>
    public Given? Given { get; private set; }

    /// <summary>The e-mail address, as entered.</summary>
    public string? Email { get; private set; }

    /// <summary>The role, as entered.</summary>
    public string? Role { get; private set; } = nameof(Access.Role.agent);

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    private Caller Caller => HttpContext.Caller();

    /// <summary>Shows people and invitations.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        Given = Given.Take(TempData);
        await ReadAsync(cancel);
    }

    /// <summary>Invites somebody, then shows the link once.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var (email, role) = (TicketForm.Text(Request.Form, "email"), TicketForm.Text(Request.Form, "role"));
        var result = await invitations.InviteAsync(Caller, email, role, cancel);
        if (result.Problem is not InvalidInput invalid)
            return Show(result, link => $"{Words.Isolated(link.Email)} is invited.");
        (Email, Role, Errors) = (email, role, invalid.Errors);
        await ReadAsync(cancel);
        return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }

    /// <summary>Makes a new link for an invitation, then shows it once.</summary>
    public async Task<IActionResult> OnPostRenewAsync(int id, CancellationToken cancel) =>
        Show(
            await invitations.RenewAsync(Caller, id, cancel),
            link => $"{Words.Isolated(link.Email)} has a new link, and the one before has ended.");

    /// <summary>Revokes an invitation.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(int id, CancellationToken cancel) =>
        (await invitations.RevokeAsync(Caller, id, cancel)).Problem is { } problem
            ? RefusalStatus.Of(problem)
            : Redirect("/settings/users");

    private IActionResult Show(Result<OneTimeLink> result, Func<OneTimeLink, string> what)
    {
        if (!result.Succeeded(out var link, out var problem))
            return RefusalStatus.Of(problem);
        Given.Of(link, what(link), Request, "/invitation").Leave(TempData);
        return Redirect("/settings/users");
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        People = await list.HandleAsync(After, cancel);
        Invited = await invitations.ListAsync(cancel);
    }
}
