using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Pages.Tickets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Requesters;
using SupportTickets.Views;

namespace SupportTickets.Pages.Requesters;

/// <summary>The question before two requesters become one.</summary>
[RequiresRight(Right.administer)]
public sealed class MergeModel(RequesterReads requesters, MergeRequesters merge, ForgetRequester known) : PageModel
{
    private const string StaleText = "A ticket of theirs was changed all the time. Try again.";

    /// <summary>The one who goes.</summary>
    public Requester Requester { get; private set; } = null!;

    /// <summary>The one who stays; null until one is chosen.</summary>
    public Requester? Into { get; private set; }

    /// <summary>The address of the one who stays, as entered.</summary>
    public string Email { get; private set; } = "";

    /// <summary>How many tickets change their requester.</summary>
    public int Tickets { get; private set; }

    /// <summary>What is wrong with the address; null when nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>Asks.</summary>
    public async Task<IActionResult> OnGetAsync(int id, CancellationToken cancel)
    {
        Email = Request.Query["requesterEmail"] is [.., { } last] ? last.Trim() : "";
        if (await requesters.FindAsync(id, cancel) is not { } requester)
            return NotFound();
        (Requester, Into) = (requester, await requesters.FindAsync(Email, cancel));
        Error = Into is null ? "No requester has this e-mail address. Choose one who is known."
            : Into.Id == id ? "This is the address of the same requester. Choose another one."
            : null;
        if (Error is not null)
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
        Tickets = (await known.CountAsync(id, cancel)).Tickets;
        return Page();
    }

    /// <summary>Merges.</summary>
    public async Task<IActionResult> OnPostAsync(int id, int into, CancellationToken cancel)
    {
        var gone = await requesters.FindAsync(id, cancel);
        var result = await merge.HandleAsync(id, into, HttpContext.Caller(), cancel);
        if (gone is null || result.Problem is RequesterNotFound)
            return NotFound();
        if (!result.Succeeded(out var kept, out var problem))
        {
            (Requester, Error) = (gone, problem is InvalidInput invalid ? invalid.Errors[0].Message : StaleText);
            return new PageResult { StatusCode = StatusCodes.Status409Conflict };
        }
        Notice.Done($"{Words.Isolated(gone.Name)} was merged into {Words.Isolated(kept.Name)}.").Leave(TempData);
        return Redirect(RequesterModel.Here(kept.Id));
    }
}
