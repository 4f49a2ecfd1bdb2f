using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.People;
using SupportTickets.Access.Sessions;
using SupportTickets.Access.Tokens;
using SupportTickets.Core;
using SupportTickets.Pages.Tickets;
using SupportTickets.Views;


namespace SupportTickets.Pages.Settings;

/// <summary>One's own account: name, password, sessions.</summary>
[RequiresPerson]
public sealed class AccountModel(Account account, TokenStore tokens) : PageModel
{
    /// <summary>The account.</summary>
    public Person Me { get; private set; } = null!;

    /// <summary>The name, as entered.</summary>
    public string? Name { get; private set; }

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>How many tokens of the person are valid and stay valid after a change of the password.</summary>
    public int TokenCount { get; private set; }

    /// <summary>What was just done: "name" or "password".</summary>
    [BindProperty(SupportsGet = true)]
    public string? Saved { get; set; }

    private Caller Caller => HttpContext.Caller();

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        await FindAsync(cancel);
        Name = Me.Name;
    }

    /// <summary>Saves the name.</summary>
    public async Task<IActionResult> OnPostNameAsync(CancellationToken cancel)
    {
        var name = TicketForm.Text(Request.Form, "name");
        return await account.RenameAsync(Caller, name) is { Problem: { } problem }
            ? await RejectedAsync(problem, name, cancel)
            : Redirect("/settings/account?saved=name");
    }

    /// <summary>Changes the password; other browsers must sign in again.</summary>
    public async Task<IActionResult> OnPostPasswordAsync(CancellationToken cancel)
    {
        var endTokens = Request.Form["tokens"] == "end";
        var result = await account.ChangePasswordAsync(Caller, Request.Form["current"], Request.Form["password"], endTokens, cancel);
        if (!result.Succeeded(out var person, out var problem))
            return await RejectedAsync(problem, null, cancel);
        await SessionCookie.BeginAsync(HttpContext, person, stay: null);
        return Redirect("/settings/account?saved=password");
    }

    /// <summary>Ends all sessions of this account.</summary>
    public async Task<IActionResult> OnPostSignOutEverywhereAsync()
    {
        if (await account.SignOutEverywhereAsync(Caller) is { Problem: not null })
            return StatusCode(StatusCodes.Status409Conflict);
        await SessionCookie.EndAsync(HttpContext);
        return Redirect("/sign-in");
    }

    private async Task<IActionResult> RejectedAsync(Problem problem, string? name, CancellationToken cancel)
    {
        if (problem is SlowedDown slowed)
            problem = new InvalidInput([new("current", FieldErrorCode.TooMany, Words.SlowedDown(slowed.Wait))]);
        if (problem is not InvalidInput invalid)
            return StatusCode(StatusCodes.Status409Conflict);
        Errors = invalid.Errors;
        await FindAsync(cancel);
        Name = name ?? Me.Name;
        return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }

    private async Task FindAsync(CancellationToken cancel)
    {
        Me = await account.FindAsync(Caller);
        TokenCount = await tokens.CountValidAsync(Me.Id, cancel);
    }
}
