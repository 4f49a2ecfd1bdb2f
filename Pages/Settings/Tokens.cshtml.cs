using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Access.Tokens;
using SupportTickets.Core;
using SupportTickets.Pages.Tickets;

namespace SupportTickets.Pages.Settings;

/// <summary>One's own tokens.</summary>
[RequiresPerson]
public sealed class TokensModel(TokenStore tokens, TimeProvider clock) : PageModel
{
    /// <summary>The tokens of the caller.</summary>
    public IReadOnlyList<AccessToken> Tokens { get; private set; } = [];

    /// <summary>The token that was just made, to copy; null when none was.</summary>
    public IssuedToken? Given { get; private set; }

    /// <summary>As entered.</summary>
    public TokenInput Input { get; private set; } = new("", nameof(TokenScope.read), TokenStore.Lifetimes[1].ToString());

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    private Caller Caller => HttpContext.Caller();

    /// <summary>Shows the tokens.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Tokens = await tokens.ListAsync(Caller, cancel);

    /// <summary>Makes a token and shows it once.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var input = new TokenInput(TicketForm.Text(Request.Form, "name"), Request.Form["scope"], Request.Form["days"]);
        var result = await tokens.CreateAsync(Caller, input, cancel);
        if (result.Succeeded(out var given, out var problem))
            Given = given;
        else
            (Input, Errors) = (input, ((InvalidInput)problem).Errors);
        Tokens = await tokens.ListAsync(Caller, cancel);
        return new PageResult { StatusCode = Given is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK };
    }

    /// <summary>Revokes a token.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(int id, CancellationToken cancel) =>
        await tokens.RevokeAsync(Caller, id, cancel) ? Redirect("/settings/tokens") : NotFound();
}
