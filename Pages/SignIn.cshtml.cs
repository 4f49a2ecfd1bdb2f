using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.Limits;
using SupportTickets.Access.People;
using SupportTickets.Access.Sessions;
using SupportTickets.Data;
using SupportTickets.Http;
using SupportTickets.Pages.Shared;
using SupportTickets.Pages.Tickets;

namespace SupportTickets.Pages;

/// <summary>Signing in.</summary>
[IsPublic(TellsCaller = true)]
[LimitsGuesses]
public sealed class SignInModel(SignIn signIn, KnownDevices devices, TicketDb db) : PageModel
{
    /// <summary>Where to go afterwards; only an address of this desk counts.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>As entered.</summary>
    public string Email { get; private set; } = "";

    /// <summary>Whether the browser keeps the session when it closes.</summary>
    public bool Stay { get; private set; }

    /// <summary>Whether the sign-in failed.</summary>
    public bool Failed { get; private set; }

    /// <summary>How long to wait before the next attempt, after too many wrong passwords; else null.</summary>
    public TimeSpan? Wait { get; private set; }

    /// <summary>Whether there is no account at all.</summary>
    public bool NobodyYet { get; private set; }

    /// <summary>Shows the form, or redirects a person who is signed in already.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (HttpContext.Caller().IsSignedIn)
            return Redirect(Next(HttpContext.Caller().Role));
        NobodyYet = !await db.People.AnyAsync(cancel);
        return Page();
    }

    /// <summary>Signs in.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        Email = TicketForm.Text(Request.Form, "email")?.Trim() ?? "";
        Stay = Request.Form["stay"] == "true";
        var password = Request.Form["password"].ToString();
        var result = await signIn.HandleAsync(Email, password, HttpContext.Caller(), id => devices.Find(HttpContext, id), cancel);
        if (result.Succeeded(out var person, out var problem))
        {
            await SessionCookie.BeginAsync(HttpContext, person, Stay);
            return Redirect(Next(person.Role));
        }
        Failed = true;
        if (problem is not SlowedDown slowed)
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
        Wait = slowed.Wait;
        Response.Headers.RetryAfter = Math.Ceiling(slowed.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return new PageResult { StatusCode = StatusCodes.Status429TooManyRequests };
    }

    private string Next(Role? role) => LocalAddress.Of(ReturnUrl, StartPage.Of(role));
}
