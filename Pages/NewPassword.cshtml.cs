using Microsoft.AspNetCore.Mvc;
using SupportTickets.Access;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Links;
using SupportTickets.Access.People;
using SupportTickets.Access.Sessions;
using SupportTickets.Access.Tokens;
using SupportTickets.Core;
using SupportTickets.Pages.Shared;

namespace SupportTickets.Pages;

/// <summary>Sets a new password for somebody who forgot theirs.</summary>
[IsPublic(TellsCaller = true)]
[LimitsGuesses(AtGet = true)]
public sealed class NewPasswordModel(PasswordLinks links, TokenStore tokens) : SecretLinkModel
{
    /// <summary>The person whose password it is.</summary>
    public string Email { get; private set; } = "";

    /// <summary>How many tokens of that person are valid and stay valid with the new password.</summary>
    public int TokenCount { get; private set; }

    /// <summary>Shows the form.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await FindAsync(cancel) ? Page() : Gone();

    /// <summary>Sets it and signs in.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await FindAsync(cancel))
            return Gone();
        var result = await links.UseAsync(Code, Request.Form["password"], Request.Form["tokens"] == "end", HttpContext.Caller(), cancel);
        if (result.Succeeded(out var person, out var problem))
        {
            await SessionCookie.BeginAsync(HttpContext, person, stay: false);
            return Redirect(StartPage.Of(person.Role));
        }
        return problem switch
        {
            InvalidInput invalid => Invalid(invalid),
            StalePerson => StatusCode(StatusCodes.Status409Conflict),
            _ => Gone(),
        };
    }

    private async Task<bool> FindAsync(CancellationToken cancel)
    {
        if (await links.FindAsync(Code, cancel) is not { } person)
            return false;
        Email = person.Email!;
        TokenCount = await tokens.CountValidAsync(person.Id, cancel);
        return true;
    }
}
