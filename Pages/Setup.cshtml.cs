using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Links;
using SupportTickets.Access.People;
using SupportTickets.Access.Sessions;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Pages.Shared;
using SupportTickets.Pages.Tickets;

namespace SupportTickets.Pages;

/// <summary>Creates the first administrator: only by the link from the log, and only while there is no account.</summary>
[IsPublic(TellsCaller = true)]
[LimitsGuesses(AtGet = true)]
public sealed class SetupModel(SetupLink link, CreatePerson create, TicketDb db) : PageModel
{
    /// <summary>The code from the link.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Code { get; set; }

    /// <summary>As entered.</summary>
    public string? Name { get; private set; }

    /// <summary>As entered.</summary>
    public string? Email { get; private set; }

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>Whether the link works.</summary>
    public bool Works { get; private set; } = true;

    /// <summary>Shows the form.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) =>
        link.IsValid(Code) && !await db.People.AnyAsync(cancel) ? Page() : Gone();

    /// <summary>Creates the account and signs in.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!link.IsValid(Code))
            return Gone();
        (Name, Email) = (TicketForm.Text(Request.Form, "name"), TicketForm.Text(Request.Form, "email"));
        var result = await create.HandleFirstAsync(new(Name, Email, Request.Form["password"], Role.admin), HttpContext.Caller(), cancel);
        if (result.Succeeded(out var person, out var problem))
        {
            await SessionCookie.BeginAsync(HttpContext, person, stay: false);
            return Redirect(StartPage.Of(person.Role));
        }
        if (problem is not InvalidInput invalid)
            return Gone();
        Errors = invalid.Errors;
        return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }

    private PageResult Gone()
    {
        Works = false;
        return new PageResult { StatusCode = StatusCodes.Status404NotFound };
    }
}
