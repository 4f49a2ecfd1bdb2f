using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
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
    public GivenToken? Given { get; private set; }

    /// <summary>As entered.</summary>
    public TokenInput Input { get; private set; } = new("", nameof(TokenScope.read), TokenStore.Lifetimes[1].ToString());

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    private Caller Caller => HttpContext.Caller();

    /// <summary>Shows the tokens.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        Given = GivenToken.Take(TempData);
        Tokens = await tokens.ListAsync(Caller, cancel);
    }

    /// <summary>Makes a token, then shows it once. Loading that page again makes no other.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var input = new TokenInput(TicketForm.Text(Request.Form, "name"), Request.Form["scope"], Request.Form["days"]);
        var result = await tokens.CreateAsync(Caller, input, cancel);
        if (result.Succeeded(out var given, out var problem))
        {
            new GivenToken(given.Token.Name, given.Text).Leave(TempData);
            return Redirect("/settings/tokens");
        }
        (Input, Errors) = (input, ((InvalidInput)problem).Errors);
        Tokens = await tokens.ListAsync(Caller, cancel);
        return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }

    /// <summary>Revokes a token.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(int id, CancellationToken cancel) =>
        await tokens.RevokeAsync(Caller, id, cancel) ? Redirect("/settings/tokens") : NotFound();
}

/// <summary>A token that was just made, kept in a cookie during the redirect; the cookie is encrypted and read only once.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">The token itself.</param>
public sealed record GivenToken(string Name, string Text)
{
    private const string Key = "token.given";

    /// <summary>The token stored by the previous request; null when there is none.</summary>
    public static GivenToken? Take(ITempDataDictionary data) =>
        data[Key] is string[] and [var name, var text] ? new(name, text) : null;

    /// <summary>Stores it for the next request.</summary>
    public void Leave(ITempDataDictionary data) => data[Key] = new[] { Name, Text };
}
