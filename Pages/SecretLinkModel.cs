using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Core;

namespace SupportTickets.Pages;

/// <summary>
/// A page that is opened by a one-time link. Its address is a secret, so it is kept in no cache and sent to no other site.
/// </summary>
public abstract class SecretLinkModel : PageModel
{
    /// <summary>The code from the link.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Code { get; set; }

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; protected set; } = [];

    /// <summary>Whether the link works.</summary>
    public bool Works { get; private set; } = true;

    /// <inheritdoc />
    public override void OnPageHandlerExecuting(Microsoft.AspNetCore.Mvc.Filters.PageHandlerExecutingContext context)
    {
        Response.Headers.CacheControl = "no-cache, no-store";
        Response.Headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>The page with the errors.</summary>
    protected PageResult Invalid(InvalidInput invalid)
    {
        Errors = invalid.Errors;
        return new() { StatusCode = StatusCodes.Status400BadRequest };
    }

    /// <summary>The page that says that the link does not work, for whatever reason.</summary>
    protected PageResult Gone()
    {
        Works = false;
        return new() { StatusCode = StatusCodes.Status404NotFound };
    }
}
