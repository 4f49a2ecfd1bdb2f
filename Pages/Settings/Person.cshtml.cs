using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.Links;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Pages.Tickets;

namespace SupportTickets.Pages.Settings;

/// <summary>The account of a person, for administrators.</summary>
[RequiresRight(Right.administer)]
public sealed class PersonModel(PeopleList list, ChangePerson change, PasswordLinks links) : PageModel
{
    /// <summary>The person.</summary>
    public Person Person { get; private set; } = null!;

    /// <summary>The link that was just made, to copy; null when none was.</summary>
    public Given? Given { get; private set; }

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>Whether nothing was changed, because the person is the last active administrator.</summary>
    public bool IsLastAdmin { get; private set; }

    /// <summary>What was just done: "role", "deactivated" or "reactivated".</summary>
    [BindProperty(SupportsGet = true)]
    public string? Saved { get; set; }

    /// <summary>The id of the person.</summary>
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    private Caller Caller => HttpContext.Caller();

    // The concurrency stamp that the form was made with.
    private string? Stamp => TicketForm.Text(Request.Form, "stamp");

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Given = Given.Take(TempData);
        return await ReadAsync(cancel) ? Page() : NotFound();
    }

    /// <summary>Gives the person another role.</summary>
    public async Task<IActionResult> OnPostRoleAsync(CancellationToken cancel) =>
        await AnswerAsync(await change.SetRoleAsync(Caller, Id, Stamp, TicketForm.Text(Request.Form, "role"), cancel), "role", cancel);

    /// <summary>Deactivates the account.</summary>
    public async Task<IActionResult> OnPostDeactivateAsync(CancellationToken cancel) =>
        await AnswerAsync(await change.DeactivateAsync(Caller, Id, Stamp, cancel), "deactivated", cancel);

    /// <summary>Reactivates the account.</summary>
    public async Task<IActionResult> OnPostReactivateAsync(CancellationToken cancel) =>
        await AnswerAsync(await change.ReactivateAsync(Caller, Id, Stamp, cancel), "reactivated", cancel);

    /// <summary>Makes a link for a new password, then shows it once.</summary>
    public async Task<IActionResult> OnPostPasswordLinkAsync(CancellationToken cancel)
    {
        var result = await links.CreateAsync(Caller, Id, Stamp, cancel);
        if (!result.Succeeded(out var link, out var problem))
            return RefusalStatus.Of(problem);
        Given.Of(link, "The link lets the person choose a new password.", Request, "/new-password").Leave(TempData);
        return Redirect($"/settings/users/{Id}");
    }

    private async Task<IActionResult> AnswerAsync(Result<Person> result, string done, CancellationToken cancel)
    {
        if (result.Problem is not { } problem)
            return Redirect($"/settings/users/{Id}?saved={done}");
        if (problem is not (InvalidInput or LastAdmin) || !await ReadAsync(cancel))
            return RefusalStatus.Of(problem);
        Errors = problem is InvalidInput invalid ? invalid.Errors : [];
        IsLastAdmin = problem is LastAdmin;
        return new PageResult { StatusCode = IsLastAdmin ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest };
    }

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        if (await list.FindAsync(Id, cancel) is not { } person)
            return false;
        Person = person;
        return true;
    }
}
