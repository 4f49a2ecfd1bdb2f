using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.Sessions;

namespace SupportTickets.Pages;

/// <summary>Signs out in this browser. The page shows nothing.</summary>
[IsPublic(TellsCaller = true)]
public sealed class SignOutModel(Account account) : PageModel
{
    /// <summary>Opening the address changes nothing.</summary>
    public IActionResult OnGet() => Redirect("/");

    /// <summary>Signs out.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (HttpContext.Caller() is { IsSignedIn: true } caller)
        {
            await account.SignOutAsync(caller, cancel);
            await SessionCookie.EndAsync(HttpContext);
        }
        return Redirect("/sign-in");
    }
}
